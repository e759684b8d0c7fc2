"""Writes the pickles of this folder and, in expected.txt, what a reader must find in them.

Run with Python 3.11 or newer and NumPy 2.3 or newer, in this folder. Only needed to change the fixtures.
"""

import collections
import datetime
import pickle
import struct

import numpy as np

shared = [1, 2]
VALUES = {
    "none": None,
    "booleans": [True, False],
    "integers": [0, 1, -1, 255, 256, 65535, 65536, -129, 2**31 - 1, -(2**31), 2**31, 2**63 - 1, -(2**63)],
    "long integers": [2**63, -(2**63) - 1, 2**64, 10**30, -(10**30), 2**2047, -(2**127), 2**1000 + 1],
    "floats": [0.0, -0.0, 1.5, -1e-300, 1e300, 0.1, float("inf"), float("-inf"), 5e-324],
    "complex": 1.5 - 2j,
    "texts": ["", "plain", "caf\xe9", "\u4e09", "\U0001f600", "line\nbreak \\ back\\u0041 \r\0\x1a", "'\""],
    "long text": "x" * 300,
    "bytes": [b"", b"ascii", bytes(range(256)), b"y" * 300],
    "bytearrays": [bytearray(), bytearray(b"ab\xff")],
    "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)],
    "lists": [[], [1], [[[]]], list(range(20))],
    "dicts": [{}, {"a": 1}, {1: "b", 2.5: "c", None: "d", b"e": "f"}],
    "shared": [shared, shared],
    "sets": [set(), {1, 2}, {"a"}],
    "frozensets": [frozenset(), frozenset([3])],
    "ordered": [collections.OrderedDict(), collections.OrderedDict([("z", 1), ("a", [2])])],
    "default": [collections.defaultdict(list, {"k": [1]}), collections.defaultdict(None), collections.defaultdict(int)],
    "numpy scalars": [np.float32(1.5), np.float64(-2), np.float16(0.5), np.int64(-7), np.uint8(200),
                      np.uint64(2**64 - 1), np.bool_(True), np.bool_(False)],
    "after": "end",
}

counting = np.arange(24)
CODES = ["b1", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"]
ARRAYS = {}
for code in CODES:
    ARRAYS[code] = (counting.reshape(2, 3, 4) % 7 - (3 if code[0] in "if" else 0)).astype(code)
    if code[1] != "1":
        ARRAYS[">" + code] = ARRAYS[code].astype(">" + code)
ARRAYS["fortran"] = np.asfortranarray(counting.reshape(4, 6).astype("f4"))
ARRAYS["fortran big"] = np.asfortranarray(counting.reshape(2, 3, 4).astype(">f8"))
ARRAYS["transposed"] = counting.reshape(2, 3, 4).astype("f4").transpose(1, 0, 2)
ARRAYS["rotated axes"] = counting.reshape(2, 3, 4).astype(">i2").transpose(2, 0, 1)
ARRAYS["strided"] = counting.astype("i4")[::3]
ARRAYS["rank 0"] = np.array(2.5, "f4")
ARRAYS["empty"] = np.zeros((3, 0, 2), "f8")
ARRAYS["vector"] = np.array([1.5, -2.5], "f4")
ARRAYS["again"] = ARRAYS["vector"]


class Subclass(np.ndarray):
    pass


REFUSED = {
    "object": np.array([None, 1], dtype=object),
    "structured": np.zeros(2, [("a", "f4"), ("b", "i4")]),
    "datetime": np.array(["2020-01-01"], "M8[D]"),
    "timedelta": np.array([1], "m8[s]"),
    "bytes": np.array([b"ab"]),
    "text": np.array(["ab"]),
    "complex": np.array([1j]),
    "longdouble": np.array([1], np.longdouble),
    "masked": np.ma.array([1, 2], mask=[0, 1]),
    "matrix": np.matrix([[1.0]]),
    "subclass": np.zeros(2).view(Subclass),
    "date": datetime.date(2020, 1, 1),
}


def describe(value):
    if value is None or isinstance(value, (bool, np.bool_)):
        return str(value)
    if isinstance(value, (int, np.integer)):
        value = int(value)
        if -(2**63) <= value < 2**63:
            return f"int:{value}"
        size = 1
        while not -(2 ** (8 * size - 1)) <= value < 2 ** (8 * size - 1):
            size += 1
        return "big:" + value.to_bytes(size, "little", signed=True).hex()
    if isinstance(value, (float, np.floating)):
        return "real:" + struct.pack(">d", float(value)).hex()
    if isinstance(value, complex):
        return "complex:" + struct.pack(">dd", value.real, value.imag).hex()
    if isinstance(value, str):
        return "text:" + value.encode().hex()
    if isinstance(value, (bytes, bytearray)):
        return type(value).__name__ + ":" + value.hex()
    if isinstance(value, (tuple, list)):
        return type(value).__name__ + "(" + ",".join(map(describe, value)) + ")"
    if isinstance(value, (set, frozenset)):
        return type(value).__name__ + "(" + ",".join(sorted(map(describe, value))) + ")"
    if isinstance(value, dict):
        return type(value).__name__ + "(" + ",".join(f"{describe(k)}={describe(v)}" for k, v in value.items()) + ")"
    if isinstance(value, np.ndarray):
        shape = ",".join(map(str, value.shape))
        return f"array:{value.dtype.name}[{shape}]:" + value.astype(value.dtype.newbyteorder("<")).tobytes("C").hex()
    raise TypeError(type(value))


def write(name, data):
    with open(name, "wb") as file:
        file.write(data)


for protocol in range(6):
    write(f"values-protocol{protocol}.pkl", pickle.dumps(VALUES, protocol))
    write(f"arrays-protocol{protocol}.pkl", pickle.dumps(ARRAYS, protocol))
# NumPy 1 has the same pickles under another module name, which stands as a plain line up to protocol 3.
write("arrays-numpy1.pkl", pickle.dumps(ARRAYS, 2).replace(b"numpy._core.", b"numpy.core."))
for name, value in REFUSED.items():
    write(f"refused-{name}.pkl", pickle.dumps(value, 4))
with open("expected.txt", "w") as file:
    for table, values in (("values", VALUES), ("arrays", ARRAYS)):
        for name, value in values.items():
            file.write(f"{table}\t{name}\t{describe(value)}\n")
