"""Reads digits off PNG files as one does it in Python: Pillow, NumPy, ONNX Runtime. The tools' peer in run.

    read_digits.py MODEL.onnx PICTURE.png | FOLDER
"""

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


def main():
    model, source = sys.argv[1:]
    names = [os.path.join(source, name) for name in sorted(os.listdir(source))] if os.path.isdir(source) else [source]
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    lines = []
    for start in range(0, len(names), BATCH):
        part = names[start : start + BATCH]
        logits = session.run(None, {"x": np.stack([pixels(name) for name in part])})[0]
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        labels = shares.argmax(axis=1)
        lines += [f"{name}\t{label}\t{share[label]:.4f}" for name, label, share in zip(part, labels, shares)]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
