"""A number as somebody writes it on a slip of paper: eight held-out digits in blue ink, on paper in uneven light.

Usage: make_number.py FILE.png
"""

import sys

import numpy as np

import make_pngs
import png_writer as png
import sample_digits

NUMBER = "31415926"
HEIGHT, GAP = 100, 10
PAPER, INK = (236, 226, 205), (28, 44, 120)


def main():
    _, _, images, labels = sample_digits.load()
    random = np.random.Generator(np.random.PCG64(7))
    fields, used = [], set()
    for digit in NUMBER:
        index = next(i for i in np.flatnonzero(labels == int(digit)) if i not in used)
        used.add(index)
        columns = np.flatnonzero(images[index].any(axis=0))
        fields.append(make_pngs.enlarged(images[index][:, columns[0] : columns[-1] + 1], 2))
    line = np.zeros((HEIGHT, 60 + sum(field.shape[1] + GAP for field in fields)), np.uint8)
    left = 30
    for field in fields:
        top = (HEIGHT - field.shape[0]) // 2 + int(random.integers(-8, 9))
        line[top : top + field.shape[0], left : left + field.shape[1]] = field
        left += field.shape[1] + GAP
    # The light falls off by a third from left to right.
    light = 255 - 85 * np.arange(line.shape[1]) // line.shape[1]
    picture = make_pngs.inked(line, INK, PAPER) * light[None, :, None] // 255
    with open(sys.argv[1], "wb") as file:
        file.write(png.encode(picture.astype(np.uint8), png.RGB))


if __name__ == "__main__":
    main()
