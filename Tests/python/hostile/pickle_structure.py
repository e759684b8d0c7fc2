"""Pickles whose opcodes lie: lengths, frames, marks, the memo, keys, and values that grow."""

from . import pickled as p
from . import u32, u64

NOT_USABLE = "which holds neither weights nor labelled pictures"


def lengths(corpus):
    """Lengths that are negative, or more than the file has."""
    for name, opcode, what in [
        ("binbytes8-2e63", b"\x8e" + u64(2**63 - 1), "takes 9223372036854775807 bytes"),
        ("binbytes8-2e64", b"\x8e" + u64(2**64 - 1), "takes 18446744073709551615 bytes"),
        ("bytearray8-2e40", b"\x96" + u64(2**40), "takes 1099511627776 bytes"),
        ("binunicode8-2e62", b"\x8d" + u64(2**62), "takes 4611686018427387904 bytes"),
        ("binunicode-4g", b"X" + u32(2**32 - 1), "takes 4294967295 bytes"),
        ("binbytes-4g", b"B" + u32(2**32 - 1), "takes 4294967295 bytes"),
        ("binstring-2g", b"T" + u32(2**31 - 1), "takes 2147483647 bytes"),
        ("long4-2g", b"\x8b" + u32(2**31 - 1), "takes 2147483647 bytes"),
        ("long1-255", b"\x8a\xff", "takes 255 bytes"),
        ("short-binbytes-255", b"C\xff", "takes 255 bytes"),
    ]:
        sentence = f"{what}, and 4 are left"
        corpus.refuse(f"{name}.pkl", p.START + opcode + b"abc.", sentence, "a length beyond the file's end")
    for name, opcode in [("long4-negative", b"\x8b" + u32(-1)), ("binstring-negative", b"T" + u32(-1))]:
        what = "an integer" if opcode[:1] == b"\x8b" else "a byte string"
        corpus.refuse_at(
            f"{name}.pkl", p.START, opcode + b"abc.", f"the length of {what} is -1, which is negative", "a negative length"
        )
    for name, declared in [("long", 1000), ("2e40", 2**40), ("2e64", 2**64 - 1)]:
        known = f"byte 18: a frame of {declared} bytes is announced, and 2 are left"
        corpus.refuse(f"frame-{name}.pkl", p.START + b"\x95" + u64(declared) + b"N.", known, "a frame beyond the file's end")
    inner = b"\x95" + u64(2) + b"N."
    corpus.refuse(
        "frame-in-frame.pkl", p.START + b"\x95" + u64(len(inner)) + inner,
        "byte 27: a frame begins before the last one ends", "a frame in a frame",
    )  # fmt: skip
    corpus.refuse(
        "frame-straddled.pkl", p.START + b"\x95" + u64(3) + b"X\x04\0\0\0abcd.",
        "byte 27: BINUNICODE reaches beyond the end of its frame", "an opcode across a frame's end",
    )  # fmt: skip
    corpus.refuse(
        "frame-unfinished.pkl", p.START + b"\x95" + u64(9) + b"N.NNNNNNN",
        "byte 28: the pickle stops 7 bytes before its frame ends", "bytes hidden behind the end in a frame",
    )  # fmt: skip


def numbers(corpus):
    """Integers and floats that are none, or are enormous."""
    for name, opcode, reason in [
        ("int-5000-digits", b"I" + b"9" * 5000, "an integer has 5000 digits, and at most 4300 are read"),
        ("long-9000-digits", b"L" + b"7" * 9000 + b"L", "an integer has 9000 digits, and at most 4300 are read"),
        ("long4-2000-bytes", b"\x8b" + u32(2000) + b"\x7f" * 2000, "an integer has 2000 bytes, and at most 1786 are read"),
        ("int-hex", b"I0x10", "'0x10' is not a number"),
        ("int-underscore", b"I1_000", "'1_000' is not a number"),
        ("int-space", b"I 1", "' 1' is not a number"),
        ("int-empty", b"I", "'' is not a number"),
        ("int-leading-zeros", b"I007", "'007' is not a number"),
        ("int-escape", b"I1\x1b[31m", "'1\\u{1b}[31m' is not a number"),
        ("float-overflow", b"F1e999", "'1e999' is not a number"),
        ("float-hex", b"F0x1p3", "'0x1p3' is not a number"),
        ("float-100-digits", b"F" + b"1" * 100, f"'{'1' * 40}' is not a number"),
        ("get-text", b"gabc", "'abc' is not a number"),
        ("get-negative", b"g-1", "a memo index is -1, which is negative"),
        ("put-huge", b"Np" + b"9" * 30, f"'{'9' * 30}' is not a number"),
    ]:
        before = p.START
        end = b"." if opcode.startswith(b"\x8b") else b"\n."
        if opcode.startswith(b"N"):
            before, opcode = before + b"N", opcode[1:]
        corpus.refuse_at(f"{name}.pkl", before, opcode + end, reason, "a number that is none or too long")
    for name, opcode, reason in [
        ("string-unquoted", b"Sabc\n", "a string has no quotes around it"),
        ("string-one-quote", b"S'abc\n", "a string has no quotes around it"),
        ("string-hex", b"S'\\xZZ'\n", "a quoted string has \\x without two hexadecimal digits"),
        ("unicode-half", b"V\\ud800\n", "a text has a wrong \\u escape"),
        ("unicode-short", b"V\\u12\n", "a text has a wrong \\u escape"),
        ("utf8-surrogate", b"\x8c\x03\xed\xa0\x80", "a text is not valid UTF-8"),
        ("utf8-overlong", b"\x8c\x02\xc0\xaf", "a text is not valid UTF-8"),
        ("utf8-cut", b"X\x02\0\0\0a\xe2", "a text is not valid UTF-8"),
    ]:
        corpus.refuse_at(f"{name}.pkl", p.START, opcode + b".", reason, "a text that is none")


def machine(corpus):
    """The stack, the memo and what opcodes are applied to."""
    for name, opcode, word in [
        ("pop", b"0", "POP"), ("dup", b"2", "DUP"), ("append", b"a", "APPEND"), ("setitem", b"s", "SETITEM"),
        ("reduce", b"R", "REDUCE"), ("build", b"b", "BUILD"), ("tuple3", b"\x87", "TUPLE3"), ("memoize", b"\x94", "MEMOIZE"),
        ("binput", b"q\x00", "BINPUT"), ("stack-global", b"\x93", "STACK_GLOBAL"), ("newobj", b"\x81", "NEWOBJ"),
    ]:  # fmt: skip
        corpus.refuse_at(
            f"empty-{name}.pkl", p.START, opcode + b".", f"{word} takes a value from an empty stack", "an empty stack"
        )
    corpus.refuse_at(
        "below-mark.pkl", p.START + p.global_("os", "system") + b")(", b"R.", "REDUCE takes a value from an empty stack",
        "a call of what lies below a mark",
    )  # fmt: skip
    for name, opcode, word in [("tuple", b"t", "TUPLE"), ("list", b"l", "LIST"), ("dict", b"d", "DICT"), ("appends", b"e", "APPENDS"),
                               ("setitems", b"u", "SETITEMS"), ("pop-mark", b"1", "POP_MARK"), ("obj", b"o", "OBJ")]:  # fmt: skip
        corpus.refuse_at(
            f"markless-{name}.pkl", p.START + b"]N", opcode + b".", f"{word} needs a mark, and there is none", "no mark"
        )
    corpus.refuse_at("stop-empty.pkl", p.START, b".", "STOP finds 0 values and 0 marks", "a pickle of nothing")
    corpus.refuse_at("stop-two.pkl", p.START + b"NN", b".", "STOP finds 2 values and 0 marks", "a value left")
    corpus.refuse_at("stop-mark.pkl", p.START + b"(N", b".", "STOP finds 1 values and 1 marks", "a mark left")
    corpus.refuse_at(
        "marks.pkl", p.START + b"(" * 20000 + b"N", b".", "STOP finds 1 values and 20000 marks", "20,000 marks"
    )
    corpus.refuse_at("no-stop.pkl", p.START + b"N", b"", "the pickle ends without a STOP", "no end")
    corpus.refuse_at("protocol-in-middle.pkl", p.START, b"\x80\x02N.", "PROTO stands in the middle", "a second protocol")
    corpus.refuse_at("unknown-opcode.pkl", p.START, b"\xfe.", "the byte 254 is no pickle opcode", "an unknown opcode")
    corpus.refuse("trailing.pkl", p.START + b"N." + b"\0\0\0\0", "byte 20: 4 bytes follow the pickle's end", "bytes behind the end")
    corpus.refuse("trailing-newline.pkl", p.START + b"N.\n", "byte 20: 1 bytes follow the pickle's end", "a byte behind the end")
    corpus.refuse("protocol-6.pkl", b"\x80\x06N.", "the format is not known (it begins with 80 06 4e 2e)", "protocol 6")
    corpus.refuse(
        "protocol-6-second.pkl", p.START + b"N." + b"\x80\x06N.", "pickle protocol 6 is unknown", "protocol 6 behind a sound one"
    )
    for name, opcode in [("get", b"g7\n"), ("binget", b"h\x07"), ("long-binget", b"j\x07\0\0\0"), ("long-binget-4g", b"j" + u32(-1))]:
        index = 2**32 - 1 if "4g" in name else 7
        corpus.refuse_at(
            f"memo-{name}.pkl", p.START, opcode + b".", f"nothing was kept in the memo at {index}", "a memo entry that is not there"
        )
    corpus.useless(
        "memo-4g.pkl", p.START + b"]r" + u32(-1) + b"0j" + u32(-1) + b".", NOT_USABLE,
        "the memo's last index, which must not make a table of four billion",
    )  # fmt: skip
    for name, target, opcode, word in [
        ("append-tuple", b")N", b"a", "APPEND"), ("append-none", b"NN", b"a", "APPEND"), ("appends-dict", b"}(N", b"e", "APPENDS"),
        ("setitem-list", b"]K\x01N", b"s", "SETITEM"), ("setitems-tuple", b")(K\x01N", b"u", "SETITEMS"),
        ("additems-list", b"](N", b"\x90", "ADDITEMS"), ("build-dict", b"}}", b"b", "BUILD"), ("build-list", b"]}", b"b", "BUILD"),
    ]:  # fmt: skip
        corpus.refuse_at(f"{name}.pkl", p.START + target, opcode + b".", f"{word} cannot be applied to", "a wrong target")
    corpus.refuse_at("setitems-odd.pkl", p.START + b"}(K\x01", b"u.", "SETITEMS gets a key without a value", "an odd number of items")
    corpus.refuse_at("dict-odd.pkl", p.START + b"(K\x01", b"d.", "DICT gets a key without a value", "an odd number of items")


def keys(corpus):
    """Keys and members of sets."""
    cannot = "cannot be a key or a member of a set"
    for name, key, reason in [
        ("list", b"]", cannot), ("dict", b"}", cannot), ("set", b"\x8f", cannot), ("bytearray", b"\x96" + u64(1) + b"x", cannot),
        ("tuple", b")", "as a key or a member of a set is not read"), ("nan", b"G\x7f\xf8\0\0\0\0\0\0", "as a key or a member of a set is not read"),
        ("name", p.global_("os", "system"), "as a key or a member of a set is not read"),
    ]:  # fmt: skip
        corpus.refuse(f"key-{name}.pkl", p.START + b"}" + key + b"Ns.", reason, "a key that is none")
        corpus.refuse(f"member-{name}.pkl", p.START + b"\x8f(" + key + b"\x90.", reason, "a member that is none")
    twice = p.text("W1")
    for name, first, second, shown in [
        ("text", twice, twice, "W1"), ("bytes", twice, b"C\x02W1", "W1"), ("one-and-true", b"K\x01", b"\x88", "True"),
        ("one-and-float", b"K\x01", b"G\x3f\xf0" + b"\0" * 6, "1.0"),
    ]:  # fmt: skip
        data = p.START + b"}(" + first + b"N" + second + b"Nu."
        corpus.refuse(f"duplicate-{name}.pkl", data, f"the key {shown} occurs twice", "two values of one name")
    corpus.refuse(
        "duplicate-later.pkl", p.START + b"}" + twice + b"Ns" + b"(" + twice + b"K\x01u.", "the key W1 occurs twice", "a name given again later"
    )


def growth(corpus):
    """Small files that mean something large."""
    laughs = p.START + b"](NNNNNNNNNNe\x94" + b"".join(b"0](" + (b"h" + bytes([i])) * 10 + b"e\x94" for i in range(9))
    corpus.useless("laughs.pkl", laughs + b".", NOT_USABLE, "ten lists of ten lists ...: ten billion leaves by reference")
    corpus.useless("dup-bomb.pkl", p.START + b"N" + b"2\x86" * 60 + b".", NOT_USABLE, "2^60 leaves by DUP and TUPLE2")
    corpus.useless("dup-bomb-lists.pkl", p.START + b"](N" + b"e" + b"\x85" + b"2\x86" * 5000 + b".", NOT_USABLE, "2^5000 leaves")
    corpus.useless("lists-25000-deep.pkl", p.START + b"(" * 25000 + b"l" * 25000 + b".", NOT_USABLE, "25,000 lists in each other")
    corpus.useless("tuples-40000-deep.pkl", p.START + b")" + b"\x85" * 40000 + b".", NOT_USABLE, "40,000 tuples in each other")
    deep = p.START + b"}" + b"".join([b"\x940}K\x00" + b"h\x00s\x94"]) + b"."
    corpus.useless("dict-in-dict.pkl", deep, NOT_USABLE, "dicts in each other by way of the memo")
    corpus.useless("dicts-deep.pkl", p.START + b"}K\x00" * 15000 + b"N" + b"s" * 15000 + b".", NOT_USABLE, "15,000 dicts in each other")
    corpus.useless("list-in-itself.pkl", p.START + b"]\x94h\x00a.", NOT_USABLE, "a list that contains itself")
    corpus.useless("dict-in-itself.pkl", p.START + b"}\x94" + p.text("W1") + b"h\x00s.", NOT_USABLE, "a dict that contains itself")
    corpus.useless("tuple-in-itself.pkl", p.START + b"]\x94\x85\x94h\x00h\x01a0.", NOT_USABLE, "a tuple that contains itself through a list")
    corpus.useless("self-1000-times.pkl", p.START + b"]\x94(" + b"h\x00" * 1000 + b"e.", NOT_USABLE, "a list that contains itself a thousand times")
    members = b"](" + b"N" * 2000 + b"e\x94" + b"0"
    copies = b"(" + (p.global_("builtins", "list") + b"h\x00\x85R") * 400 + b"l."
    corpus.refuse("copies.pkl", p.START + members + copies, "containers are copied more often than a pickle of", "a list copied 400 times")
    corpus.useless("pickles-5000.pkl", b"\x80\x02N." * 5000, NOT_USABLE, "5,000 pickles behind each other")
    corpus.useless("objects-20000.pkl", p.START + b"(" + b"]" * 20000 + b"l.", NOT_USABLE, "20,000 empty lists")
    corpus.useless("antigravity.pkl", p.START + p.global_("antigravity", "x") + b".", NOT_USABLE, "a module whose import does something: it stays a pair of texts")


def cases(corpus):
    """Adds all of them."""
    corpus.group = "pickle"
    lengths(corpus)
    numbers(corpus)
    machine(corpus)
    keys(corpus)
    growth(corpus)
