"""Goldens for weights under other people's names, from PyTorch, Chainer, Flax, Keras 3 and NumPy of Python 2 and 3.

They go to Tests/CNNInterchangeTests/Fixtures/weights: the files, and `weights.json` with a line for each: what wrote it,
the architecture that must come out, the options that it needs, and the framework's logits of two pictures. Pixel i of
picture n is the byte (37 i + 11 (i // 28) + 101 n) modulo 256, halved n times, divided by 255. Networks are narrow, to
keep files small.

Each framework runs in a Python of its own (by weight_goldens.py), since Chainer needs NumPy 1, and Python 2 has nothing
newer than NumPy 1.16. Written again, files hold the same numbers; Chainer and PyTorch's legacy container choose names and
orders at random.

    make_weight_goldens.py torch:PYTHON chainer:PYTHON jax:PYTHON numpy1:PYTHON numpy2:PYTHON python2:PYTHON

`jax` needs the packages jax, flax, safetensors and keras. Logits of NumPy's files are computed here in float64.
"""

import json
import os
import subprocess
import sys

import numpy as np

import common
from weight_goldens import golden, pictures

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(common.ROOT, "Tests", "CNNInterchangeTests", "Fixtures", "weights")

# --- NumPy ---------------------------------------------------------------------------------------------------------

# Runs in Python 2 too; `folder` and `part` are set in front.
NUMPY = r'''
import os, pickle, sys
import numpy as np
try:
    import cPickle as pickle
except ImportError:
    pass

def numbers(shape, seed, scale=0.25):
    count = int(np.prod(shape))
    return (((np.arange(count) * 73 + seed * 31) % 127 - 63) / 63.0 * scale).astype(np.float32).reshape(shape)

SIMPLE = [(1, 1, 17, 17), (1,), (36, 4), (4,), (4, 3), (3,)]
LENET = [(3, 1, 5, 5), (3,), (4, 3, 5, 5), (4,), (64, 5), (5,), (5, 3), (3,)]
simple = [numbers(shape, seed) for seed, shape in enumerate(SIMPLE)]
lenet = [numbers(shape, seed) for seed, shape in enumerate(LENET)]
book = dict((("W" if i % 2 == 0 else "b") + str(i // 2 + 1), array) for i, array in enumerate(simple))
pairs = [(lenet[i], lenet[i + 1]) for i in range(0, 8, 2)]

def dump(name, *values, **options):
    with open(os.path.join(folder, name), "wb") as file:
        for value in values:
            pickle.dump(value, file, options["protocol"])

if part == "python2":
    for protocol in (0, 1, 2):
        dump("python2-book-%d.pkl" % protocol, book, protocol=protocol)
    dump("python2-theano-reversed.pkl", [array for pair in pairs[::-1] for array in pair], protocol=2)
    dump("python2-theano-stream.pkl", *lenet, protocol=1)
if part == "numpy1":
    dump("numpy1-book.pkl", dict((k, np.asfortranarray(v)) for k, v in book.items()), protocol=4)
    dump("numpy1-pairs.pkl", pairs, protocol=2)
    np.savez(os.path.join(folder, "numpy1-book.npz"), **book)
if part == "numpy2":
    dump("numpy2-book.pkl", book, protocol=5)
    # Linear weights (out, in), which nothing but shapes say.
    np.savez_compressed(
        os.path.join(folder, "numpy2-transposed.npz"),
        **dict((k, v.T if v.ndim == 2 else v) for k, v in book.items()))
    np.savez(os.path.join(folder, "numpy2-positional.npz"), *lenet)
    names = ["conv_in", "conv_out", "hidden", "out"]
    np.savez(os.path.join(folder, "numpy2-prefixed.npz"), **dict(
        (letter + "_" + name, array) for name, pair in zip(names, pairs) for letter, array in zip("Wb", pair)))
print(sys.version.split()[0] + " " + np.__version__)
'''

BOOK = "simple-convnet"
NUMPY_FILES = {
    "python2": [(f"python2-book-{protocol}.pkl", BOOK, {}) for protocol in range(3)] + [
        ("python2-theano-reversed.pkl", "lenet", {"given": "lenet"}),
        ("python2-theano-stream.pkl", "lenet", {"given": "lenet", "rotated": True})],
    "numpy1": [
        ("numpy1-book.pkl", BOOK, {}), ("numpy1-pairs.pkl", "lenet", {"given": "lenet"}),
        ("numpy1-book.npz", BOOK, {})],
    "numpy2": [
        ("numpy2-book.pkl", BOOK, {}), ("numpy2-transposed.npz", BOOK, {}),
        ("numpy2-positional.npz", "lenet", {"given": "lenet"}), ("numpy2-prefixed.npz", "lenet", {})],
}


def numpy_part(part, python, folder):
    """Files that the given Python writes, and logits of what is read back here."""
    script = f"folder = {folder!r}\npart = {part!r}\n{NUMPY}"
    version = subprocess.run([python, "-c", script], check=True, stdout=subprocess.PIPE).stdout.decode().split()
    made_with = "Python {}, NumPy {}".format(*version)
    x = pictures(np).astype(np.float64)
    results = []
    for name, architecture, options in NUMPY_FILES[part]:
        path = os.path.join(folder, name)
        if name.endswith(".npz"):
            with np.load(path) as file:
                arrays = dict(file)
            if "transposed" in name:
                arrays = {key: array.T if array.ndim == 2 else array for key, array in arrays.items()}
            if architecture == "lenet":
                arrays = list(arrays.values())
        else:
            values = common.read_pickles(path)
            arrays = values[0] if len(values) == 1 else values
            if "pairs" in name:
                arrays = [array for pair in arrays for array in pair]
            if "reversed" in name:
                arrays = [array for i in range(len(arrays) - 2, -1, -2) for array in arrays[i : i + 2]]
        arrays = common.in_double(arrays)
        if architecture == "lenet":
            if not options.get("rotated"):
                # The network of common.py turns kernels, as Theano does.
                arrays = [array[:, :, ::-1, ::-1] if array.ndim == 4 else array for array in arrays]
            logits = common.theano_lenet(arrays, x)
        else:
            logits = common.book_simple_convnet(arrays, x)
        results.append(golden(name, made_with, architecture, logits.tolist(), **options))
    return results


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    os.makedirs(FOLDER, exist_ok=True)
    results = []
    for argument in sys.argv[1:]:
        part, _, python = argument.partition(":")
        if part in NUMPY_FILES:
            results += numpy_part(part, python, FOLDER)
        else:
            command = [python, os.path.join(HERE, "weight_goldens.py"), part, FOLDER]
            output = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode()
            results += json.loads(output.splitlines()[-1])
    with open(os.path.join(FOLDER, "weights.json"), "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(line) for line in results) + "\n]\n")
    size = sum(os.path.getsize(os.path.join(FOLDER, name)) for name in os.listdir(FOLDER))
    print(f"{len(results)} files, {size:,} bytes")


if __name__ == "__main__":
    main()
