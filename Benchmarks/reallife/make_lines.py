#!/usr/bin/env python3
"""Makes lines of 2 to 8 digits out of MNIST's, by how far apart the digits stand.

    make_lines.py FOLDER_OF_IDX_FILES OUTPUT --from train|test [--count 300] [--seed 1]

writes OUTPUT/SPACING/NUMBER.png and OUTPUT/SPACING/truth.tsv, whose lines are a file's name and what stands in it.
`train` takes digits from the last 10,000 of the training split. Spacings, in shares of the digits' height:

    wide      0.3 to 0.8 of paper between the ink of neighbours
    narrow    0.08 to 0.3
    mixed     each gap of a line from either
    touching  neighbours pushed together until their ink just overlaps, about half the gaps; others narrow

Digits of a line differ in size by a tenth and stand up or down by as much; in half of the lines the ink is dark on
bright paper, with a little noise in some. The same arguments give the same pictures. Needs numpy and Pillow.
"""

import numpy as np

from digits import argument_parser, ink_of, on_paper, png, read_digits, resize


def cut_out(digit, height, random):
    ink = ink_of(digit)
    rows, columns = np.nonzero(ink.max(axis=1) > 0.1)[0], np.nonzero(ink.max(axis=0) > 0.1)[0]
    ink = ink[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
    scale = height * random.uniform(0.9, 1.1) / 20
    return resize(ink, (max(2, round(ink.shape[1] * scale)), max(2, round(ink.shape[0] * scale))))


def touch(left, right, limit=0.5):
    """The least distance from the left ends of the two canvases' ink at which they share ink in a few pixels."""
    for distance in range(left.shape[1] + 1, 0, -1):
        overlap = left.shape[1] - distance
        if overlap <= 0:
            continue
        width = min(overlap, right.shape[1])
        shared = np.minimum(left[:, distance:distance + width], right[:, :width]) > limit
        if shared.sum() >= max(2, 0.004 * left.shape[0] ** 2):
            return distance
    return left.shape[1]


def gap(spacing, height, random):
    if spacing == "mixed":
        spacing = random.choice(["wide", "narrow"])
    low, high = {"wide": (0.3, 0.8), "narrow": (0.08, 0.3), "touching": (0.08, 0.3)}[spacing]
    return max(2, int(round(height * random.uniform(low, high))))


def compose(digits, spacing, random):
    height = int(random.integers(28, 100))
    sheet_height = int(height * 1.5)
    canvas = np.zeros((sheet_height, height * 2 * (len(digits) + 1)))
    x = end = height // 2
    for index, digit in enumerate(digits):
        ink = cut_out(digit, height, random)
        field = np.zeros((sheet_height, ink.shape[1]))
        top = (sheet_height - ink.shape[0]) // 2 + int(random.uniform(-0.1, 0.1) * height)
        top = min(max(top, 0), sheet_height - ink.shape[0])
        field[top:top + ink.shape[0]] = ink
        if index > 0:
            if spacing == "touching" and random.random() < 0.5:
                x = x + touch(canvas[:, x:end], field)
            else:
                x = end + gap(spacing, height, random)
        canvas[:, x:x + ink.shape[1]] = np.maximum(canvas[:, x:x + ink.shape[1]], field)
        end = max(end, x + ink.shape[1])
    return canvas[:, :end + height // 2]


def main():
    arguments = argument_parser(__doc__, 300).parse_args()
    images, labels, _ = read_digits(arguments.data, arguments.split)
    for number, spacing in enumerate(["wide", "narrow", "mixed", "touching"]):
        folder = arguments.output / spacing
        folder.mkdir(parents=True, exist_ok=True)
        truth = []
        for index in range(arguments.count):
            random = np.random.default_rng([arguments.seed, 100 + number, index])
            chosen = random.integers(0, len(images), int(random.integers(2, 9)))
            ink = compose(images[chosen], spacing, random)
            paper, strokes = (235, 20) if random.random() < 0.5 else (10, 250)
            noise = random.normal(0, random.choice([0, 0, 4, 8]), ink.shape)
            pixels = np.clip(paper + (strokes - paper) * ink + noise, 0, 255).astype(np.uint8)
            name = f"{index:04}.png"
            (folder / name).write_bytes(png(pixels))
            truth.append(f"{name}\t{''.join(str(label) for label in labels[chosen])}\n")
        (folder / "truth.tsv").write_text("".join(truth))


if __name__ == "__main__":
    main()
