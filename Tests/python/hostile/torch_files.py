"""Files of PyTorch, of both containers, that lie about their tensors or call something, for formats/torch.md."""

from . import deflate, u64
from . import pickled as p
from .zip_files import Entry, archive

MAGIC = 0x1950A86A20F9469CFC6C
ROOT = "archive/"


def storage(key="0", count=4, kind="FloatStorage", module="torch"):
    """A persistent id."""
    return p.tuple_(p.text("storage"), p.global_(module, kind), p.text(key), p.text("cpu"), p.integer(count)) + b"Q"


def tensor(shape=(4,), strides=(1,), offset=0, source=None, function="_rebuild_tensor_v2"):
    """A call of PyTorch's function, without its REDUCE."""
    hooks = p.global_("collections", "OrderedDict") + b")R"
    source = storage() if source is None else source
    items = [source, p.integer(offset), p.shape(*shape), p.shape(*strides), b"\x89", hooks]
    return p.call("torch._utils", function, *items)


def state(value):
    """A dict with one tensor, as a pickle of PyTorch's."""
    return b"\x80\x02" + b"}" + p.text("w") + value + b"s."


def zip_file(pickle, storages=(("0", b"\0" * 16),), extra=(), version=b"3\n", **options):
    """The zip container."""
    entries = [Entry(ROOT + "data.pkl", pickle, **options)]
    if version is not None:
        entries.append(Entry(ROOT + "version", version))
    entries += [Entry(ROOT + "data/" + key, content) for key, content in storages]
    return archive(entries + list(extra))


def legacy(pickle, keys=(b"0",), tail=u64(4) + b"\0" * 16, protocol=1001):
    """The old container."""
    magic = b"\x80\x02\x8a\x0a" + MAGIC.to_bytes(10, "little") + b"."
    keys = b"\x80\x02](" + b"".join(p.text(key) for key in keys) + b"e."
    return magic + b"\x80\x02" + p.integer(protocol) + b"." + b"\x80\x02}." + pickle + keys + tail


def calls(corpus):
    """Calls and persistent ids in data.pkl."""
    start = 30 + len(ROOT + "data.pkl")
    only = "; only tensors and plain containers are read"
    for module, name in [
        ("os", "system"), ("builtins", "eval"), ("torch", "load"), ("torch.serialization", "load"), ("torch.storage", "_load_from_bytes"),
        ("torch.jit._serialization", "load"), ("torch.nn.modules.linear", "Linear"), ("torch._utils", "_import_dotted_name"),
        ("torch.hub", "load_state_dict_from_url"), ("torch.fx.graph_module", "reduce_graph_module"), ("torch.package", "PackageImporter"),
        ("__main__", "Net"), ("torch", "Tensor"), ("torch._utils", "_rebuild_tensor_v2.__globals__"),
    ]:  # fmt: skip
        before = b"\x80\x02" + p.call(module, name, p.text("x"))
        sentence = f"byte {start + len(before)}: the pickle calls {module}.{name}{only}"
        corpus.refuse(f"call-{module}.{name}.pt", zip_file(before + b"R."), sentence, f"{module}.{name} in data.pkl")
    for module, name, kind in [
        ("torch._utils", "_rebuild_sparse_tensor", "a sparse tensor"), ("torch._utils", "_rebuild_qtensor", "a quantized tensor"),
        ("torch._tensor", "_rebuild_from_type_v2", "a tensor of a subclass"), ("torch._utils", "_rebuild_meta_tensor_no_storage", "a tensor without numbers"),
        ("torch._utils", "_rebuild_wrapper_subclass", "a tensor of a subclass"),
    ]:  # fmt: skip
        data = zip_file(b"\x80\x02" + p.call(module, name, p.text("x")) + b"R.")
        corpus.refuse(f"kind-{name}.pt", data, f"the file has {kind}", "a tensor of a kind that needs code")

    def reference(name, items, reason, attack):
        corpus.refuse(f"id-{name}.pt", zip_file(state(p.tuple_(*items) + b"Q")), reason, attack)

    kind, cpu, four = p.global_("torch", "FloatStorage"), p.text("cpu"), p.integer(4)
    tag = p.text("storage")
    no_key = "a persistent id has a key that is no number of up to 20 digits"
    reference("path", [tag, kind, p.text("../../etc/passwd"), cpu, four], no_key, "a storage's key that is a path")
    reference("empty", [tag, kind, p.text(""), cpu, four], no_key, "a storage without a key")
    reference("long", [tag, kind, p.text("1" * 21), cpu, four], no_key, "a key of 21 digits")
    reference("escape", [tag, kind, p.text("0\x1b[2J"), cpu, four], no_key, "a key that clears the terminal")
    reference("negative", [tag, kind, p.text("0"), cpu, p.integer(-4)], "a persistent id has a number of elements that cannot be", "a negative size")
    reference("2e60", [tag, kind, p.text("0"), cpu, p.integer(2**60)], "a persistent id has a number of elements that cannot be", "2^60 elements")
    reference("class", [tag, p.global_("os", "system"), p.text("0"), cpu, four], "the file has a tensor over os.system", "a class that is none of a storage")
    reference("class-text", [tag, p.text("FloatStorage"), p.text("0"), cpu, four], "a persistent id has a text as the class of a storage", "a class that is a text")
    reference("quantized", [tag, p.global_("torch", "QInt8Storage"), p.text("0"), cpu, four], "the file has a tensor over torch.QInt8Storage", "quantized numbers")
    reference("module", [p.text("module"), kind, p.text("x.py"), p.text("import os")], "the file holds a module with its source", "the source of a module")
    reference("other", [p.text("file"), p.text("/etc/passwd")], "a persistent id has other than a storage's description", "a reference to a file")
    reference("few", [tag, kind], "a persistent id has other than a storage's description", "a storage of two values")
    two = b"\x80\x02}(" + p.text("a") + tensor() + b"R" + p.text("b") + tensor(source=storage(kind="DoubleStorage")) + b"Ru."
    corpus.refuse("id-twice.pt", zip_file(two), "the storage 0 is described in two ways", "one storage of two types")
    two = b"\x80\x02}(" + p.text("a") + tensor() + b"R" + p.text("b") + tensor(source=storage(count=2**30)) + b"Ru."
    corpus.refuse("id-two-sizes.pt", zip_file(two), "the storage 0 is described in two ways", "one storage of two sizes")
    corpus.refuse("id-of-text.pt", zip_file(b"\x80\x02P/etc/passwd\n."), "PERSID refers to an object outside the file", "a persistent id in a line")
    corpus.refuse("storage-alone.pt", zip_file(state(storage())), "the file has no tensors", "a storage without a tensor")


def views(corpus):
    """Shapes, strides and offsets."""

    def view(name, reason, attack, **options):
        corpus.refuse(f"view-{name}.pt", zip_file(state(tensor(**options) + b"R")), reason, attack)

    beyond = "reaches beyond its storage of 4 elements"
    view("long", beyond, "a tensor longer than its storage", shape=(5,))
    view("offset", beyond, "an offset behind the storage", offset=4)
    view("offset-2e62", beyond, "an offset of 2^62", offset=2**62)
    view("stride", beyond, "a stride that leads out", strides=(2,))
    view("stride-overflow", beyond, "strides whose product overflows", shape=(3, 3), strides=(2**62, 2**62))
    view("stride-2e63", beyond, "a stride of 2^63 - 1", shape=(2,), strides=(2**63 - 1,))
    view("negative-stride", "a tensor has other than natural numbers as its strides", "a negative stride", strides=(-1,))
    view("negative-shape", "a tensor has other than natural numbers as its shape", "a negative extent", shape=(-4,))
    view("negative-offset", "a tensor has an offset that is no natural number", "a negative offset", offset=-1)
    view("2e64", "a tensor has more elements than can be", "a shape of 2^64 elements", shape=(2**32, 2**32), strides=(0, 0))
    view("2e40-of-one", "the tensors share their storages and claim more than", "a terabyte of one repeated number", shape=(2**40,), strides=(0,))
    view("rank", "a tensor has 2 dimensions and 1 strides", "more dimensions than strides", shape=(2, 2))
    view("rank-65", "a tensor has no tuple of at most 64 numbers as its shape", "65 dimensions", shape=(1,) * 65, strides=(1,) * 65)
    view("beyond-64-bits", "a tensor has other than natural numbers as its shape", "an extent beyond 64 bits", shape=(2**70,))
    view("version-3", "the pickle calls torch's _rebuild_tensor_v3 with other than a storage and a view of it", "a tensor without its type", function="_rebuild_tensor_v3")
    repeated = b"".join(p.text(f"w{i}") + tensor(shape=(2**20, 2), strides=(0, 1)) + b"R" for i in range(64))
    corpus.refuse("view-repeated.pt", zip_file(b"\x80\x02}(" + repeated + b"u."), "the tensors share their storages and claim more than", "64 times eight megabytes of four numbers")
    few = p.call("torch._utils", "_rebuild_tensor_v2", storage())
    corpus.refuse("view-few.pt", zip_file(state(few + b"R")), "with other than a storage and a view of it", "a tensor without shape")


def containers(corpus):
    """The zip and the old container."""
    sound = state(tensor() + b"R")
    corpus.refuse("storage-missing.pt", zip_file(sound, ()), "the storage 0 of a tensor is not in the file", "no storage")
    corpus.refuse("storage-short.pt", zip_file(sound, [("0", b"\0" * 15)]), "the storage 0 has 15 bytes, and its tensors need 16", "a storage that is too short")
    corpus.refuse("storage-long.pt", zip_file(sound, [("0", b"\0" * 17)]), "the storage 0 has 17 bytes, and its tensors need 16", "a storage that is too long")
    large = state(tensor(source=storage(count=2**40)) + b"R")
    corpus.refuse("storage-2e40.pt", zip_file(large), "the storage 0 has 16 bytes, and its tensors need 4398046511104", "a storage of four terabytes")
    bad = archive([Entry(ROOT + "data.pkl", sound), Entry(ROOT + "version", b"3\n"), Entry(ROOT + "data/0", b"\0" * 16, crc=7)])
    corpus.refuse("storage-crc.pt", bad, '"archive/data/0" in the zip archive is damaged', "a storage with a wrong CRC-32, which PyTorch takes")
    corpus.refuse("pickle-crc.pt", zip_file(sound, crc=7), '"archive/data.pkl" in the zip archive is damaged', "a pickle with a wrong CRC-32")
    corpus.refuse("no-version.pt", zip_file(sound, version=None), 'the archive lacks "archive/version"', "no version")
    for name, text in [("99", b"99\n"), ("text", b"three"), ("minus", b"-3")]:
        corpus.refuse(f"version-{name}.pt", zip_file(sound, version=text), f'archive/version is "{text.decode().strip()}", which is not known', "an unknown version")
    for name, text in [("middle", b"middle"), ("empty", b""), ("capitals", b"BIG")]:
        extra = [Entry(ROOT + "byteorder", text)]
        corpus.refuse(f"byteorder-{name}.pt", zip_file(sound, extra=extra), f'archive/byteorder is "{text.decode()}", which is not known', "an unknown byte order")
    extra = [Entry(ROOT + "byteorder", b"A" * 9000)]
    corpus.refuse("byteorder-long.pt", zip_file(sound, extra=extra), '"archive/byteorder" in the zip archive has 9000 bytes; at most 64 are read', "a byte order of 9,000 letters")
    corpus.refuse("script.pt", zip_file(sound, extra=[Entry(ROOT + "constants.pkl", b"\x80\x02).")]), "this is a TorchScript program", "a program")
    corpus.refuse("two-pickles.pt", zip_file(sound, extra=[Entry("other/data.pkl", sound)]), "the zip archive has 2 files data.pkl, and PyTorch's have one", "two pickles")
    corpus.refuse("trailing.pt", zip_file(sound + b"\x80\x02."), "3 bytes follow the pickle's end", "a second pickle in data.pkl")
    corpus.refuse("no-tensors.pt", zip_file(b"\x80\x02}.", ()), "the file has no tensors", "a dict of nothing")
    packed = deflate.stored(b"\x80\x02" + p.call("os", "system", p.text("id")) + b"R.")
    content = b"\x80\x02" + p.call("os", "system", p.text("id")) + b"R."
    data = archive([Entry(ROOT + "data.pkl", content, packed), Entry(ROOT + "version", b"3\n")])
    corpus.refuse("call-compressed.pt", data, f"in data.pkl, decompressed byte {len(content) - 2}: the pickle calls os.system", "a call in a compressed pickle")
    bomb, content = deflate.bomb(b"\x80\x02", ord("("), 2000)
    data = archive([Entry(ROOT + "data.pkl", content, bomb), Entry(ROOT + "version", b"3\n")])
    corpus.refuse("bomb-marks.pt", data, "the pickle ends without a STOP", "half a million marks in 1 kB")

    size = len(legacy(sound))
    corpus.refuse("legacy-protocol.pt", legacy(sound, protocol=1002), "the file has another version of the legacy protocol than 1001", "another version")
    corpus.refuse("legacy-call.pt", legacy(b"\x80\x02" + p.call("os", "system", p.text("id")) + b"R."), "the pickle calls os.system; only tensors", "a call in the fourth pickle")
    facts = legacy(sound).replace(b"\x80\x02}.\x80\x02}", b"\x80\x02" + p.call("os", "system", p.text("id")) + b"R.\x80\x02}", 1)
    corpus.refuse("legacy-call-in-facts.pt", facts, "the pickle calls os.system", "a call in the third pickle")
    corpus.refuse("legacy-keys-text.pt", legacy(sound).replace(b"\x80\x02](" + p.text("0") + b"e.", b"\x80\x02" + p.text("0") + b".", 1), "the file has no list of the storages' keys", "a text as the list of keys")
    corpus.refuse("legacy-key-unknown.pt", legacy(sound, keys=(b"7",)), "the file has a storage that no tensor has named", "a key that nobody names")
    corpus.refuse("legacy-key-twice.pt", legacy(sound, keys=(b"0", b"0"), tail=(u64(4) + b"\0" * 16) * 2), "the file has the same storage twice", "a key twice")
    corpus.refuse("legacy-key-missing.pt", legacy(sound, keys=(), tail=b""), "the storage 0 of a tensor is not in the file", "a key that is missing")
    corpus.refuse("legacy-count.pt", legacy(sound, tail=u64(5) + b"\0" * 20), "the storage 0 has 20 bytes, and its tensors need 16", "another number of elements")
    corpus.refuse("legacy-count-negative.pt", legacy(sound, tail=u64(-1) + b"\0" * 16), "the storage 0 has -4 bytes, and its tensors need 16", "a negative number of elements")
    corpus.refuse("legacy-cut.pt", legacy(sound)[:-1], f"byte {size - 16}: the input ends early: the storage 0 takes 16 bytes, and 15 are left", "a storage that is cut off")
    corpus.refuse("legacy-trailing.pt", legacy(sound) + b"hidden", f"byte {size}: the file goes on for 6 bytes behind its last storage", "bytes behind the end")
    corpus.refuse("legacy-magic-only.pt", legacy(sound)[:15], "byte 15: the pickle ends without a STOP", "a magic number alone")


def cases(corpus):
    """Adds all of them."""
    corpus.group = "PyTorch"
    calls(corpus)
    views(corpus)
    containers(corpus)
