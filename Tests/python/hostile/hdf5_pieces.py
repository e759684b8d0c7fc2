"""Pieces of HDF5 files: a superblock of version 0, object headers of version 1 and their messages."""

from . import u16, u32, u64


def padded(data):
    """Up to a multiple of eight bytes."""
    return data + b"\0" * (-len(data) % 8)


def message(kind, data, flags=0):
    """A message of an object header."""
    data = padded(data)
    return u16(kind) + u16(len(data)) + bytes([flags, 0, 0, 0]) + data


def header(messages):
    """An object header of version 1."""
    data = b"".join(messages)
    return b"\1\0" + u16(len(messages)) + u32(1) + u32(len(data)) + u32(0) + data


def continuation(address, length):
    """A message that says where the header goes on."""
    return message(0x10, u64(address) + u64(length))


def link(name, address):
    """A hard link."""
    name = name.encode()
    return message(6, b"\1\0" + bytes([len(name)]) + name + u64(address))


def dataspace(shape):
    """A shape."""
    return message(1, space(shape))


def space(shape):
    """A shape without the message around it."""
    return b"\1" + bytes([len(shape)]) + b"\0" * 6 + b"".join(u64(extent) for extent in shape)


def float32():
    """The type of single-precision numbers."""
    return message(3, b"\x11\x20\x1f\0" + u32(4) + u16(0) + u16(32) + bytes([23, 8, 0, 23]) + u32(127))


def text_type(size):
    """The type of texts of one length, without the message around it."""
    return b"\x13\0\0\0" + u32(size)


def contiguous(address, length):
    """Data in one piece."""
    return message(8, b"\3\1" + u64(address) + u64(length))


def chunked(address, extents):
    """Data in chunks; the last extent is the element's size."""
    return message(8, b"\3\2" + bytes([len(extents)]) + u64(address) + b"".join(u32(extent) for extent in extents))


def dataset(shape, layout):
    """The messages of a dataset of float32."""
    return [dataspace(shape), float32(), layout]


def attribute(name, kind, shape, content):
    """An attribute of version 1."""
    name = name.encode() + b"\0"
    where = space(shape)
    sizes = u16(len(name)) + u16(len(kind)) + u16(len(where))
    return message(0xC, b"\1\0" + sizes + padded(name) + padded(kind) + padded(where) + content)


class File:
    """A file that grows by structures and gets its superblock last."""

    def __init__(self):
        self.bytes = bytearray(96)

    @property
    def position(self):
        """Where the next structure will be."""
        return len(self.bytes)

    def add(self, structure):
        """Adds a structure; gives its address."""
        place = self.position
        self.bytes += padded(structure)
        return place

    def with_root(self, messages):
        """The file with a root group of these messages."""
        return self.finish(self.add(header(messages)))

    def finish(self, root):
        """The file with the superblock written."""
        start = b"\x89HDF\r\n\x1a\n" + b"\0\0\0\0\0\x08\x08\0" + u16(4) + u16(16) + u32(0)
        start += u64(0) + u64(2**64 - 1) + u64(len(self.bytes)) + u64(2**64 - 1)
        start += u64(0) + u64(root) + u32(0) + u32(0) + b"\0" * 16
        return bytes(start) + bytes(self.bytes[96:])
