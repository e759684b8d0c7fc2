#!/usr/bin/env python3
"""Makes digits as people bring them, out of MNIST's: a folder for each kind of change.

    make_reallife.py FOLDER_OF_IDX_FILES OUTPUT --from train|test [--count 1000] [--seed 1]

writes OUTPUT/KIND/LABEL/NUMBER.png, so that `cnn-infer --evaluate OUTPUT/KIND` reads a kind. Number is the digit's
place in MNIST; all kinds show the same digits, and `clean` is these digits as they are. `train` takes digits from the
last 10,000 of the training split, so that a model can be trained on the others. The same arguments give the same
pictures. Needs numpy and Pillow.
"""

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageFilter

from digits import argument_parser, ink_of, on_paper, png, read_digits, resize


def on_canvas(ink, random, least=1.2, most=4):
    """The ink somewhere on a larger sheet, at most a bit over its edge's margin."""
    height, width = ink.shape
    canvas = np.zeros((int(height * random.uniform(least, most)), int(width * random.uniform(least, most))))
    top = random.integers(0, canvas.shape[0] - height + 1)
    left = random.integers(0, canvas.shape[1] - width + 1)
    canvas[top:top + height, left:left + width] = ink
    return canvas


def luma(color):
    return 0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2]


def two_colors(random, difference=70):
    while True:
        one, other = random.integers(0, 256, 3), random.integers(0, 256, 3)
        if abs(luma(one) - luma(other)) >= difference:
            return one, other


def blend(ink, paper, strokes):
    return np.round(paper + (strokes - paper) * ink[:, :, None]).astype(np.uint8)


def photo_size(random):
    return int(random.integers(100, 401))


def smooth_ramp(shape, random):
    """From 0 to 1 across the picture in any direction."""
    angle = random.uniform(0, 2 * np.pi)
    y, x = np.mgrid[0:shape[0], 0:shape[1]]
    ramp = x / max(shape[1] - 1, 1) * np.cos(angle) + y / max(shape[0] - 1, 1) * np.sin(angle)
    return (ramp - ramp.min()) / max(ramp.max() - ramp.min(), 1e-9)


# The kinds: each takes a digit, [28, 28] bytes, and a generator, and gives the bytes of a PNG file.

def clean(digit, random):
    return png(digit)


def inverted(digit, random):
    return png(255 - digit)


def off_centre(digit, random):
    ink = on_canvas(ink_of(digit), random)
    return png(on_paper(ink) if random.random() < 0.5 else on_paper(ink, 0, 255))


def scaled(digit, random, least, most):
    side = int(round(np.exp(random.uniform(np.log(least), np.log(most + 1)))))
    side = min(max(side, least), most)
    methods = [Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS, Image.Resampling.BOX]
    ink = resize(ink_of(digit), (side, side), methods[random.integers(len(methods))])
    return png(on_paper(ink))


def scaled_up(digit, random):
    return scaled(digit, random, 28, 600)


def scaled_down(digit, random):
    return scaled(digit, random, 12, 27)


def coloured(digit, random):
    paper, strokes = two_colors(random)
    side = int(random.integers(28, 201))
    return png(blend(resize(ink_of(digit), (side, side)), paper, strokes))


def alpha(digit, random):
    """Dark ink on nothing, as drawing programs export it; the colour under what is transparent is anything."""
    ink = resize(ink_of(digit), (56, 56)) if random.random() < 0.5 else ink_of(digit)
    opacity = np.round(ink * 255).astype(np.uint8)
    if random.random() < 0.5:
        return png(np.dstack([np.full_like(opacity, random.integers(0, 100)), opacity]))
    color = random.integers(0, 100, 3)
    pixels = np.broadcast_to(color, ink.shape + (3,)).astype(np.uint8).copy()
    pixels[opacity == 0] = random.integers(0, 256, 3)
    return png(np.dstack([pixels, opacity]))


def palette(digit, random):
    """A palette of 2 to 256 greys or colours in any order; 2 colours lose the shades."""
    count = int(random.choice([4, 16, 256]))
    paper, strokes = two_colors(random, 100)
    levels = np.round(ink_of(digit) * (count - 1)).astype(np.int64)
    places = random.permutation(count)
    colors = np.zeros((count, 3), np.uint8)
    for level in range(count):
        colors[places[level]] = np.round(paper + (strokes - paper) * level / (count - 1))
    picture = Image.fromarray(places[levels].astype(np.uint8), mode="P")
    picture.putpalette(colors.tobytes())
    output = io.BytesIO()
    picture.save(output, "PNG", bits={4: 2, 16: 4, 256: 8}[count])
    return output.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def sixteen_bit(digit, random):
    paper, strokes = (65535, 0) if random.random() < 0.5 else (0, 65535)
    values = np.round(paper + (strokes - paper) * ink_of(digit)).astype(">u2")
    rows = b"".join(b"\0" + row.tobytes() for row in values)
    header = struct.pack(">IIBBBBB", 28, 28, 16, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def interlaced(digit, random):
    """Adam7; Pillow cannot write it."""
    pixels = on_paper(ink_of(digit)) if random.random() < 0.5 else digit
    rows = b""
    for x, y, step_x, step_y in [
            (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]:
        for row in pixels[y::step_y, x::step_x]:
            rows += b"\0" + row.tobytes()
    header = struct.pack(">IIBBBBB", 28, 28, 8, 0, 0, 0, 1)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def photographed(digit, random):
    side = photo_size(random)
    ink = on_canvas(resize(ink_of(digit), (side, side)), random, 1.0, 2.5)
    paper, strokes = random.uniform(180, 250), random.uniform(10, 90)
    return ink, paper, strokes


def gradient(digit, random):
    ink, paper, strokes = photographed(digit, random)
    light = 1 - random.uniform(0.2, 0.65) * smooth_ramp(ink.shape, random) ** random.uniform(0.7, 1.5)
    noise = random.normal(0, random.uniform(0, 3), ink.shape)
    return png(np.clip((paper + (strokes - paper) * ink) * light + noise, 0, 255).astype(np.uint8))


def shadow(digit, random):
    """A straight edge of shadow, sharp or soft, somewhere across the sheet, and a little gradient."""
    ink, paper, strokes = photographed(digit, random)
    ramp = smooth_ramp(ink.shape, random)
    softness = np.exp(random.uniform(np.log(0.005), np.log(0.3)))
    edge = 1 / (1 + np.exp(-np.clip((ramp - random.uniform(0.2, 0.8)) / softness * 4, -50, 50)))
    light = (1 - random.uniform(0.2, 0.55) * edge) * (1 - 0.15 * smooth_ramp(ink.shape, random))
    noise = random.normal(0, random.uniform(0, 3), ink.shape)
    return png(np.clip((paper + (strokes - paper) * ink) * light + noise, 0, 255).astype(np.uint8))


def noise(digit, random):
    """Noise of the sensor, and in a third of the pictures grains of dust."""
    side = int(random.integers(28, 201))
    ink = resize(ink_of(digit), (side, side))
    ink = on_canvas(ink, random, 1.0, 1.6)
    paper, strokes = random.uniform(170, 255), random.uniform(0, 60)
    pixels = paper + (strokes - paper) * ink
    pixels = pixels + random.normal(0, random.uniform(5, 30), ink.shape)
    if random.random() < 1 / 3:
        grains = random.random(ink.shape) < 0.004
        pixels[grains] = random.choice([0, 255], grains.sum())
    return png(np.clip(pixels, 0, 255).astype(np.uint8))


def jpeg(digit, random):
    """Saved as JPEG of low quality, perhaps small, and then as PNG."""
    side = int(random.integers(28, 201))
    ink = on_canvas(resize(ink_of(digit), (side, side)), random, 1.0, 1.6)
    output = io.BytesIO()
    quality = int(random.integers(10, 60))
    Image.fromarray(on_paper(ink, int(random.integers(200, 256)), int(random.integers(0, 60)))).save(
        output, "JPEG", quality=quality)
    return png(np.asarray(Image.open(io.BytesIO(output.getvalue())).convert("L")))


STROKE_SIDE = 200


def stroke_mask(digit):
    ink = resize(ink_of(digit), (STROKE_SIDE, STROKE_SIDE))
    return Image.fromarray(np.where(ink > 0.45, 255, 0).astype(np.uint8))


def of_mask(mask):
    soft = np.asarray(mask.filter(ImageFilter.GaussianBlur(1))).astype(np.float64) / 255
    return png(on_paper(soft))


def skeleton(mask):
    """The middle lines of the strokes, one pixel wide, by the algorithm of Zhang and Suen (1984)."""
    ink = np.pad(mask, 1)
    changed = True
    while changed:
        changed = False
        for step in range(2):
            p2, p3, p4 = ink[:-2, 1:-1], ink[:-2, 2:], ink[1:-1, 2:]
            p5, p6, p7 = ink[2:, 2:], ink[2:, 1:-1], ink[2:, :-2]
            p8, p9 = ink[1:-1, :-2], ink[:-2, :-2]
            ring = [p2, p3, p4, p5, p6, p7, p8, p9]
            count = sum(part.astype(int) for part in ring)
            turns = sum((~ring[k] & ring[(k + 1) % 8]).astype(int) for k in range(8))
            one, other = ((p2 & p4 & p6), (p4 & p6 & p8)) if step == 0 else ((p2 & p4 & p8), (p2 & p6 & p8))
            gone = ink[1:-1, 1:-1] & (count >= 2) & (count <= 6) & (turns == 1) & ~one & ~other
            if gone.any():
                changed = True
                ink[1:-1, 1:-1] &= ~gone
    return ink[1:-1, 1:-1]


def thin(digit, random):
    """Written with a thin pen: lines of 1.5 to 3.5 % of the picture's side; MNIST's are about 10 %."""
    line = skeleton(np.asarray(stroke_mask(digit)) > 0)
    width = int(random.choice([3, 5, 7]))
    return of_mask(Image.fromarray(np.where(line, 255, 0).astype(np.uint8)).filter(ImageFilter.MaxFilter(width)))


def thick(digit, random):
    mask = stroke_mask(digit)
    for _ in range(int(random.integers(2, 7))):
        mask = mask.filter(ImageFilter.MaxFilter(3))
    return of_mask(mask)


def rotated(digit, random):
    picture = Image.fromarray(np.pad(np.round(resize(ink_of(digit), (84, 84)) * 255).astype(np.uint8), 12))
    turned = picture.rotate(random.uniform(-15, 15), Image.Resampling.BICUBIC)
    return png(on_paper(np.asarray(turned).astype(np.float64) / 255))


def binarised(digit, random):
    side = int(random.choice([28, 28, 40, 56, 84, 140]))
    ink = resize(ink_of(digit), (side, side))
    pixels = np.where(ink > random.uniform(0.3, 0.6), 0, 255).astype(np.uint8)
    picture = Image.fromarray(pixels if random.random() < 0.5 else 255 - pixels)
    output = io.BytesIO()
    picture.convert("1", dither=Image.Dither.NONE).save(output, "PNG")
    return output.getvalue()


KINDS = {
    "clean": clean, "inverted": inverted, "off-centre": off_centre, "scaled-28-to-600": scaled_up,
    "scaled-12-to-27": scaled_down, "coloured": coloured, "alpha": alpha, "palette": palette,
    "sixteen-bit": sixteen_bit, "interlaced": interlaced, "gradient": gradient, "shadow": shadow, "noise": noise,
    "jpeg": jpeg, "thin": thin, "thick": thick, "rotated": rotated, "binarised": binarised,
}


def main():
    parser = argument_parser(__doc__, 1000)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS), metavar="KIND")
    arguments = parser.parse_args()
    images, labels, first = read_digits(arguments.data, arguments.split)
    chosen = np.sort(np.random.default_rng(arguments.seed).permutation(len(images))[:arguments.count])
    for number, (kind, make) in enumerate(KINDS.items()):
        if kind not in arguments.kinds:
            continue
        for label in range(10):
            (arguments.output / kind / str(label)).mkdir(parents=True, exist_ok=True)
        for index in chosen:
            random = np.random.default_rng([arguments.seed, number, int(index)])
            path = arguments.output / kind / str(labels[index]) / f"{first + index:05}.png"
            path.write_bytes(make(images[index], random))


if __name__ == "__main__":
    main()
