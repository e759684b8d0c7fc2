#!/usr/bin/env python3
"""Decodes the PNGs of a folder into grey as formats/png.md defines it, with nothing but the standard library.

It shares no code with the package: it is what the files `expected.txt` come from. Each line there is a file's name,
the background, width, height, and the CRC-32 of the grey pixels. Files whose names begin with x, which are damaged, are
left out.

    python3 reference.py . > expected.txt
    python3 reference.py ../pngsuite > ../pngsuite/expected.txt
"""

import pathlib
import struct
import sys
import zlib

PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def chunks(data):
    position = 8
    while position < len(data):
        length, kind = struct.unpack(">I4s", data[position : position + 8])
        yield kind, data[position + 8 : position + 8 + length]
        position += 12 + length


def paeth(a, b, c):
    p = a + b - c
    return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]


def unfilter(kind, row, previous, step):
    for i in range(len(row)):
        left = row[i - step] if i >= step else 0
        up = previous[i]
        corner = previous[i - step] if i >= step else 0
        row[i] = (row[i] + [0, left, up, (left + up) // 2, paeth(left, up, corner)][kind]) & 255
    return row


def samples(path):
    """Width, height, depth, type, palette, transparency, and the samples as pixels[y][x] = tuple."""
    parts = list(chunks(path.read_bytes()))
    named = dict(reversed(parts))
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", named[b"IHDR"])
    raw = zlib.decompress(b"".join(data for name, data in parts if name == b"IDAT"))
    bits = depth * CHANNELS[kind]
    pixels = [[None] * width for _ in range(height)]
    position = 0
    for x0, y0, dx, dy in PASSES if interlaced else [(0, 0, 1, 1)]:
        columns, rows = range(x0, width, dx), range(y0, height, dy)
        if not columns:
            continue
        size = (len(columns) * bits + 7) // 8
        previous = bytearray(size)
        for y in rows:
            row = bytearray(raw[position + 1 : position + 1 + size])
            previous = unfilter(raw[position], row, previous, max(1, bits // 8))
            position += 1 + size
            number = int.from_bytes(previous, "big")
            for index, x in enumerate(columns):
                shift = size * 8 - (index + 1) * bits
                pixel = number >> shift & ((1 << bits) - 1)
                pixels[y][x] = tuple(
                    pixel >> depth * (CHANNELS[kind] - 1 - c) & ((1 << depth) - 1) for c in range(CHANNELS[kind])
                )
    assert position == len(raw)
    return width, height, depth, kind, named.get(b"PLTE"), named.get(b"tRNS"), pixels


def divide(numerator, denominator):
    """Rounded to the nearest, halves up."""
    return (2 * numerator + denominator) // (2 * denominator)


def gray(path, background):
    width, height, depth, kind, palette, transparency, pixels = samples(path)
    top = (1 << depth) - 1
    key = None
    if kind in (0, 2) and transparency:
        key = tuple(v & top for v in struct.unpack(f">{len(transparency) // 2}H", transparency))
    result = bytearray()
    for row in pixels:
        for pixel in row:
            if kind == 3:
                index = pixel[0]
                color = tuple(palette[3 * index : 3 * index + 3])
                alpha = transparency[index] if transparency and index < len(transparency) else 255
            else:
                eight = [divide(v * 255, top) for v in pixel]
                alpha = eight.pop() if kind in (4, 6) else 0 if pixel == key else 255
                color = eight * 3 if len(eight) == 1 else eight
            level = divide(19595 * color[0] + 38470 * color[1] + 7471 * color[2], 65536)
            result.append(divide(level * alpha + background * (255 - alpha), 255))
    return width, height, bytes(result)


if __name__ == "__main__":
    for path in sorted(pathlib.Path(sys.argv[1]).glob("[!x]*.png")):
        for background in (255, 0, 100):
            width, height, pixels = gray(path, background)
            print(path.name, background, width, height, f"{zlib.crc32(pixels):08x}")
