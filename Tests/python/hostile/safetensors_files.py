"""safetensors files, plain and native, whose headers, checksums, graphs or shapes lie, for formats/model-file.md."""

import copy
import json
import zlib

from . import u64

# One linear layer of two inputs and two outputs.
MANIFEST = {
    "graph": {
        "nodes": [{"attributes": {"bias": True, "in_features": 2, "out_features": 2}, "inputs": ["input"], "name": "fc", "op": "linear"}],
        "output": "fc",
    },
    "input": {"dtype": "F32", "shape": [2]},
    "kind": "model",
    "labels": ["no", "yes"],
    "preprocess": {"deviation": 1, "divisor": 255, "mean": 0, "normalization": "none", "polarity": "white-on-black"},
    "provenance": {"options": {}, "sources": [], "tool": "mnist-convert", "version": "0.1.0"},
    "requires": [],
}  # fmt: skip
TENSORS = [("fc.bias", "F32", [2], b"\0" * 8), ("fc.weight", "F32", [2, 2], b"\0" * 16)]


def canonical(value):
    """JSON as the format wants it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sealed(text, data):
    """The header with its padding and its checksum, and the data."""
    text = text.encode()
    text += b" " * (-(8 + len(text)) % 64)
    whole = u64(len(text)) + text
    whole = whole[:38] + b"0" * 8 + whole[46:]
    return whole[:38] + b"%08x" % zlib.crc32(whole) + whole[46:] + data


def native(change=None, tensors=None, checksums=None, manifest_text=None, version="1", header=None):
    """A native file; `change` gets the manifest to spoil it before everything is sealed."""
    tensors = TENSORS if tensors is None else tensors
    manifest = copy.deepcopy(MANIFEST)
    manifest["tensors"] = {name: "%08x" % zlib.crc32(data) for name, _, _, data in tensors}
    manifest["tensors"].update(checksums or {})
    if change:
        change(manifest)
    entries, position = {}, 0
    for name, dtype, shape, data in tensors:
        entries[name] = {"data_offsets": [position, position + len(data)], "dtype": dtype, "shape": shape}
        position += len(data)
    metadata = {"cnn.crc32": "0" * 8, "cnn.manifest": manifest_text or canonical(manifest), "cnn.version": version}
    rest = canonical(entries)
    text = '{"__metadata__":' + canonical(metadata) + ("," + rest[1:] if entries else "}")
    return sealed(header(text) if header else text, b"".join(data for _, _, _, data in tensors))


def plain(text, data=b"", size=None):
    """A plain file with this header."""
    text = text.encode() if isinstance(text, str) else text
    return u64(len(text) if size is None else size) + text + data


def entry(name="w", begin=0, end=8, dtype="F32", shape="[2]", more=""):
    """A tensor's entry."""
    return f'"{name}":{{"data_offsets":[{begin},{end}],"dtype":"{dtype}","shape":{shape}{more}}}'


def plain_files(corpus):
    """Plain files."""
    eight = b"\0" * 8

    def one(name, sentence, attack, text, data=eight):
        corpus.refuse(f"{name}.safetensors", plain("{" + text + "}", data), sentence, attack)

    name = 'tensor "w"'
    one("overlap", 'tensor "x" begins at byte 4 of the data; it should begin at 8', "two tensors of the same bytes", entry() + "," + entry("x", 4, 12), b"\0" * 12)
    one("same-range", 'of the data; it should begin at 8', "two tensors of one range", entry() + "," + entry("x"))
    one("gap", f'{name} begins at byte 4 of the data; it should begin at 0', "bytes that belong to no tensor", entry(begin=4, end=12), b"\0" * 12)
    one("backwards", f"{name} takes 8 bytes, and its offsets are 8 and 0", "offsets that run backwards", entry(begin=8, end=0))
    one("end-2e53", f"{name} takes 8 bytes, and its offsets are 0 and {2**53}", "an offset of 2^53", entry(end=2**53))
    one("end-2e64", "in the header the JSON has a number that is not written as an integer within 2^53", "an offset of 2^64", entry(end=2**64))
    one("end-negative", "in the header w.data_offsets[0] should be from 0 to 9007199254740992, and is -8", "a negative offset", entry(begin=-8, end=0))
    one("shape-2e106", f"{name} has the shape [{2**53}, {2**53}], more than any memory holds", "a shape whose product overflows", entry(shape=f"[{2**53},{2**53}]"))
    one("shape-zero-2e106", f"{name} has the shape [0, {2**53}, {2**53}], more than any memory holds", "an overflow behind a 0", entry(end=0, shape=f"[0,{2**53},{2**53}]"), b"")
    one("shape-negative", "in the header w.shape[0] should be from 0 to 9007199254740992, and is -2", "a negative extent", entry(shape="[-2]"))
    one("shape-fraction", "in the header the JSON has a number that is not written as an integer", "a fraction as an extent", entry(shape="[2.0]"))
    one("shape-number", "in the header w.shape should be an array, and is a number", "a number as the shape", entry(shape="2"))
    one("shape-other", f"{name} takes 12 bytes, and its offsets are 0 and 8", "more elements than bytes", entry(shape="[3]"))
    one("rank-9", f"{name} has 9 extents; at most 8 are read", "nine dimensions", entry(shape="[1,1,1,1,1,1,1,2,1]"))
    one("rank-9000", f"{name} has 9000 extents; at most 8 are read", "9,000 dimensions", entry(shape="[" + "1," * 8999 + "2]"))
    for dtype in ("F8_E4M3", "F4", "C64", "object", "f32", ""):
        one(f"dtype-{dtype or 'empty'}", f'{name} is of type "{dtype}", which is not read', "a type that is not read", entry(dtype=dtype))
    one("dtype-escape", f'{name} is of type "\\u{{1b}}[2J", which is not read', "a type that clears the terminal", entry(dtype="\\u001b[2J"))
    one("extra-member", f'the header says "code" of {name}, which has no meaning', "a member that means nothing", entry(more=',"code":"import os"'))
    one("duplicate", 'in the header the JSON has two members called "w" in one object', "two tensors of one name", entry() + "," + entry())
    one("duplicate-offsets", 'two members called "dtype" in one object', "two types of one tensor", entry(more=',"dtype":"I32"'))
    one("duplicate-unicode", "two tensors have names that Unicode takes for the same", "names that are equal to Unicode alone", entry("\u00e9") + "," + entry("e\u0301", 8, 16), b"\0" * 16)
    one("duplicate-escaped", 'in the header the JSON has two members called "w"', "one name, once by an escape", entry() + "," + entry("\\u0077"))
    one("name-300", "has a name of more than 255 bytes", "a name of 300 letters", entry("n" * 300))
    one("bool-2", f"{name} is boolean and has the value 2", "a boolean that is 2", entry(end=1, dtype="BOOL", shape="[1]"), b"\2")
    one("data-short", "the tensors take 8 bytes, and 7 follow the header", "data that are cut off", entry(), b"\0" * 7)
    one("data-long", "the tensors take 8 bytes, and 9 follow the header", "a byte behind the data", entry(), b"\0" * 9)
    one("data-2e40", f"the tensors take {2**42} bytes; at most 4294967296 are read", "four terabytes", entry(end=2**42, shape=f"[{2**40}]"))
    one("metadata-number", "in the header __metadata__.a should be a string, and is a number", "metadata that are no texts", '"__metadata__":{"a":1}')
    one("metadata-list", "in the header __metadata__ should be an object, and is an array", "metadata that are a list", '"__metadata__":[]')
    one("member-number", "in the header w should be an object, and is a number", "a tensor that is a number", '"w":1')
    one("deep", "in the header the JSON is nested more than 32 deep", "30,000 brackets", '"w":' + "[" * 15000 + "]" * 15000)
    one("lone-surrogate", "in the header a string of the JSON has half a surrogate pair, \\ud800", "half a character", entry("\\ud800"))
    one("nan", "in the header the JSON has 'N' where a value should be", "no number", entry(shape="[NaN]"))
    one("number-2000", "in the header the JSON has a number of more than 1024 characters", "a number of 2,000 digits", entry(shape="[" + "1" * 2000 + "]"))
    corpus.refuse("not-utf8.safetensors", plain(b'{"\xff":1}'), "in the header the JSON is not valid UTF-8", "a header in no UTF-8")
    corpus.refuse("no-end.safetensors", plain('{"w":{'), "in the header the JSON ends early", "a header without end")
    corpus.refuse("two-objects.safetensors", plain("{}{}"), "in the header something follows the end of the JSON", "two headers")
    corpus.refuse("header-16m.safetensors", plain("{}", size=2**24), "the file ends early: the header has 16777216 bytes, and 2 are there", "a header of 16 MB")
    corpus.refuse("header-17m.safetensors", plain("{}", size=2**24 + 1), "the format is not known (it begins with 01 00 00 01 00 00 00 00)", "a header beyond the limit")
    corpus.refuse("header-2e63.safetensors", plain("{}", size=2**63), "the format is not known (it begins with 00 00 00 00 00 00 00 80)", "a header of 2^63 bytes")
    corpus.refuse("header-1.safetensors", plain("{}", size=1), "the format is not known (it begins with 01 00 00 00 00 00 00 00)", "a header of one byte")
    corpus.refuse("white-space.safetensors", plain(" {}"), "the format is not known (it begins with 03 00 00 00 00 00 00 00)", "white space before the header")
    corpus.useless("empty.safetensors", plain("{}"), "this is a file without arrays", "no tensors at all")
    corpus.useless("path-name.safetensors", plain("{" + entry("../../etc/passwd") + "}", eight), "../../etc/passwd", "a name that is a path")
    corpus.useless("terminal-name.safetensors", plain("{" + entry("\\u001b]0;owned\\u0007") + "}", eight), "\\u{1b}]0;owned\\u{7}", "a name that renames the terminal")


def native_files(corpus):
    """Native files."""
    sound = native()

    def spoiled(name, sentence, attack, change=None, **options):
        corpus.refuse(f"native-{name}.safetensors", native(change, **options), sentence, attack)

    flipped = bytearray(sound)
    flipped[100] ^= 1
    corpus.refuse("native-bit-in-header.safetensors", flipped, "the header is damaged: its checksum is", "a bit of the header")
    flipped = bytearray(sound)
    flipped[-1] ^= 1
    corpus.refuse("native-bit-in-data.safetensors", flipped, 'tensor "fc.weight" is damaged: its checksum is', "a bit of the data")
    corpus.refuse("native-digits.safetensors", sound[:38] + b"ABCDEFGH" + sound[46:], "byte 38: the header's checksum is not eight lower-case hexadecimal digits", "a checksum that is none")
    corpus.refuse("native-cut.safetensors", sound[:-1], "the tensors take 24 bytes, and 23 follow the header", "data that are cut off")
    corpus.refuse("native-long.safetensors", sound + b"\0", "the tensors take 24 bytes, and 25 follow the header", "a byte behind the data")
    corpus.refuse("native-key-damaged.safetensors", sound.replace(b"cnn.crc32", b"cnn.crc33", 1), "this is a damaged model file: it does not begin as one", "a damaged name, so that nothing seems checked")
    text = sound[8 : 8 + int.from_bytes(sound[:8], "little")].rstrip(b" ").decode()
    corpus.refuse("native-padding.safetensors", sealed(text + " " * 64, sound[-24:]), "is not padded to the next multiple of 64", "64 spaces that hide nothing yet")
    spoiled("white-space", "in the header the JSON is not canonical: it has white space", "white space in the header", header=lambda text: text.replace(',"fc.bias"', ', "fc.bias"'))
    spoiled("escape", "in the header the JSON is not canonical", "an escape that need not be", header=lambda text: text.replace('"fc.bias"', '"fc.\\u0062ias"'))
    spoiled("order", 'in the header the JSON is not canonical: "cnn.manifest" stands behind "cnn.version"', "names out of order", header=swapped)
    spoiled("version-2", 'the file is of version "2", and this reader knows version 1', "another version", version="2")
    spoiled("version-escape", 'the file is of version "\\u{1b}[2J"', "a version that clears the terminal", version="\x1b[2J")
    spoiled("metadata-more", "it should have exactly cnn.crc32, cnn.manifest and cnn.version", "more metadata", header=lambda text: text.replace('"cnn.version":"1"', '"cnn.version":"1","run":"import os"'))
    spoiled("no-checksum", 'tensor "fc.bias" has no checksum', "a tensor that nothing checks", lambda m: m["tensors"].pop("fc.bias"))
    spoiled("checksum-more", 'there is a checksum for "ghost", and no such tensor', "a checksum of nothing", checksums={"ghost": "00000000"})
    spoiled("checksum-other", 'tensor "fc.bias" is damaged: its checksum is', "another tensor's checksum", checksums={"fc.bias": "12345678"})
    spoiled("manifest-text", "at byte 0 of the manifest the JSON has 'i' where a value should be", "a manifest that is no JSON", manifest_text="import os")
    spoiled("manifest-deep", "of the manifest the JSON is nested more than 32 deep", "a manifest of brackets", manifest_text="[" * 5000 + "]" * 5000)
    spoiled("manifest-list", "in the manifest the JSON should be an object, and is an array", "a list as the manifest", manifest_text="[]")
    spoiled("manifest-twice", 'of the manifest the JSON has two members called "kind"', "two kinds", manifest_text='{"kind":"model","kind":"dataset"}')
    spoiled("manifest-infinite", "of the manifest the JSON has a number beyond the range of float64", "a number that is infinite", manifest_text='{"a":1e999}')
    spoiled("manifest-minus-zero", "of the manifest the JSON is not canonical: it has a negative zero", "a negative zero", manifest_text='{"a":-0}')
    spoiled("requires", 'the file needs the feature "op.exec", which this version does not know', "a feature that is unknown", lambda m: m.update(requires=["op.exec"]))
    spoiled("kind", 'in the manifest kind should be one of model, checkpoint, dataset, and is "program"', "an unknown kind", lambda m: m.update(kind="program"))
    spoiled("no-kind", "in the manifest kind is missing", "no kind", lambda m: m.pop("kind"))
    spoiled("divisor-zero", "in the manifest preprocess.divisor should be greater than 0", "a division by zero", lambda m: m["preprocess"].update(divisor=0))
    spoiled("deviation-negative", "in the manifest preprocess.deviation should be greater than 0", "a negative deviation", lambda m: m["preprocess"].update(deviation=-1))
    spoiled("labels-few", "there are 1 labels, and the network gives", "fewer names than outputs", lambda m: m.update(labels=["no"]))
    spoiled("label-long", "in the manifest labels[1] has more than 255 bytes", "a label of 2,000 letters", lambda m: m.update(labels=["no", "y" * 2000]))

    def graph(name, sentence, attack, change):
        spoiled(f"graph-{name}", sentence, attack, lambda m: change(m["graph"]["nodes"], m["graph"], m))

    relu = lambda name, source: {"attributes": {}, "inputs": [source], "name": name, "op": "relu"}
    graph("cycle", "which does not come before it", "two layers that read each other", lambda nodes, g, m: (nodes[0].update(inputs=["a"]), nodes.append(relu("a", "fc"))))
    graph("itself", "which does not come before it", "a layer that reads itself", lambda nodes, g, m: nodes[0].update(inputs=["fc"]))
    graph("missing", 'fc: reads from "ghost", and there is no layer of that name', "a layer that is not there", lambda nodes, g, m: nodes[0].update(inputs=["ghost"]))
    graph("dead-end", "a: no layer reads from it, and it is not the output", "a layer that nobody reads", lambda nodes, g, m: nodes.append(relu("a", "fc")))
    graph("twice", "two layers are called fc", "two layers of one name", lambda nodes, g, m: nodes.append(dict(nodes[0])))
    graph("output", 'the network\'s output is "ghost", and there is no such layer', "an output that is not there", lambda nodes, g, m: g.update(output="ghost"))
    graph("none", "the network has no layers", "no layers", lambda nodes, g, m: nodes.clear())
    graph("operation", 'layer "fc": the operation is "exec", which this version does not know', "an operation that is unknown", lambda nodes, g, m: nodes[0].update(op="exec"))
    graph("inputs-1000", "fc: takes 1 input, and has 1000", "a thousand inputs", lambda nodes, g, m: nodes[0].update(inputs=["input"] * 1000))
    for name in ("../w", "a.b", "input", "", "x\x1b[2J", "n" * 200):
        slug = "".join(c if c.isalnum() else "_" for c in name)[:8] or "empty"
        shown = name.replace("\x1b", "\\u{1b}")[:80]
        graph(f"name-{slug}", f'a layer is called "{shown}', "a name that cannot be", lambda nodes, g, m, name=name: nodes[0].update(name=name))
    graph("features-2e40", "fc: in_features is 1099511627776; it should be from 1 to 2147483647", "a trillion inputs", lambda nodes, g, m: nodes[0]["attributes"].update(in_features=2**40))
    graph("features-0", "fc: out_features is 0; it should be from 1 to 2147483647", "no outputs", lambda nodes, g, m: nodes[0]["attributes"].update(out_features=0))
    graph("features-2e31", "the network's input has more than 268435456 values", "a layer of 2^62 weights", lambda nodes, g, m: (nodes[0]["attributes"].update(in_features=2**31 - 1, out_features=2**31 - 1), m["input"].update(shape=[2**31 - 1])))
    graph("features-other", 'tensor "fc.weight" has the shape [2, 2], and should have [2, 3]', "a weight of another shape", lambda nodes, g, m: (nodes[0]["attributes"].update(in_features=3), m["input"].update(shape=[3])))
    graph("attribute-missing", "in the manifest graph.nodes[0].attributes.bias is missing", "an attribute that is missing", lambda nodes, g, m: nodes[0]["attributes"].pop("bias"))
    for name, shape in [("zero", [0]), ("negative", [-1]), ("rank-4", [1, 1, 1, 2]), ("2e31", [2**31])]:
        graph(f"input-{name}", f"the network's input has the shape {shape}; it should have 1 to 3 extents", "an input that cannot be", lambda nodes, g, m, shape=shape: m["input"].update(shape=shape))
    graph("input-2e62", "the network's input has more than 268435456 values", "an input of 2^62 values", lambda nodes, g, m: m["input"].update(shape=[2**31 - 1] * 2))
    spoiled("tensor-missing", 'tensor "fc.bias" is missing', "a weight that is missing", tensors=TENSORS[1:])
    spoiled("tensor-more", 'tensor "ghost" has no meaning in this file', "a weight that belongs to no layer", tensors=TENSORS + [("ghost", "F32", [1], b"\0" * 4)])
    spoiled("tensor-integers", 'tensor "fc.bias" is of type int32, and should be', "integers as weights", tensors=[("fc.bias", "I32", [2], b"\0" * 8), TENSORS[1]])
    images = [("train.labels", "U8", [2], b"\0\7"), ("train.images", "U8", [2, 1, 1], b"\0\0")]

    def dataset(manifest, **more):
        for key in ("graph", "input", "preprocess"):
            manifest.pop(key)
        manifest.update(kind="dataset", divisor=255, **more)

    by_name = sorted(images)
    spoiled("dataset-label", "label 1 of train.labels is 7, and there are 2 labels", "a label beyond the names", dataset, tensors=by_name)
    spoiled("dataset-count", "has 3 pictures and 2 labels", "more pictures than labels", dataset, tensors=[("train.images", "U8", [3, 1, 1], b"\0" * 3), images[0]])
    spoiled("dataset-divisor", "in the manifest divisor should be greater than 0", "a division by zero", lambda m: (dataset(m), m.update(divisor=0)), tensors=by_name)
    spoiled("dataset-none", "the data set has no pictures", "a data set of nothing", dataset, tensors=[])


def swapped(text):
    """The header with two members of its metadata exchanged."""
    head, rest = text.split('"cnn.manifest":', 1)
    end = rest.index('","cnn.version":"1"')
    return head + '"cnn.version":"1","cnn.manifest":' + rest[: end + 1] + rest[end + 1 + len(',"cnn.version":"1"') :]


def cases(corpus):
    """Adds all of them."""
    corpus.group = "safetensors"
    plain_files(corpus)
    native_files(corpus)
