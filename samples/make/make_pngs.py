"""Twelve digits as people have them, one PNG each: LABEL-what.png, made from the held-out digits.

Every variant gives the 28x28 field back when it is reduced to 28x28 with its margins kept.

Usage: make_pngs.py FOLDER
"""

import os
import sys

import numpy as np
from PIL import Image

import png_writer as png
import sample_digits


def enlarged(field, factor):
    """The field, `factor` times as large, with smooth edges."""
    height, width = field.shape
    return np.asarray(Image.fromarray(field).resize((width * factor, height * factor), Image.Resampling.BICUBIC))


def inked(field, ink, paper):
    """RGB: from `paper` where the field is 0 to `ink` where it is 255."""
    share = field[..., None].astype(np.int64)
    return (np.array(paper) * (255 - share) + np.array(ink) * share + 127) // 255


def plain(field):
    """As in MNIST: white on black, 8 bits."""
    return png.encode(field[..., None], png.GREY)


def one_bit(field):
    """Black and white only, as a fax or a threshold leaves it."""
    return png.encode((field >= 128)[..., None].astype(np.uint8), png.GREY, bit_depth=1)


def palette(field):
    """Sixteen colours at four bits a pixel: dark green on cream."""
    levels = (field.astype(np.int64) * 15 + 127) // 255
    colours = inked(np.arange(0, 256, 17)[None, :], ink=(0, 60, 20), paper=(255, 250, 235))[0]
    return png.encode(levels[..., None], png.PALETTE, bit_depth=4, palette=colours.tolist())


def grey_alpha(field):
    """56x56, black ink whose opacity is the digit."""
    opacity = enlarged(field, 2)
    return png.encode(np.stack([np.zeros_like(opacity), opacity], axis=-1), png.GREY_ALPHA)


def rgb(field):
    """84x84, blue ballpoint on white."""
    return png.encode(inked(enlarged(field, 3), ink=(20, 40, 140), paper=(255, 255, 255)), png.RGB)


def sixteen_bit(field):
    """28x28 white on black at 16 bits, low bytes not copies of the high ones."""
    deep = field.astype(np.int64) * 256 + (field.astype(np.int64) * 37) % 128
    return png.encode(deep[..., None], png.GREY, bit_depth=16)


def interlaced(field):
    """112x112 black on white, Adam7."""
    return png.encode(255 - enlarged(field, 4)[..., None], png.GREY, interlaced=True)


def rgba(field):
    """140x140, dark red ink on a transparent background whose hidden colour is black."""
    opacity = enlarged(field, 5)
    colour = np.where(opacity[..., None] > 0, np.array([120, 0, 0]), 0)
    return png.encode(np.concatenate([colour, opacity[..., None]], axis=-1), png.RGB_ALPHA)


def black_on_white(field):
    """28x28 with the colours the other way round."""
    return png.encode(255 - field[..., None], png.GREY)


def large(field):
    """140x140 black on white."""
    return png.encode(255 - enlarged(field, 5)[..., None], png.GREY)


# (label, variant, which of that label's held-out digits)
PICTURES = [
    (0, plain, 0),
    (1, one_bit, 7),
    (2, grey_alpha, 2),
    (2, palette, 1),
    (3, rgb, 0),
    (4, plain, 0),
    (5, sixteen_bit, 0),
    (6, interlaced, 0),
    (7, plain, 0),
    (7, rgba, 1),
    (8, black_on_white, 0),
    (9, large, 0),
]


def main():
    (folder,) = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    _, _, images, labels = sample_digits.load()
    for label, variant, index in PICTURES:
        field = images[np.flatnonzero(labels == label)[index]]
        path = os.path.join(folder, f"{label}-{variant.__name__.replace('_', '-')}.png")
        with open(path, "wb") as file:
            file.write(variant(field))
    print(f"{folder}: {len(PICTURES)} pictures")


if __name__ == "__main__":
    main()
