"""Makes the hostile corpus: files that attack whoever opens them, and what the tools must say of each.

Usage: make_hostile_corpus.py [--check | --folder FOLDER]

Without an option it writes Tests/ToolTests/Fixtures/hostile.tar.gz and hostile.tsv beside it. The same script makes the
same bytes on every machine: nothing depends on time, on Python's hashes or on the version of zlib. `--check` says
whether what is there is what would be written (exit status 1 if it isn't); `--folder` writes the files themselves into a
folder, and expected.tsv with them. Only Python's standard library is needed, and neither the tests nor the tools need
Python.

The columns of the table, parted by tabs:

    file      its name, bytes beyond printable ASCII and % as %XX
    format    what it is or claims to be
    inspect   exit status of `cnn-inspect FILE`
    convert   exit status of `mnist-convert FILE -o OUTPUT.safetensors`
    sentence  what cnn-inspect's line on standard error has in it; - where the status is 0, * where anything will do
    sentence  the same of mnist-convert
    attack    what the file tries
"""

import argparse
import gzip
import os
import sys
import urllib.parse

from hostile import Corpus, gzip_files, hdf5_files, idx_files, keras_files, numpy_files, odd_files
from hostile import onnx_files, pickle_arrays, pickle_calls, pickle_structure, png_files, safetensors_files, text_files
from hostile import torch_files, zip_files

FIXTURES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "ToolTests", "Fixtures")
MODULES = [
    pickle_calls, pickle_structure, pickle_arrays, gzip_files, zip_files, numpy_files, torch_files, hdf5_files,
    keras_files, onnx_files, safetensors_files, text_files, idx_files, png_files, odd_files,
]  # fmt: skip
HEADER = "file\tformat\tinspect\tconvert\tsentence of inspect\tsentence of convert\tattack\n"
# What the whole may come to, so that the repository stays small.
LARGEST_FILE, LARGEST_CORPUS, LARGEST_ARCHIVE = 65536, 2500000, 300000


def make():
    """All cases; their names are unique and none is too large."""
    corpus = Corpus()
    for module in MODULES:
        module.cases(corpus)
    names = [case.name for case in corpus.cases]
    doubled = sorted({name for name in names if names.count(name) > 1})
    assert not doubled, f"two files are called {doubled}"
    large = [case.name for case in corpus.cases if len(case.data) > LARGEST_FILE]
    assert not large, f"larger than {LARGEST_FILE} bytes: {large}"
    total = sum(len(case.data) for case in corpus.cases)
    assert total <= LARGEST_CORPUS, f"{total} bytes in all"
    return corpus.cases


def table(cases):
    """The table as text."""
    lines = [HEADER]
    for case in cases:
        name = urllib.parse.quote(case.name, safe=" !#$&'()+,;=@[]^`{}~\"")
        sentences = ["-" if text is None else text for text in (case.inspect, case.convert)]
        statuses = ["0" if text is None else "65" for text in (case.inspect, case.convert)]
        fields = [name, case.group, *statuses, *sentences, case.attack]
        assert all(field and not set(field) & set("\t\r\n") for field in fields), f"a field of {name} is empty or broken"
        lines.append("\t".join(fields) + "\n")
    return "".join(lines)


def archive(cases):
    """The files as a tar archive, compressed."""
    result = b""
    for case in cases:
        result += odd_files.tar(case.name, case.data)[:-1024]
    return result + b"\0" * 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="say whether the committed corpus is what this script makes")
    choice.add_argument("--folder", metavar="FOLDER", help="write the files and expected.tsv into a folder")
    options = parser.parse_args()
    cases = make()
    text, files = table(cases), archive(cases)
    packed_path, table_path = os.path.join(FIXTURES, "hostile.tar.gz"), os.path.join(FIXTURES, "hostile.tsv")
    if options.folder:
        os.makedirs(options.folder, exist_ok=True)
        for case in cases:
            with open(os.path.join(os.fsencode(options.folder), case.name.encode()), "wb") as file:
                file.write(case.data)
        with open(os.path.join(options.folder, "expected.tsv"), "w", encoding="utf-8") as file:
            file.write(text)
    elif options.check:
        with gzip.open(packed_path) as file:
            same_files = file.read() == files
        with open(table_path, encoding="utf-8") as file:
            same_text = file.read() == text
        for same, path in ((same_files, packed_path), (same_text, table_path)):
            print(f"{path}: {'as this script makes it' if same else 'NOT what this script makes'}")
        sys.exit(0 if same_files and same_text else 1)
    else:
        packed = gzip.compress(files, 9, mtime=0)
        assert len(packed) <= LARGEST_ARCHIVE, f"the archive has {len(packed)} bytes"
        os.makedirs(FIXTURES, exist_ok=True)
        with open(packed_path, "wb") as file:
            file.write(packed)
        with open(table_path, "w", encoding="utf-8") as file:
            file.write(text)
        content = sum(len(case.data) for case in cases)
        print(f"{len(cases)} files, {content} bytes, {len(files)} as tar, {len(packed)} compressed")


if __name__ == "__main__":
    main()
