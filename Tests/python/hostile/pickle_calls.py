"""Pickles that call functions: all that make Python run something, in every way in which a pickle can call."""

from . import pickled as p

# What is called, and with what: the ways in which pickles have been used against whoever opens them.
FUNCTIONS = [
    ("os", "system", "touch hostile"),
    ("posix", "system", "id"),
    ("nt", "system", "calc.exe"),
    ("os", "popen", "id"),
    ("os", "execv", "/bin/sh"),
    ("os", "spawnl", "/bin/sh"),
    ("os", "_exit", "0"),
    ("os", "kill", "1"),
    ("os", "remove", "/etc/passwd"),
    ("subprocess", "Popen", "id"),
    ("subprocess", "call", "id"),
    ("subprocess", "check_output", "id"),
    ("subprocess", "getoutput", "id"),
    ("builtins", "eval", "1+1"),
    ("builtins", "exec", "import os"),
    ("builtins", "compile", "1"),
    ("builtins", "open", "/etc/passwd"),
    ("builtins", "__import__", "os"),
    ("builtins", "getattr", "system"),
    ("builtins", "setattr", "x"),
    ("builtins", "globals", ""),
    ("builtins", "map", "x"),
    ("builtins", "type", "X"),
    ("builtins", "input", ""),
    ("builtins", "int", "1"),
    ("builtins", "str", "x"),
    ("__builtin__", "eval", "1+1"),
    ("__builtin__", "execfile", "x.py"),
    ("__builtin__", "apply", "x"),
    ("__builtin__", "file", "/etc/passwd"),
    ("operator", "attrgetter", "system"),
    ("operator", "methodcaller", "system"),
    ("functools", "partial", "x"),
    ("functools", "reduce", "x"),
    ("importlib", "import_module", "os"),
    ("runpy", "run_path", "x.py"),
    ("runpy", "_run_code", "x"),
    ("code", "interact", ""),
    ("pty", "spawn", "/bin/sh"),
    ("platform", "popen", "id"),
    ("timeit", "timeit", "import os"),
    ("cProfile", "run", "import os"),
    ("pdb", "run", "import os"),
    ("pip", "main", "install"),
    ("webbrowser", "open", "http://127.0.0.1/"),
    ("shutil", "rmtree", "/"),
    ("socket", "create_connection", "127.0.0.1"),
    ("urllib.request", "urlopen", "http://127.0.0.1/"),
    ("ctypes", "CDLL", "libc.so.6"),
    ("marshal", "loads", "x"),
    ("pickle", "loads", "x"),
    ("types", "FunctionType", "x"),
    ("types", "CodeType", "x"),
    ("copyreg", "_reconstructor", "x"),
    ("copy_reg", "_reconstructor", "x"),
    ("copyreg", "__newobj__", "x"),
    ("copyreg", "add_extension", "os"),
    ("_codecs", "decode", "x"),
    ("codecs", "open", "/etc/passwd"),
    ("_io", "FileIO", "/etc/passwd"),
    ("zipimport", "zipimporter", "x.zip"),
    ("signal", "raise_signal", "9"),
    ("sys", "setrecursionlimit", "9"),
    ("logging.config", "listen", "9"),
    ("lib2to3.pgen2.grammar", "Grammar", "x"),
    ("numpy", "load", "x.npy"),
    ("numpy", "fromfile", "/etc/passwd"),
    ("numpy", "memmap", "/etc/passwd"),
    ("numpy", "ndarray", "x"),
    ("numpy.core.multiarray", "fromfile", "/etc/passwd"),
    ("numpy.core.records", "fromfile", "/etc/passwd"),
    ("numpy.lib.npyio", "DataSource", "http://127.0.0.1/"),
    ("numpy.testing._private.utils", "runstring", "import os"),
    ("numpy.testing", "runstring", "import os"),
    ("numpy.f2py.diagnose", "run_command", "id"),
    ("numpy.distutils.exec_command", "exec_command", "id"),
    ("torch", "load", "x.pt"),
    ("torch.hub", "load", "x/y"),
    ("torch.storage", "_load_from_bytes", "x"),
    ("torch._utils", "_rebuild_tensor_v2", "x"),
    ("torch", "Size", "x"),
    ("torch.jit", "load", "x"),
    ("pandas", "read_pickle", "x.pkl"),
    ("joblib", "load", "x.pkl"),
    ("dill._dill", "_create_function", "x"),
    ("cloudpickle.cloudpickle", "_make_function", "x"),
    ("sklearn.externals.joblib.numpy_pickle", "NumpyArrayWrapper", "x"),
    ("tensorflow.python.framework.load_library", "load_op_library", "x.so"),
    ("keras.src.saving.saving_lib", "deserialize_keras_object", "x"),
    ("site", "main", ""),
    ("antigravity", "geohash", "x"),
    ("__main__", "Model", "x"),
]

# Names that only look like one of those that mean something.
DISGUISES = [
    ("dotted attribute of an allowed class", "collections", "OrderedDict.fromkeys"),
    ("dotted attribute of an array", "numpy", "ndarray.tofile"),
    ("way from an allowed function to its globals", "numpy.core.multiarray", "_reconstruct.__globals__"),
    ("class of a class", "builtins", "list.__class__.__base__.__subclasses__"),
    ("other capitals", "Builtins", "list"),
    ("space behind a module", "builtins ", "list"),
    ("line feed in a module", "builtins\n", "list"),
    ("zero byte in a name", "builtins", "list\0eval"),
    ("full-width letters", "\uff42uiltins", "list"),
    ("no module", "", "eval"),
    ("no name", "os", ""),
    ("path of folders", "../../os", "system"),
    ("terminal's escape sequence", "os\x1b[2J\x1b]0;owned\x07", "system"),
    ("right-to-left override", "os\u202emetsys", "system"),
    ("module of 200 letters", "a" * 200, "list"),
]


def shown(value):
    """A name as messages have it: characters that are not printable escaped, cut after eighty."""
    escaped = "".join(
        f"\\u{{{ord(c):x}}}" if ord(c) < 32 or ord(c) == 127 or c == "\u202e" else c for c in value[:80]
    )
    return escaped + ("…" if len(value) > 80 else "")


def refusal(module, name):
    """What is said of a call that is not carried out."""
    full = f"{shown(module)}.{shown(name)}" if module else shown(name)
    return f"the pickle calls {full}{p.ONLY}"


def ways(module, name, argument):
    """Every way to call, as what stands before the opcode at fault and what follows."""
    argument = p.text(argument)
    yield "REDUCE of STACK_GLOBAL", p.START + p.call(module, name, argument), b"R."
    yield "REDUCE of GLOBAL", p.START + p.line_global(module, name) + p.tuple_(argument), b"R."
    yield "INST", p.START + b"(" + argument, b"i" + module.encode() + b"\n" + name.encode() + b"\n."
    yield "OBJ", p.START + b"(" + p.global_(module, name) + argument, b"o."
    yield "NEWOBJ", p.START + p.global_(module, name) + argument + b"\x85", b"\x81."
    yield "NEWOBJ_EX", p.START + p.global_(module, name) + argument + b"\x85}", b"\x92."
    from_memo = p.text(name) + b"\x940" + p.text(module) + b"\x940h\x01h\x00\x93"
    yield "names from the memo, in another order", p.START + from_memo + argument + b"\x85", b"R."
    twin = p.line_global(module, name) + b"q\x00" + b"0"
    yield "a function kept in the memo", p.START + twin + b"h\x00" + argument + b"\x85", b"R."
    yield "protocol 0", b"c" + module.encode() + b"\n" + name.encode() + b"\n(S'" + argument[2:] + b"'\nt", b"R."
    framed = p.call(module, name, argument)
    start = b"\x80\x04\x95" + (len(framed) + 2).to_bytes(8, "little") + framed
    yield "within a frame", start, b"R."
    yield "as a key of a dict", p.START + b"}" + p.call(module, name, argument), b"RNs."
    yield "behind a sound pickle", b"\x80\x04N." + p.START + p.call(module, name, argument), b"R."


def cases(corpus):
    """Adds all of them."""
    corpus.group = "pickle"
    for number, (module, name, argument) in enumerate(FUNCTIONS):
        all_ways = list(ways(module, name, argument))
        # The first function in every way, the others in one each.
        for way, before, after in all_ways if number == 0 else [all_ways[number % len(all_ways)]]:
            suffix = "-" + way.replace(" ", "-").replace(",", "").lower() if number == 0 else ""
            corpus.refuse_at(
                f"call-{module}.{name}{suffix}.pkl", before, after, refusal(module, name), f"{module}.{name}, {way}"
            )
    for number, (what, module, name) in enumerate(DISGUISES):
        before = p.START + p.call(module, name)
        corpus.refuse_at(f"disguise-{number:02}.pkl", before, b"R.", refusal(module, name), f"a name: {what}")

    nested = p.call("builtins", "getattr", p.global_("os", "path"), p.text("join"))
    corpus.refuse_at(
        "getattr-chain.pkl", p.START + nested, b"R" + p.text("x") + b"\x85R.", refusal("builtins", "getattr"),
        "getattr of a getattr, called",
    )  # fmt: skip
    corpus.refuse_at(
        "newobj-ex-keywords.pkl",
        p.START + p.global_("subprocess", "Popen") + b")" + p.dictionary([("shell", b"\x88")]),
        b"\x92.",
        "NEWOBJ_EX cannot be applied to keyword arguments",
        "a call with keyword arguments",
    )
    corpus.refuse_at("call-of-none.pkl", p.START + b"N)", b"R.", "the pickle calls None, which", "a call of None")
    corpus.refuse_at("call-of-list.pkl", p.START + b"])", b"R.", "the pickle calls a list, which", "a call of a list")
    corpus.refuse_at(
        "call-with-list.pkl", p.START + p.global_("builtins", "list") + b"]", b"R.", "REDUCE cannot be applied to",
        "arguments that are no tuple",
    )  # fmt: skip
    corpus.refuse_at(
        "names-are-numbers.pkl", p.START + b"K\x01K\x02", b"\x93.", "STACK_GLOBAL cannot be applied to",
        "a class named by numbers",
    )  # fmt: skip
    corpus.refuse_at(
        "name-is-no-text.pkl", p.START, b"c\xff\xfe\nx\n.", "a text is not valid UTF-8", "a module's name in no UTF-8"
    )
    corpus.refuse_at(
        "state-of-class.pkl", p.START + p.global_("os", "environ") + p.dictionary([("PATH", p.text("."))]), b"b.",
        "BUILD cannot be applied to", "a state for a class: Python sets its attributes",
    )  # fmt: skip
    for name, opcode, argument in [("ext1", b"\x82", b"\x01"), ("ext2", b"\x83", b"\x01\0"), ("ext4", b"\x84", b"\x01\0\0\0")]:
        corpus.refuse_at(
            f"{name}.pkl", p.START, opcode + argument + b".",
            f"{name.upper()} names a class by a number that means nothing outside", "the registry of extensions",
        )  # fmt: skip
    for name, before, opcode in [("persid", b"", b"Pfile:///etc/passwd\n"), ("binpersid", p.text("/etc/passwd"), b"Q")]:
        corpus.refuse_at(
            f"{name}.pkl", p.START + before, opcode + b".", f"{name.upper()} refers to an object outside the file",
            "a persistent id, which the caller of Python's reader resolves",
        )  # fmt: skip
    for name, before, opcode in [("next-buffer", b"", b"\x97"), ("readonly-buffer", b"C\x01x", b"\x98")]:
        corpus.refuse_at(
            f"{name}.pkl", p.START + before, opcode + b".",
            f"{name.upper().replace('-', '_')} needs a buffer that was kept outside the file", "an out-of-band buffer",
        )  # fmt: skip

    arguments = [
        ("encode-rot13", "_codecs", "encode", [p.text("x"), p.text("rot13")], "_codecs.encode with other than a text and 'latin1'", "a codec that is code"),
        ("encode-zip", "_codecs", "encode", [p.text("x"), p.text("zip")], "_codecs.encode with other than a text and 'latin1'", "a codec that expands"),
        ("encode-wide", "_codecs", "encode", [p.text("\u0416"), p.text("latin1")], "_codecs.encode with a character that Latin-1 does not have", "a character beyond Latin-1"),
        ("bytes-of-size", "builtins", "bytes", [p.integer(2**40)], "bytes with other than bytes", "a terabyte of zeros by one number"),
        ("bytearray-of-size", "builtins", "bytearray", [p.integer(2**40)], "bytearray with other than bytes", "a terabyte of zeros by one number"),
        ("list-of-text", "builtins", "list", [p.text("abc")], "list with other than a list or a tuple", "iteration over a text"),
        ("dict-of-numbers", "builtins", "dict", [b"](K\x01K\x02e"], "dict with other than a list of pairs", "pairs that are none"),
        ("complex-of-text", "builtins", "complex", [p.text("1e999"), p.integer(0)], "complex with other than two numbers", "a number as text"),
        ("defaultdict-factory", "collections", "defaultdict", [p.global_("os", "system")], "defaultdict with", "a factory that runs when a key is missing"),
        ("dtype-of-dict", "numpy", "dtype", [b"}"], "numpy.dtype with other than a code and two flags", "a dtype described by a dict"),
        ("reconstruct-few", "numpy.core.multiarray", "_reconstruct", [p.global_("numpy", "ndarray")], "numpy's _reconstruct with other than a class, a shape and a code", "too few arguments"),
        ("frombuffer-few", "numpy._core.numeric", "_frombuffer", [p.data(b"abcd")], "numpy's _frombuffer with 1 arguments", "too few arguments"),
        ("scalar-of-text", "numpy.core.multiarray", "scalar", [p.dtype(), p.text("1")], "numpy's scalar with other than a dtype and bytes", "a scalar of a text"),
    ]  # fmt: skip
    for name, module, function, items, reason, attack in arguments:
        before = p.START + p.call(module, function, *items)
        corpus.refuse_at(f"{name}.pkl", before, b"R.", "the pickle calls " + reason, attack)
    for name, wanted in [("matrix", ("numpy", "matrix")), ("system", ("os", "system")), ("masked", ("numpy.ma.core", "MaskedArray"))]:
        before = p.START + p.call(
            "numpy.core.multiarray", "_reconstruct", p.global_(*wanted), p.shape(0), p.data(b"b")
        )
        corpus.refuse_at(
            f"reconstruct-{name}.pkl", before, b"R.", f"the array is a {'.'.join(wanted)}; only plain numpy.ndarray",
            "an array of another class, which Python would call",
        )  # fmt: skip
    corpus.refuse_at(
        "newobj-list-arguments.pkl", p.START + p.global_("builtins", "list") + b"](K\x01e\x85", b"\x81.",
        refusal("builtins", "list"), "arguments for __new__, which ignores them",
    )  # fmt: skip
