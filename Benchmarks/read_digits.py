"""Reads digits off PNG files as one does it in Python: Pillow, NumPy, ONNX Runtime. The tools' peer in run.

    read_digits.py MODEL.onnx PICTURE.png | FOLDER | -

With - the paths of pictures come on standard input, a line each.
"""

import itertools
import os
import sys

import numpy as np
import onnxruntime
from PIL import Image

BATCH = 1000


def pixels(path):
    """A 28x28 picture, white on black, as the network's input."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert("L"), np.float32)[None] / 255


def paths(source):
    """The paths that a source stands for, one by one."""
    if source == "-":
        return (line.rstrip("\n") for line in sys.stdin)
    if os.path.isdir(source):
        return (os.path.join(source, name) for name in sorted(os.listdir(source)))
    return iter([source])


def main():
    model, source = sys.argv[1:]
    names = paths(source)
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    while part := list(itertools.islice(names, BATCH)):
        logits = session.run(None, {"x": np.stack([pixels(name) for name in part])})[0]
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        labels = shares.argmax(axis=1)
        print("\n".join(f"{name}\t{label}\t{share[label]:.4f}" for name, label, share in zip(part, labels, shares)))


if __name__ == "__main__":
    main()
