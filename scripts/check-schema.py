#!/usr/bin/env python3
"""Checks model files without the project's own code.

    scripts/check-schema.py [FILE.safetensors ...]

Without arguments: the dump in formats/model-file.md. Each file's layout and checksums are verified after the
specification, its manifest is held against formats/manifest.schema.json (needs jsonschema), and it is opened with
safetensors where that is installed.
"""

import json
import pathlib
import struct
import sys
import zlib

FORMATS = pathlib.Path(__file__).resolve().parent.parent / "formats"
SIZES = {"F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2, "U16": 2,
         "I8": 1, "U8": 1, "BOOL": 1}


def dump():
    """The bytes of the dump in the specification."""
    lines = iter((FORMATS / "model-file.md").read_text().split("\n"))
    while next(lines) != "```hexdump":
        pass
    data = b""
    for line in iter(lambda: next(lines), "```"):
        if not line.startswith(";"):
            assert int(line[:8], 16) == len(data), line
            data += bytes.fromhex(line[10:57])
    return data


def unique(pairs):
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names)), "a name twice"
    return dict(pairs)


def canonical(text, first=None):
    """The value of canonical JSON; the order of members is compared, the spelling of numbers is not."""
    value = json.loads(text, object_pairs_hook=unique)

    def check(value, first=None):
        if isinstance(value, dict):
            names = sorted(value, key=lambda name: (name != first, name.encode()))
            assert names == list(value), f"order of {list(value)[:4]}"
            value = list(value.values())
        if isinstance(value, list):
            for element in value:
                check(element)

    check(value, first)
    return value


def verify(data):
    """Checks all that sections 1 to 4 of the specification ask for; returns the manifest."""
    (length,) = struct.unpack_from("<Q", data)
    start = 8 + length
    assert length <= 1 << 24 and start % 64 == 0 and start <= len(data), "length"
    text = data[8:start].rstrip(b" ")
    assert length - len(text) < 64, "padding"
    assert data[8:38] == b'{"__metadata__":{"cnn.crc32":"', "beginning"
    assert b"%08x" % zlib.crc32(data[:38] + b"00000000" + data[46:start]) == data[38:46], "header's checksum"
    header = canonical(text.decode(), "__metadata__")
    metadata = header.pop("__metadata__")
    assert list(metadata) == ["cnn.crc32", "cnn.manifest", "cnn.version"] and metadata["cnn.version"] == "1"
    manifest = canonical(metadata["cnn.manifest"])
    assert set(manifest["tensors"]) == set(header), "tensors and checksums"
    position = 0
    for name in sorted(header, key=lambda name: (-SIZES[header[name]["dtype"]], name.encode())):
        entry = header[name]
        size = SIZES[entry["dtype"]]
        for extent in entry["shape"]:
            size *= extent
        assert entry["data_offsets"] == [position, position + size], name
        tensor = data[start + position:start + position + size]
        assert "%08x" % zlib.crc32(tensor) == manifest["tensors"][name], name
        position += size
    assert start + position == len(data), "end"
    return manifest


def main():
    try:
        import jsonschema
    except ImportError:
        jsonschema = None
    try:
        import safetensors.numpy
    except ImportError:
        safetensors = None
    schema = json.loads((FORMATS / "manifest.schema.json").read_text())
    files = {path: pathlib.Path(path).read_bytes() for path in sys.argv[1:]} or {"the dump": dump()}
    for name, data in files.items():
        manifest = verify(data)
        done = ["layout and checksums"]
        if jsonschema:
            jsonschema.Draft202012Validator.check_schema(schema)
            jsonschema.validate(manifest, schema, cls=jsonschema.Draft202012Validator)
            done.append("schema")
        if safetensors:
            assert set(safetensors.numpy.load(data)) == set(manifest["tensors"])
            done.append("safetensors")
        print(f"{name}: {manifest['kind']}, {len(manifest['tensors'])} tensors; good: {', '.join(done)}")


if __name__ == "__main__":
    main()
