"""Data set pickles against the IDX files, pixel for pixel, and the eight-pickle LeNet against NumPy.

Usage: check_datasets.py BIN_DIR [SHARED_DIR]
"""

import os

import numpy as np

import common

try:
    from safetensors.numpy import load_file
except ImportError:
    common.skip("this Python has no safetensors")

SPLITS = ["train", "valid", "test"]
LENET_DIGITS = 100
LENET_TOLERANCE = 1e-4


def check_theano(options, report, folder, name, counts):
    """Convert a tuple of (images, labels) splits; compare with the pickle itself. Gives the tensors back."""
    path = common.data_path(options.shared_dir, name)
    output = os.path.join(folder, os.path.basename(name).split(".")[0] + ".safetensors")
    common.convert(options.bin_dir, [path], output)
    tensors, manifest = load_file(output), common.manifest(output)
    wanted = {f"{split}.{part}" for split in SPLITS for part in ("images", "labels")}
    report.check(set(tensors) == wanted, f"{name}: holds {', '.join(sorted(tensors))}")
    report.check(manifest["kind"] == "dataset", f"{name}: kind {manifest['kind']}")
    report.check(manifest["divisor"] == 256, f"{name}: divisor {manifest['divisor']}, expected 256")
    for split, count, (pixels, labels) in zip(SPLITS, counts, common.read_pickles(path)[0]):
        found_images, found_labels = tensors[f"{split}.images"], tensors[f"{split}.labels"]
        report.check(
            found_images.dtype == np.uint8 and found_images.shape == (count, 28, 28),
            f"{name}: {split}.images {found_images.dtype} {found_images.shape}",
        )
        report.check(
            found_labels.dtype == np.uint8 and found_labels.shape == (count,) and (found_labels == labels).all(),
            f"{name}: {split}.labels {found_labels.dtype} {found_labels.shape}, equal to the pickle's",
        )
        again = found_images.reshape(count, -1).astype(np.float32) / np.float32(256)
        report.check((again == pixels).all(), f"{name}: {split} divided by 256 gives the pickle's floats exactly")
    return tensors


def main():
    options = common.parser(__doc__).parse_args()
    report = common.Report()
    folder = common.temporary_folder()

    tensors = check_theano(options, report, folder, "mnist/mnist.pkl.gz", [50000, 10000, 10000])
    images = {split: tensors[f"{split}.images"] for split in SPLITS}
    labels = {split: tensors[f"{split}.labels"] for split in SPLITS}
    for part, found in [("images-idx3-ubyte.gz", images), ("labels-idx1-ubyte.gz", labels)]:
        train = common.read_idx(common.data_path(options.shared_dir, f"mnist/train-{part}"))
        test = common.read_idx(common.data_path(options.shared_dir, f"mnist/t10k-{part}"))
        joined = np.concatenate([found["train"], found["valid"]])
        report.check(np.array_equal(joined, train), f"train and valid, in order, are train-{part}")
        report.check(np.array_equal(found["test"], test), f"test is t10k-{part}")

    check_theano(options, report, folder, "pickles/mnist-python2-protocol0.pkl.gz", [40, 10, 10])
    check_theano(options, report, folder, "pickles/mnist-python2-protocol2.pkl.gz", [400, 100, 100])

    path = common.data_path(options.shared_dir, "pickles/lenet-python2-stream.pkl")
    model = os.path.join(folder, "lenet.safetensors")
    common.convert(options.bin_dir, [path], model, "--architecture", "lenet", "--rotated-kernels")
    arrays = common.in_double(common.read_pickles(path))
    digits = images["test"][:LENET_DIGITS]
    reference = common.theano_lenet(arrays, common.network_input(model, digits))
    error = common.relative_error(common.logits(options.bin_dir, model, digits, folder), reference)
    report.check(
        error <= LENET_TOLERANCE,
        f"lenet-python2-stream.pkl: {LENET_DIGITS} digits' logits differ by at most {error:.1e} of the largest"
        f" ({np.abs(reference).max():.4g}) from true convolution, pixels divided by"
        f" {common.manifest(model)['preprocess']['divisor']}",
    )
    stored = load_file(model)["conv1.weight"]
    report.check(
        np.array_equal(stored, arrays[0][:, :, ::-1, ::-1].astype(np.float32)),
        "lenet-python2-stream.pkl: conv1.weight is the kernel turned by 180 degrees",
    )
    report.finish()


if __name__ == "__main__":
    main()
