"""npy files whose headers lie or are programs, for formats/npy.md."""

from . import u16, u32


def raw(header, content=b"", version=(1, 0), size=None):
    """A file with any header."""
    header = header.encode() if isinstance(header, str) else header
    size = len(header) if size is None else size
    return b"\x93NUMPY" + bytes(version) + (u16(size) if version[0] == 1 else u32(size)) + header + content


def npy(descr, shape, content, fortran="False"):
    """A file with a header of the usual form."""
    return raw("{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n", content)


def cases(corpus):
    """Adds all of them."""
    corpus.group = "npy"

    def header(name, text, reason, attack, at=None):
        offset = 10 + (at if at is not None else 0)
        sentence = f"byte {offset}: {reason}" if at is not None else reason
        corpus.refuse(f"{name}.npy", raw(text, b"\0" * 16), sentence, attack)

    wrong = "the npy header has something else where"
    header("call", "__import__('os').system('id')", f"{wrong} a dictionary is due", "a call as the header", 0)
    start = "{'descr': "
    header("call-descr", start + "__import__('os').system('id'), 'fortran_order': False, 'shape': (2,), }", f"{wrong} a dtype is due", "a call as the type", len(start))
    start = "{'descr': '<f4', 'fortran_order': "
    header("call-order", start + "exit(), 'shape': (4,), }", f"{wrong} True or False is due", "a call as the order", len(start))
    start = "{'descr': '<f4', 'fortran_order': False, 'shape': "
    header("call-shape", start + "exit(), }", f"{wrong} a tuple is due", "a call as the shape", len(start))
    header("power", start + "(9**9**9,), }", "the npy header has something else where a comma is due", "a number that takes forever", len(start) + 2)
    header("lambda", start + "(lambda: 4)(), }", f"{wrong} a dimension is due", "a function as the shape", len(start) + 1)
    header("behind", start + "(4,), } + exit()", "the npy header has other characters behind its dictionary", "an expression behind the dictionary")
    header("list-shape", start + "[4], }", f"{wrong} a tuple is due", "a list as the shape", len(start))
    header("no-tuple", start + "(4), }", "the npy header has a number where a tuple is due", "a number as the shape")
    header("negative", start + "(-1, -4), }", "the npy header has a negative dimension", "negative extents", len(start) + 1)
    header("float", start + "(4.0,), }", "the npy header has something else where", "a fraction as an extent")
    header("hex", start + "(0x4,), }", "the npy header has something else where a comma is due", "a hexadecimal extent", len(start) + 2)
    header("underscore", start + "(1_000,), }", "the npy header has something else where", "an extent with an underscore")
    header("leading-zero", start + "(04,), }", "the npy header has a number with a leading zero", "a leading zero", len(start) + 1)
    header("2e64", start + "(18446744073709551616,), }", "the npy header has a dimension beyond 2^63 - 1", "an extent beyond 64 bits", len(start) + 1)
    header("digits", start + "(" + "9" * 9000 + ",), }", "the npy header has a dimension beyond 2^63 - 1", "an extent of 9,000 digits", len(start) + 1)
    header("2e63", start + f"({2**62}, 4), }}", f"the array's dimensions [{2**62}, 4] multiply to more than can be counted", "a product that overflows to 0")
    header("zero-2e63", start + f"(0, {2**62}, 4), }}", "multiply to more than can be counted", "an overflow behind a 0")
    header("tebibyte", start + f"({2**40},), }}", "the npy file is cut off: its elements take 4398046511104 bytes, and 16 are left", "four terabytes that are not there")
    header("rank-65", start + "(" + "1, " * 65 + "), }", "the array has more than 64 dimensions", "65 dimensions")
    header("rank-3000", start + "(" + "1," * 3000 + "), }", "the array has more than 64 dimensions", "3,000 dimensions")
    header("deep", "{'descr': " + "[" * 5000 + "]" * 5000, "the npy header has 10010 bytes; at most 10000 are read", "10,000 brackets")
    header("deep-less", "{'descr': " + "[" * 4000 + "]" * 4000 + ", 'fortran_order': False, 'shape': (1,)}", "(structured records); only booleans, integers and floats are read", "8,000 brackets")
    header("key-missing", "{'descr': '<f4', 'shape': (4,), }", "the npy header has no key 'fortran_order'", "a missing key", 0)
    header("key-twice", "{'descr': '<f4', 'descr': '|O', 'fortran_order': False, 'shape': (4,), }", "the npy header has the key 'descr' twice", "a type given twice", 17)
    header("key-unknown", "{'__class__': 1, 'descr': '<f4', }", "the npy header has the unknown key \"__class__\"", "an unknown key", 1)
    header("key-escape", "{'\\x64escr': '<f4', }", "the npy header has a string with other than plain characters in it", "an escape in a key", 1)
    header("string-open", "{'descr: <f4", "the npy header has a string without an end", "a string without end", 1)
    header("string-terminal", "{'\x1b[2J': '<f4', }", "the npy header has a string with other than plain characters in it", "an escape sequence as a key", 1)
    header("no-end", start + "(4,), ", "the npy header has something else where", "a dictionary without end")
    header("empty-dictionary", "{}", "the npy header has no key 'descr'", "a dictionary of nothing", 0)
    header("empty", "", f"{wrong} a dictionary is due", "no header", 0)
    for code, meaning in [
        ("|O", "Python objects"), ("|V16", "structured records"), ("|S4", "byte strings"), ("<U4", "text"), ("<M8[ns]", "dates or times"),
        ("<c8", "complex numbers"), ("<f16", "extended floats"), ("|V2", "records or types that NumPy does not know, as bfloat16"), ("|x9", "unknown"), ("|f4", "extended floats"),
    ]:  # fmt: skip
        name = "".join(c for c in code if c.isalnum())
        header(f"type-{name}", "{'descr': '" + code + "', 'fortran_order': False, 'shape': (1,), }", f"the array's dtype is \"{code}\" (" + (meaning if code != "|f4" else ""), "elements that are no plain numbers", 10)
    header("type-records", "{'descr': [('a', '|O'), ('b', '<f4')], 'fortran_order': False, 'shape': (1,), }", "(structured records); only booleans", "records with objects in them")

    sound = npy("<f4", "(4,)", b"\0" * 16)
    size = len(sound) - 16
    corpus.refuse("short.npy", sound[:-1], f"byte {size}: the npy file is cut off: its elements take 16 bytes, and 15 are left", "less data than the shape says")
    corpus.refuse("long.npy", sound + b"x", f"byte {size + 16}: the npy file goes on for 1 bytes behind its last element", "more data than the shape says")
    corpus.refuse("two-arrays.npy", sound + sound, f"the npy file goes on for {len(sound)} bytes", "a second array behind the first")
    corpus.refuse("version-4.npy", raw("{}", version=(4, 0)), "byte 6: the npy version is 4.0", "an unknown version")
    corpus.refuse("version-1.1.npy", raw("{}", version=(1, 1)), "byte 6: the npy version is 1.1", "an unknown version")
    corpus.refuse("header-4g.npy", raw("{}", version=(2, 0), size=2**32 - 1), "byte 8: the npy header has 4294967295 bytes; at most 10000 are read", "a header of four gigabytes")
    corpus.refuse("header-cut.npy", raw("{}", size=100), "byte 10: the input ends early: the npy header takes 100 bytes, and 2 are left", "a header that is cut off")
    corpus.refuse("signature-only.npy", b"\x93NUMPY", "byte 6: the input ends early", "a signature alone")
    corpus.refuse("fortran-1.npy", npy("<f4", "(4,)", b"\0" * 16, "1"), f"{wrong} True or False is due", "a number as the order")
    corpus.refuse("objects.npy", npy("|O", "(1,)", b"\x80\x04cos\nsystem\n(S'id'\ntR."), "(Python objects); only booleans, integers and floats are read", "an array of objects, which NumPy unpickles")
    corpus.useless("shape-zero.npy", npy("<f4", f"(0, {2**50})", b""), "there are no labels for the images", "no rows of a quadrillion columns")
