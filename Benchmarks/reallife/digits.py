"""What the makers of pictures share: MNIST's digits, ink on paper, PNG files, arguments."""

import argparse
import gzip
import io
import pathlib
import struct

import numpy as np
from PIL import Image


def read_idx(folder, stem):
    for path in sorted(pathlib.Path(folder).glob(stem + "*")):
        data = path.read_bytes()
        data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        rank = data[3]
        shape = struct.unpack(f">{rank}I", data[4:4 + 4 * rank])
        return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(shape)
    raise SystemExit(f"there is no {stem}* in {folder}")


def read_digits(folder, split):
    stem = "train" if split == "train" else "t10k"
    images, labels = read_idx(folder, stem + "-images"), read_idx(folder, stem + "-labels")
    return (images[-10000:], labels[-10000:], len(images) - 10000) if split == "train" else (images, labels, 0)


# How ink is handled: floats from 0, paper, to 1, full ink, in whatever size.

def ink_of(digit):
    return digit.astype(np.float64) / 255


def resize(ink, size, method=Image.Resampling.BICUBIC):
    picture = Image.fromarray(np.round(ink * 255).astype(np.uint8)).resize(size, method)
    return np.asarray(picture).astype(np.float64) / 255


def on_paper(ink, paper=255, strokes=0):
    """Grey pixels."""
    return np.clip(np.round(paper + (strokes - paper) * ink), 0, 255).astype(np.uint8)


def png(array, **options):
    output = io.BytesIO()
    Image.fromarray(array).save(output, "PNG", **options)
    return output.getvalue()


def argument_parser(description, count):
    """What all makers of pictures are told; `count` unless told otherwise."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--from", dest="split", choices=["train", "test"], default="train")
    parser.add_argument("--count", type=int, default=count)
    parser.add_argument("--seed", type=int, default=1)
    return parser
