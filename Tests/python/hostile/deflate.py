"""Deflate by hand: the same bytes whatever version of zlib Python has."""

import zlib


class Bits:
    """Bits, the lowest of each byte first, as deflate packs them."""

    def __init__(self):
        self.bytes = bytearray()
        self.bit = 0

    def put(self, value, count):
        """The lowest `count` bits of a number, lowest first."""
        for index in range(count):
            if self.bit == 0:
                self.bytes.append(0)
            self.bytes[-1] |= (value >> index & 1) << self.bit
            self.bit = (self.bit + 1) % 8

    def code(self, value, count):
        """A Huffman code, highest bit first."""
        for index in reversed(range(count)):
            self.put(value >> index, 1)


def stored(data):
    """The data in blocks that are not compressed."""
    result = b""
    pieces = [data[start : start + 65535] for start in range(0, len(data), 65535)] or [b""]
    for index, piece in enumerate(pieces):
        size = len(piece)
        last = index == len(pieces) - 1
        result += bytes([last]) + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little") + piece
    return result


def fixed(data, matches=0):
    """The data and then its last byte 258 * matches times, in one block of fixed codes."""
    bits = Bits()
    bits.put(1, 1)
    bits.put(1, 2)
    for byte in data:
        if byte < 144:
            bits.code(0x30 + byte, 8)
        else:
            bits.code(0x190 + byte - 144, 9)
    for _ in range(matches):
        bits.code(0xC5, 8)  # length 258
        bits.code(0, 5)  # distance 1
    bits.code(0, 7)
    return bytes(bits.bytes)


def too_far():
    """A zero byte, and a match that begins before the data."""
    bits = Bits()
    bits.put(1, 1)
    bits.put(1, 2)
    bits.code(0x30, 8)
    bits.code(1, 7)  # length 3
    bits.code(29, 5)  # distance from 24577 on
    bits.put(0, 13)
    bits.code(0, 7)
    return bytes(bits.bytes)


def bomb(start, byte, matches):
    """Bytes, then one byte 1 + 258 * matches times, at deflate's greatest ratio: two bits for 258 bytes.

    A stored block of `start`, then a block whose codes are that byte (2 bits), the length 258 (1 bit) and the end.
    """
    prefix = b"\0" + len(start).to_bytes(2, "little") + (len(start) ^ 0xFFFF).to_bytes(2, "little") + start
    bits = Bits()
    bits.put(1, 1)
    bits.put(2, 2)
    bits.put(286 - 257, 5)
    bits.put(1 - 1, 5)
    bits.put(18 - 4, 4)
    # Lengths of the codes for code lengths, in the order 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1.
    wanted = {18: 2, 1: 2, 2: 2, 0: 2}
    for symbol in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1]:
        bits.put(wanted.get(symbol, 0), 3)
    codes = {0: 0, 1: 1, 2: 2, 18: 3}  # canonical, two bits each

    def zeros(count):
        while count >= 11:
            piece = min(count, 138)
            bits.code(codes[18], 2)
            bits.put(piece - 11, 7)
            count -= piece
        for _ in range(count):
            bits.code(codes[0], 2)

    # Lengths: `byte` 2, the end (256) 2, the length 258 (285) 1; the only distance 1.
    zeros(byte)
    bits.code(codes[2], 2)
    zeros(255 - byte)
    bits.code(codes[2], 2)
    zeros(28)
    bits.code(codes[1], 2)
    bits.code(codes[1], 2)
    bits.code(2, 2)  # the byte; 285 has the code 0
    for _ in range(matches):
        bits.code(0, 1)
        bits.code(0, 1)
    bits.code(3, 2)
    result = prefix + bytes(bits.bytes)
    return result, start + bytes([byte]) * (1 + 258 * matches)


def zlib_stream(deflated, data):
    """What PNG and HDF5 have: two bytes, the compressed data, and Adler-32."""
    return b"\x78\x01" + deflated + zlib.adler32(data).to_bytes(4, "big")
