"""The 500 held-out digits as a pair of IDX files, gzip level 9, without name and time.

Usage: make_idx.py FOLDER
"""

import gzip
import os
import struct
import sys

import sample_digits

UNSIGNED_BYTE = 0x08


def idx(array):
    """An IDX file of bytes: two zeros, type, rank, big-endian dimensions, elements."""
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, UNSIGNED_BYTE, array.ndim, *array.shape) + array.tobytes()


def main():
    (folder,) = sys.argv[1:]
    _, _, images, labels = sample_digits.load()
    for name, array in [("t10k-sample-images-idx3-ubyte.gz", images), ("t10k-sample-labels-idx1-ubyte.gz", labels)]:
        with open(os.path.join(folder, name), "wb") as file:
            file.write(gzip.compress(idx(array), compresslevel=9, mtime=0))
        print(f"{os.path.join(folder, name)}: {len(array)} digits")


if __name__ == "__main__":
    main()
