"""A small PNG encoder: every colour type and bit depth that the samples need, and Adam7, which Pillow cannot write.

https://www.w3.org/TR/png-3/
"""

import struct
import zlib

GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6

# (first row, first column, row step, column step) of Adam7's seven passes.
ADAM7 = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]


def encode(samples, colour_type, bit_depth=8, palette=None, interlaced=False):
    """PNG bytes of `samples`, an integer array (height, width, channels); `palette` is a list of (r, g, b)."""
    height, width, _ = samples.shape
    header = struct.pack(">IIBBBBB", width, height, bit_depth, colour_type, 0, 0, int(interlaced))
    passes = [samples[r::dr, c::dc] for r, c, dr, dc in ADAM7] if interlaced else [samples]
    rows = b"".join(filtered(part, colour_type, bit_depth) for part in passes if part.size)

    chunks = [(b"IHDR", header)]
    if palette is not None:
        chunks.append((b"PLTE", bytes(value for colour in palette for value in colour)))
    chunks += [(b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def filtered(samples, colour_type, bit_depth):
    """The rows of one image or pass, each after the byte that names its filter."""
    pixel_bytes = max(1, samples.shape[2] * bit_depth // 8)
    previous, result = None, bytearray()
    for row in samples:
        line = packed(row.reshape(-1).tolist(), bit_depth)
        previous = previous if previous is not None else bytes(len(line))
        if colour_type == PALETTE or bit_depth < 8:
            choice = (0, line)  # the specification's advice: differences of indices mean nothing
        else:
            choice = min(candidates(line, previous, pixel_bytes), key=lambda c: sum(min(b, 256 - b) for b in c[1]))
        result.append(choice[0])
        result += choice[1]
        previous = line
    return bytes(result)


def packed(values, bit_depth):
    """Samples as bytes: big-endian at 16 bits, several to a byte below 8, the first in the highest bits."""
    if bit_depth == 16:
        return struct.pack(f">{len(values)}H", *values)
    per_byte = 8 // bit_depth
    values += [0] * (-len(values) % per_byte)
    groups = (values[start : start + per_byte] for start in range(0, len(values), per_byte))
    return bytes(sum(v << (8 - bit_depth * (i + 1)) for i, v in enumerate(group)) for group in groups)


def candidates(line, previous, pixel_bytes):
    """(filter type, filtered line) for each of the five filters."""
    left = bytes(pixel_bytes) + line[:-pixel_bytes]
    upper_left = bytes(pixel_bytes) + previous[:-pixel_bytes]
    triples = list(zip(left, previous, upper_left))
    predictions = [
        bytes(len(line)),
        left,
        previous,
        bytes((a + b) // 2 for a, b, _ in triples),
        bytes(paeth(a, b, c) for a, b, c in triples),
    ]
    return [(kind, bytes((x - p) & 255 for x, p in zip(line, guess))) for kind, guess in enumerate(predictions)]


def paeth(a, b, c):
    """Whichever of left, above and upper left is nearest to left + above - upper left."""
    guess = a + b - c
    return min((abs(guess - a), 0, a), (abs(guess - b), 1, b), (abs(guess - c), 2, c))[2]
