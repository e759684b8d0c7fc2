"""What the checks share: finding tools and data, running tools, counting what passed, networks in NumPy.

Every check takes the folder of the built tools first. It exits 0 when all is well, 1 when something is not, and 77
with a message when a package or the data it needs is missing.
"""

import argparse
import atexit
import gzip
import json
import os
import pickle
import shutil
import struct
import subprocess
import sys
import tempfile

SKIPPED = 77
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SAMPLES = os.path.join(ROOT, "samples")


def skip(reason):
    """End the script: nothing could be checked."""
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


try:
    import numpy as np
except ImportError:
    skip("this Python has no numpy")


def parser(description, shared=True):
    """An argument parser with BIN_DIR and, when `shared`, SHARED_DIR (default: ../shared beside the repository)."""
    result = argparse.ArgumentParser(description=description.split("\n\n")[0])
    result.add_argument("bin_dir", metavar="BIN_DIR", help="folder of the built tools, as .build/release")
    if shared:
        default = os.path.join(os.path.dirname(ROOT), "shared")
        result.add_argument("shared_dir", metavar="SHARED_DIR", nargs="?", default=default, help="folder of real data")
    return result


def tool_path(bin_dir, name):
    """Where the tool is, or a skip."""
    path = os.path.join(os.path.abspath(bin_dir), name)
    if not os.access(path, os.X_OK):
        skip(f"no {name} in {bin_dir}")
    return path


def data_path(folder, name):
    """Where the file of the data folder is, or a skip."""
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        skip(f"no {name} in {folder}")
    return path


def temporary_folder():
    """A folder that goes away with the script."""
    path = tempfile.mkdtemp(prefix="cnn-check-")
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def run(command, expected=0, **options):
    """Run a tool; anything but the expected exit status ends the script with what the tool said."""
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, **options)
    if result.returncode != expected:
        print(f"FAILED  {' '.join(command)}\n  exit status {result.returncode}, expected {expected}")
        print("  " + result.stderr.decode(errors="replace").strip().replace("\n", "\n  "))
        sys.exit(1)
    return result


class Report:
    """Prints one line a check and knows at the end whether all were passed."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, condition, text):
        """Count and print one check; gives the condition back."""
        condition = bool(condition)
        self.passed += condition
        self.failed += not condition
        print(f"{'ok     ' if condition else 'FAILED '} {text}", flush=True)
        return condition

    def finish(self):
        """End the script with the total."""
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed or not self.passed else 0)


# --- files ---------------------------------------------------------------------------------------------------------


def open_plain(path):
    """The file, through gzip when its first bytes say so."""
    with open(path, "rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path) if packed else open(path, "rb")


def read_idx(path):
    """The array of an IDX file of bytes."""
    with open_plain(path) as file:
        data = file.read()
    zeros, kind, rank = struct.unpack_from(">HBB", data)
    assert zeros == 0 and kind == 8, f"{path} is no IDX file of bytes"
    shape = struct.unpack_from(f">{rank}I", data, 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(shape)


def write_idx(path, array):
    """An IDX file of bytes."""
    with open(path, "wb") as file:
        file.write(struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape))
        file.write(np.ascontiguousarray(array, np.uint8).tobytes())


def read_pickles(path):
    """All pickles of a file, one after the other. Only for files that the checks trust."""
    result = []
    with open_plain(path) as file:
        while True:
            try:
                result.append(pickle.load(file, encoding="latin1"))
            except EOFError:
                return result


def test_digits(shared):
    """The 10,000 test digits: (images path, labels path, images, labels)."""
    images = data_path(shared, "mnist/t10k-images-idx3-ubyte.gz")
    labels = data_path(shared, "mnist/t10k-labels-idx1-ubyte.gz")
    return images, labels, read_idx(images), read_idx(labels)


def manifest(path):
    """The manifest of a native file."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    return json.loads(header["__metadata__"]["cnn.manifest"])


# --- tools ---------------------------------------------------------------------------------------------------------


def convert(bin_dir, inputs, output, *options):
    """`mnist-convert INPUTS -o OUTPUT OPTIONS`."""
    return run([tool_path(bin_dir, "mnist-convert"), *inputs, "-o", output, *options])


def evaluate(bin_dir, model, *inputs):
    """The first line of `cnn-infer --evaluate`."""
    result = run([tool_path(bin_dir, "cnn-infer"), "--evaluate", "--model", model, *inputs])
    return result.stdout.decode().split("\n")[0]


def logits(bin_dir, model, images, folder):
    """The tool's logits of uint8 images (N, 28, 28), read from an IDX pair that is written into the folder."""
    names = [os.path.join(folder, f"check-{part}") for part in ("images-idx3-ubyte", "labels-idx1-ubyte")]
    write_idx(names[0], images)
    write_idx(names[1], np.zeros(len(images), np.uint8))
    result = run([tool_path(bin_dir, "cnn-infer"), "--logits", "--json", "--model", model, *names])
    lines = [json.loads(line) for line in result.stdout.decode().splitlines()]
    rows = [line["logits"] for line in lines if "logits" in line]
    if len(rows) != len(images):
        print(f"FAILED  cnn-infer --logits --json: {len(rows)} lines with logits for {len(images)} images")
        sys.exit(1)
    return np.array(rows, np.float64)


def network_input(model, images):
    """What the model's `preprocess` makes of the pixels, in float64, as (N, 1, 28, 28)."""
    preprocess = manifest(model)["preprocess"]
    scaled = images.astype(np.float64).reshape(-1, 1, 28, 28) / preprocess["divisor"]
    return (scaled - preprocess.get("mean", 0)) / preprocess.get("deviation", 1)


def relative_error(found, expected):
    """The greatest difference as a share of the greatest magnitude expected."""
    return float(np.abs(found - expected).max() / np.abs(expected).max())


# --- networks in float64, straight from their pickles --------------------------------------------------------------


def cross_correlation(x, weight, bias, padding=0):
    """(N, C, H, W) with weights (O, C, K, K): products summed without turning the kernel."""
    kernel = weight.shape[2]
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(x, (kernel, kernel), axis=(2, 3))
    return np.tensordot(windows, weight, axes=((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2) + bias[:, None, None]


def true_convolution(x, weight, bias):
    """Convolution as mathematics has it: y[i] = sum over u of w[u] x[i + K - 1 - u], in both directions."""
    kernel = weight.shape[2]
    height, width = x.shape[2] - kernel + 1, x.shape[3] - kernel + 1
    result = np.zeros((len(x), len(weight), height, width)) + bias[:, None, None]
    for u in range(kernel):
        for v in range(kernel):
            row, column = kernel - 1 - u, kernel - 1 - v
            part = x[:, :, row : row + height, column : column + width]
            result += np.tensordot(part, weight[:, :, u, v], axes=((1,), (1,))).transpose(0, 3, 1, 2)
    return result


def max_pool(x):
    """2x2, stride 2; an odd last row or column is left out."""
    count, channels, height, width = x.shape
    x = x[:, :, : height // 2 * 2, : width // 2 * 2]
    return x.reshape(count, channels, height // 2, 2, width // 2, 2).max(axis=(3, 5))


def relu(x):
    """max(x, 0)."""
    return np.maximum(x, 0)


def sigmoid(x):
    """1 / (1 + exp(-x))."""
    return 1 / (1 + np.exp(-x))


def flatten(x):
    """(N, C, H, W) to (N, C*H*W)."""
    return x.reshape(len(x), -1)


def book_mlp(p, x):
    """784-50-100-10 with sigmoids: the book's chapter 3."""
    x = sigmoid(flatten(x) @ p["W1"] + p["b1"])
    x = sigmoid(x @ p["W2"] + p["b2"])
    return x @ p["W3"] + p["b3"]


def book_simple_convnet(p, x):
    """Convolution, pool, two affine layers: the book's chapter 7."""
    x = max_pool(relu(cross_correlation(x, p["W1"], p["b1"])))
    x = relu(flatten(x) @ p["W2"] + p["b2"])
    return x @ p["W3"] + p["b3"]


def book_deep_convnet(p, x):
    """Six convolutions: the book's chapter 8, both dropout layers scaling by 0.5 as they do at test time."""
    for layer in range(1, 7):
        x = relu(cross_correlation(x, p[f"W{layer}"], p[f"b{layer}"], padding=2 if layer == 4 else 1))
        if layer % 2 == 0:
            x = max_pool(x)
    x = 0.5 * relu(flatten(x) @ p["W7"] + p["b7"])
    return 0.5 * (x @ p["W8"] + p["b8"])


def theano_lenet(arrays, x):
    """The LeNet of eight arrays, with true convolutions and ReLU."""
    w1, b1, w2, b2, w3, b3, w4, b4 = arrays
    x = max_pool(relu(true_convolution(x, w1, b1)))
    x = max_pool(relu(true_convolution(x, w2, b2)))
    x = relu(flatten(x) @ w3 + b3)
    return x @ w4 + b4


def in_double(arrays):
    """The same dict or list of arrays in float64."""
    if isinstance(arrays, dict):
        return {name: np.asarray(value, np.float64) for name, value in arrays.items()}
    return [np.asarray(value, np.float64) for value in arrays]


# (file below SHARED_DIR, network, correct answers on the 10,000 test digits)
BOOK_WEIGHTS = [
    ("weights/sample_weight.pkl", book_mlp, 9352),
    ("weights/simple_convnet_params.pkl", book_simple_convnet, 9600),
    ("weights/deep_convnet_params.pkl", book_deep_convnet, 9797),
]


def accuracy_line(correct, count):
    """The first line that `cnn-infer --evaluate` must print."""
    return f"accuracy {correct / count:.4f} ({correct}/{count})"
