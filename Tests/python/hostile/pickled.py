"""Pieces of pickles, opcode by opcode, for formats/pickle.md."""

from . import u32, u64

# A protocol number, and opcodes that leave nothing behind: damage further on is told as a pickle's, not as that of an
# unknown file.
START = b"\x80\x04" + b"N0" * 8
ONLY = "; only NumPy arrays and plain containers are read"


def text(value):
    """SHORT_BINUNICODE."""
    data = value.encode() if isinstance(value, str) else value
    return b"\x8c" + bytes([len(data)]) + data


def global_(module, name):
    """STACK_GLOBAL with both texts before it."""
    return text(module) + text(name) + b"\x93"


def line_global(module, name):
    """GLOBAL."""
    return b"c" + module.encode() + b"\n" + name.encode() + b"\n"


def data(value):
    """BINBYTES."""
    return b"B" + u32(len(value)) + value


def integer(value):
    """BININT where it fits, else LONG1."""
    if -(2**31) <= value < 2**31:
        return b"J" + u32(value)
    size = value.bit_length() // 8 + 1
    return b"\x8a" + bytes([size]) + value.to_bytes(size, "little", signed=True)


def tuple_(*items):
    """MARK, the items, TUPLE."""
    return b"(" + b"".join(items) + b"t"


def call(module, name, *arguments):
    """All of a REDUCE but its opcode."""
    return global_(module, name) + tuple_(*arguments)


def dtype_call(code):
    """numpy.dtype(code, False, True) without its state."""
    return call("numpy", "dtype", text(code), b"\x89", b"\x88") + b"R"


def dtype_state(order="<", version=3, rest=None):
    """The state of a plain dtype."""
    none = b"N"
    middle = rest or [none, none, none, integer(-1), integer(-1), integer(0)]
    return tuple_(integer(version), text(order), *middle)


def dtype(code="f4", order="<"):
    """A whole dtype."""
    return dtype_call(code) + dtype_state(order) + b"b"


def reconstruct():
    """An array that waits for its state."""
    return call("numpy.core.multiarray", "_reconstruct", global_("numpy", "ndarray"), tuple_(integer(0)), data(b"b")) + b"R"


def shape(*extents):
    """A tuple of integers."""
    return tuple_(*[integer(extent) for extent in extents])


def array_state(extents, content, element=None, fortran=b"\x89"):
    """The state of an array."""
    dims = extents if isinstance(extents, bytes) else shape(*extents)
    raw = content if isinstance(content, tuple) else (data(content),)
    return tuple_(integer(1), dims, element or dtype(), fortran, raw[0])


def array(extents, content, element=None):
    """A whole array."""
    return reconstruct() + array_state(extents, content, element) + b"b"


def dictionary(entries):
    """A dict of texts and values."""
    return b"}(" + b"".join(text(key) + value for key, value in entries) + b"u"


def frame(content):
    """FRAME."""
    return b"\x95" + u64(len(content)) + content
