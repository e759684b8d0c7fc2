"""Makes one large file of arrays as a framework would write it; prints how many bytes its arrays have.

    make_arrays.py CASE FOLDER MEGABYTES

Needs NumPy; the cases of PyTorch and safetensors those packages. `memory` runs it, in a process of its own.
"""

import gzip
import math
import os
import pickle
import sys

import numpy as np

RANDOM = np.random.default_rng(2026)
CLASSES = 10


def weights(*shape, dtype=np.float32):
    return (RANDOM.standard_normal(shape, dtype=np.float32) * np.float32(0.02)).astype(dtype, copy=False)


def layers(shapes, dtype=np.float32):
    """W1, b1, W2, ... for weights of these shapes, each with the number of its outputs."""
    arrays = {}
    for number, (shape, outputs) in enumerate(shapes, 1):
        arrays[f"W{number}"] = weights(*shape, dtype=dtype)
        arrays[f"b{number}"] = weights(outputs, dtype=dtype)
    return arrays


def linear(widths, out_in=False, dtype=np.float32):
    pairs = list(zip(widths, widths[1:]))
    return layers([((b, a) if out_in else (a, b), b) for a, b in pairs], dtype)


def wide(count, **options):
    """One layer with nearly all of the weights, and the last one."""
    return linear([784, count // (784 + CLASSES), CLASSES], **options)


def deep(count, **options):
    """Two large layers in the middle."""
    width = int((-784 + math.sqrt(784**2 + 8 * count)) / 4)
    return linear([784, width, width, width, CLASSES], **options)


def convolutions(count, channels_last=False):
    """The six convolutions of deep-convnet with most of the weights in the last two."""
    width = int(math.sqrt(count / 18.2))
    channels = [1, 16, 16, 32, 32, width, width]
    channels[4] = width
    kernels = [((b, a, 3, 3), b) for a, b in zip(channels, channels[1:])]
    if channels_last:
        kernels = [((3, 3, shape[1], shape[0]), outputs) for shape, outputs in kernels]
    return layers(kernels + [((16 * width, 50), 50), ((50, CLASSES), CLASSES)])


def pixels(count):
    return RANDOM.integers(0, 256, (count, 784), dtype=np.uint8)


def labels(count):
    return RANDOM.integers(0, CLASSES, count).astype(np.int64)


def splits(x):
    """Pictures and labels of a training and a test split."""
    test = len(x) // 7
    return x[test:], labels(len(x) - test), x[:test], labels(test)


def keras(x):
    return dict(zip(("x_train", "y_train", "x_test", "y_test"), splits(x.reshape(-1, 28, 28))))


def book(x):
    return dict(zip(("train_img", "train_label", "test_img", "test_label"), splits(x)))


def theano(x):
    part = len(x) // 7
    return tuple((x[a:b], labels(b - a)) for a, b in ((2 * part, len(x)), (part, 2 * part), (0, part)))


def floats(count, scale=1 / 256):
    return pixels(count).astype(np.float32) * np.float32(scale)


def torch_tensors(arrays):
    import torch

    renamed = {}
    for name, array in arrays.items():
        renamed[f"fc{name[1:]}.{'weight' if name[0] == 'W' else 'bias'}"] = torch.from_numpy(array)
    return renamed


def save_npz(arrays, path):
    np.savez(path, **arrays)


def save_compressed(arrays, path):
    np.savez_compressed(path, **arrays)


def save_pickle(arrays, path):
    with (gzip.open(path, "wb", compresslevel=1) if path.endswith(".gz") else open(path, "wb")) as file:
        pickle.dump(arrays, file, protocol=4)


def save_torch(arrays, path):
    import torch

    torch.save(torch_tensors(arrays), path)


def save_safetensors(arrays, path):
    from safetensors.torch import save_file

    save_file(torch_tensors(arrays), path)


# By name: what holds the arrays, how they are saved, under which name. The argument is a number of float32 values.
CASES = {
    "weights-wide.npz": (wide, save_npz),
    "weights-wide-out-in.npz": (lambda n: wide(n, out_in=True), save_npz),
    "weights-deep.npz": (deep, save_npz),
    "weights-wide.pkl": (wide, save_pickle),
    "weights-deep.pkl": (deep, save_pickle),
    "weights-deep-out-in.pkl": (lambda n: deep(n, out_in=True), save_pickle),
    "weights-kernels.npz": (convolutions, save_npz),
    "weights-kernels-hwio.npz": (lambda n: convolutions(n, channels_last=True), save_npz),
    "weights-deep-big-endian.npz": (lambda n: deep(n, dtype=">f4"), save_npz),
    "weights-deep-float64.npz": (lambda n: deep(n // 2, dtype=np.float64), save_npz),
    "weights-deep-float16.npz": (lambda n: deep(n * 2, dtype=np.float16), save_npz),
    "weights-deep-compressed.npz": (deep, save_compressed),
    "weights-deep.pkl.gz": (deep, save_pickle),
    "weights-deep.pt": (lambda n: deep(n, out_in=True), save_torch),
    "weights-deep.safetensors": (lambda n: deep(n, out_in=True), save_safetensors),
    "data-keras.npz": (lambda n: keras(pixels(n * 4 // 784)), save_npz),
    "data-keras-compressed.npz": (lambda n: keras(pixels(n * 4 // 784)), save_compressed),
    "data-book.pkl": (lambda n: book(pixels(n * 4 // 784)), save_pickle),
    "data-theano.pkl": (lambda n: theano(floats(n // 784)), save_pickle),
    "data-theano.pkl.gz": (lambda n: theano(floats(n // 784)), save_pickle),
    "data-floats.npz": (lambda n: keras(floats(n // 784, 0.0123)), save_npz),
}


def contents(arrays):
    if isinstance(arrays, dict):
        return arrays.values()
    return [array for pair in arrays for array in pair]


def main():
    case, folder, megabytes = sys.argv[1], sys.argv[2], int(sys.argv[3])
    make, save = CASES[case]
    arrays = make(megabytes * 1_000_000 // 4)
    save(arrays, os.path.join(folder, case))
    print(sum(array.nbytes for array in contents(arrays)))


if __name__ == "__main__":
    main()
