"""Pickled NumPy arrays that lie about their shape, type or data."""

from . import pickled as p


def cases(corpus):
    """Adds all of them."""
    corpus.group = "pickle"
    four = b"\0" * 4

    def build(name, state, reason, attack):
        corpus.refuse_at(f"array-{name}.pkl", p.START + p.reconstruct() + state, b"b.", reason, attack)

    large = 2**62
    cannot = "more elements than can be in its shape"
    build("2e63", p.array_state((2**63 - 1, 2), four), f"a NumPy array has {cannot}", "a shape whose product overflows")
    build("2e62x4", p.array_state((large, 4), four), f"a NumPy array has {cannot}", "a shape whose product overflows to 0")
    build("2e32x2e32", p.array_state((2**32, 2**32), b""), f"a NumPy array has {cannot}", "a shape whose product overflows to 0")
    build("zero-and-2e63", p.array_state((0, 2**63 - 1, 2**63 - 1), b""), f"a NumPy array has {cannot}", "an overflow behind a 0")
    build("beyond-64-bits", p.array_state((2**70,), four), "a NumPy array has", "an extent beyond 64 bits")
    build("negative", p.array_state((-1,), four), "a NumPy array has a dimension of -1", "a negative extent")
    build("two-negative", p.array_state((-1, -1), four), "a NumPy array has a dimension of -1", "two negative extents, whose product is 1")
    build("rank-65", p.array_state((1,) * 65, four), "a NumPy array has 65 dimensions; at most 64 are read", "65 dimensions")
    build("rank-5000", p.array_state((1,) * 5000, four), "a NumPy array has 5000 dimensions; at most 64 are read", "5,000 dimensions")
    build("float-extent", p.array_state(p.tuple_(b"G\x3f\xf0" + b"\0" * 6), four), "a NumPy array has a float as a dimension", "a fraction as an extent")
    build("list-shape", p.array_state(b"](K\x01e", four), "a NumPy array has a list as its shape", "a list as the shape")
    takes = "a NumPy array of shape [2, 2] and type float32 takes 16 bytes, and has"
    build("short", p.array_state((2, 2), b"\0" * 15), f"{takes} 15", "less data than the shape says")
    build("long", p.array_state((2, 2), b"\0" * 17), f"{takes} 17", "more data than the shape says")
    build("huge-and-empty", p.array_state((2**40,), b""), "a NumPy array of shape [1099511627776] and type float32 takes 4398046511104 bytes, and has 0", "a terabyte of nothing")
    build("list-data", p.array_state((1,), (b"](K\x01e",)), "a NumPy array has a list of Python objects instead of bytes", "objects as elements")
    build("text-data", p.array_state((1,), (p.text("abcd"),)), "a NumPy array has a text instead of bytes as its data", "a text as the elements")
    build("order", p.array_state((1,), four, fortran=p.text("F")), "a NumPy array has an order that is neither", "an order that is a text")
    build("dtype-text", p.array_state((1,), four, p.text("f4")), "a NumPy array has a text as its dtype", "a text as the dtype")
    build("dtype-unbuilt", p.array_state((1,), four, p.dtype_call("f4")), "a NumPy dtype never gets its state", "a dtype without state")
    values = p.tuple_(p.integer(1), p.shape(1), p.dtype(), b"\x89")
    build("four-values", values, "a NumPy array has a state other than the five values of version 1", "a state of four values")
    values = p.tuple_(p.integer(2), p.shape(1), p.dtype(), b"\x89", p.data(four))
    build("version-2", values, "a NumPy array has a state other than the five values of version 1", "another version of the state")
    build("state-dict", b"}", "a NumPy array has a state other than the five values of version 1", "a dict as the state")
    twice = p.START + p.array((1,), four) + p.array_state((2,), b"\0" * 8)
    corpus.refuse_at("array-twice.pkl", twice, b"b.", "a NumPy array gets its state twice", "a second state, for more elements")
    corpus.refuse("array-unbuilt.pkl", p.START + p.reconstruct() + b".", "a NumPy array never gets its state", "an array without state")
    corpus.refuse("dtype-unbuilt.pkl", p.START + p.dtype_call("f4") + b".", "a NumPy dtype never gets its state", "a dtype without state")

    for code, meaning in [
        ("O", "Python objects"), ("O8", "Python objects"), ("V8", "structured records"), ("S5", "byte strings"), ("U5", "text"),
        ("M8", "dates or times"), ("m8", "dates or times"), ("c16", "complex numbers"), ("f16", "extended floats"),
        ("x9", "unknown"), ("f4,f4", "extended floats"), ("u1\x1b[2J", "unknown"),
    ]:  # fmt: skip
        before = p.START + p.call("numpy", "dtype", p.text(code), b"\x89", b"\x88")
        shown = code.replace("\x1b", "\\u{1b}")
        name = f"dtype-{''.join(c if c.isalnum() else '_' for c in code)}.pkl"
        reason = f"the array's dtype is {shown} ({meaning}); only booleans" if meaning != "unknown" and "," not in code else f"the array's dtype is {shown} ("
        corpus.refuse_at(name, before, b"R.", reason, "elements that are no plain numbers")

    def state(name, value, reason, attack):
        corpus.refuse_at(f"dtype-{name}.pkl", p.START + p.dtype_call("f4") + value, b"b.", reason, attack)

    other = "a NumPy dtype has a state that belongs to another type"
    minus, none, zero = p.integer(-1), b"N", p.integer(0)
    state("version-2", p.dtype_state(version=2), "a NumPy dtype has a state of neither version 3 nor 4", "another version")
    state("state-empty", b")", "a NumPy dtype has a state of neither version 3 nor 4", "an empty state")
    state("order-bar", p.dtype_state("|"), "a NumPy dtype has the byte order '|'", "no byte order for four bytes")
    state("order-x", p.dtype_state("x"), "a NumPy dtype has the byte order 'x'", "an unknown byte order")
    state("subarray", p.dtype_state(rest=[p.tuple_(p.dtype(), p.shape(1000)), none, none, minus, minus, zero]), other, "an element of a thousand")
    state("fields", p.dtype_state(rest=[none, p.tuple_(p.text("a")), b"}", minus, minus, zero]), other, "an element with fields")
    state("size", p.dtype_state(rest=[none, none, none, p.integer(1 << 30), p.integer(1), zero]), other, "an element of a gigabyte")
    state("flags", p.dtype_state(rest=[none, none, none, minus, minus, p.integer(63)]), other, "flags that say that the elements are objects")
    before = p.START + p.dtype("f4") + p.dtype_state(">")
    corpus.refuse_at("dtype-twice.pkl", before, b"b.", "a NumPy dtype gets its state twice", "a byte order that changes")

    def buffer(name, arguments, reason, attack):
        before = p.START + p.call("numpy._core.numeric", "_frombuffer", *arguments)
        corpus.refuse_at(f"frombuffer-{name}.pkl", before, b"R.", reason, attack)

    content = p.data(b"\0" * 16)
    axes = "the pickle calls numpy's _frombuffer with axes that are no permutation"
    buffer("order", [content, p.dtype(), p.shape(2, 2), p.text("A")], "the pickle calls numpy's _frombuffer with an order", "an unknown order")
    buffer("axes", [content, p.dtype(), p.shape(2, 2), p.text("K"), p.shape(0, 0)], axes, "an axis twice")
    buffer("axes-beyond", [content, p.dtype(), p.shape(2, 2), p.text("K"), p.shape(0, 2)], axes, "an axis that is not there")
    buffer("axes-negative", [content, p.dtype(), p.shape(2, 2), p.text("K"), p.shape(1, -1)], axes, "a negative axis")
    buffer("short", [content, p.dtype(), p.shape(2, 3), p.text("C")], "a NumPy array of shape [2, 3] and type float32 takes 24 bytes, and has 16", "too little data")
    buffer("overflow", [content, p.dtype(), p.shape(2**62, 4), p.text("F")], "a NumPy array has more elements than can be", "an overflow")
    before = p.START + p.call("numpy.core.multiarray", "scalar", p.dtype("f8"), p.data(four))
    corpus.refuse_at("scalar-short.pkl", before, b"R.", "a NumPy array of shape [] and type float64 takes 8 bytes, and has 4", "half a number")

    shared = p.START + p.data(b"\0" * 20000) + b"\x940" + b"("
    shared += (p.reconstruct() + p.tuple_(p.integer(1), p.shape(5000), p.dtype(), b"\x89", b"h\x00") + b"b") * 40 + b"l."
    corpus.refuse("arrays-shared.pkl", shared, "the arrays share their data and claim", "forty arrays of the same bytes")

    # Sound arrays of which no network can be made.
    zeros = p.array((2, 2), b"\0" * 16)
    corpus.useless(
        "names-escape.pkl", p.START + p.dictionary([("W1\x1b[2J\r\n", zeros)]) + b".",
        "W1\\u{1b}[2J\\u{d}\\u{a}", "a name that clears the terminal",
    )  # fmt: skip
    corpus.useless(
        "names-override.pkl", p.START + p.dictionary([("\u202e1W", zeros)]) + b".", "\\u{202e}1W", "a name that turns the line around"
    )
    empty = p.array((0, 2**40), b"")
    corpus.useless(
        "array-of-nothing.pkl", p.START + p.dictionary([("W1", empty), ("b1", empty)]) + b".", "W1", "weights of no rows and a trillion columns"
    )
    scalar = p.array((), b"\0" * 4)
    corpus.useless("array-scalars.pkl", p.START + p.dictionary([("W1", scalar), ("b1", scalar)]) + b".", "W1", "weights without dimensions")
    for name, other in [("x_train", "labels for the images"), ("train_img", "labels for the images"), ("y_train", "images for the labels")]:
        data = p.START + p.dictionary([(name, zeros)]) + b"."
        corpus.useless(f"alone-{name}.pkl", data, f"there are no {other} in {name}", "pictures without labels, or the other way round")
    twice = [(name, zeros) for name in ("x_train", "y_train", "Y_TRAIN")]
    corpus.useless("labels-by-capitals.pkl", p.START + p.dictionary(twice) + b".", "the arrays", "names that differ by capitals alone")
    names = [(f"W{2**63 - 1 - i}", zeros) for i in range(3)]
    corpus.useless("names-numbers.pkl", p.START + p.dictionary(names) + b".", "W9223372036854775", "layers numbered up to 2^63")
    corpus.useless(
        "path-names.pkl", p.START + p.dictionary([("../../etc/passwd", zeros)]) + b".", "../../etc/passwd", "a name that is a path"
    )
