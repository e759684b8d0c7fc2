"""What mnist-convert exports, opened by the programs that it is for, and compared with the native file.

npz by NumPy (nothing pickled), ONNX by ONNX Runtime, IDX by its own definition, CSV by Python's csv module, PNG by
Pillow, 16-bit safetensors by safetensors and PyTorch. Everything must be equal, element for element; logits of ONNX
within 1e-5 of the largest.

Usage: check_exports.py BIN_DIR [SHARED_DIR]
"""

import csv
import gzip
import json
import os

import numpy as np

import common

try:
    import onnxruntime
    import safetensors.numpy
    import safetensors.torch
    import torch
    from PIL import Image
except ImportError as error:
    common.skip(f"this Python has no {error.name}")

SPLITS = ["train", "valid", "test"]
MNIST = {"train": "train", "valid": "valid", "test": "t10k"}
DIGITS = 100
TOLERANCE = 1e-5
WEIGHTS = ["weights/sample_weight.pkl", "weights/simple_convnet_params.pkl", "weights/deep_convnet_params.pkl"]


def same(found, expected):
    """Whether two arrays have the same type, shape and elements."""
    return found.dtype == expected.dtype and found.shape == expected.shape and np.array_equal(found, expected)


def read_csv(path):
    """(labels, pixels) of a table with a label first; its first row names the columns."""
    with gzip.open(path, "rt") if path.endswith(".gz") else open(path) as file:
        rows = csv.reader(file)
        header = next(rows)
        assert header == ["label"] + [f"pixel{index}" for index in range(len(header) - 1)], header[:3]
        table = np.array([np.fromiter(map(int, row), np.int64) for row in rows])
    return table[:, 0], table[:, 1:]


def read_folder(path):
    """(labels, images) of a split's folder, in the order of the files' names."""
    found = {}
    for label in os.listdir(path):
        for name in os.listdir(os.path.join(path, label)):
            with Image.open(os.path.join(path, label, name)) as picture:
                assert picture.mode == "L"
                found[int(name.removesuffix(".png"))] = (int(label), np.asarray(picture))
    assert sorted(found) == list(range(len(found)))
    pairs = [found[index] for index in range(len(found))]
    return np.array([label for label, _ in pairs]), np.array([image for _, image in pairs])


def check_dataset(options, report, folder, name, native, in_pictures=None):
    """Every format of data sets, from the native file; of a large one a single split as PNG files."""
    tensors = safetensors.numpy.load_file(native)
    splits = [split for split in SPLITS if f"{split}.images" in tensors]

    def output(ending):
        return os.path.join(folder, f"{name}{ending}")

    common.convert(options.bin_dir, [native], output(".npz"))
    with np.load(output(".npz"), allow_pickle=False) as arrays:
        wanted = {f"{letter}_{split}": tensors[f"{split}.{part}"]
                  for letter, part in (("x", "images"), ("y", "labels")) for split in splits}
        report.check(set(arrays.files) == set(wanted), f"{name}: npz has {', '.join(arrays.files)}")
        report.check(all(same(arrays[key], value) for key, value in wanted.items()), f"{name}: npz is equal in NumPy")

    for format, ending in (("idx", ""), ("idx.gz", ".gz")):
        common.convert(options.bin_dir, [native], output(format), "--to", format)
        for split in splits:
            images = common.read_idx(os.path.join(output(format), f"{MNIST[split]}-images-idx3-ubyte{ending}"))
            labels = common.read_idx(os.path.join(output(format), f"{MNIST[split]}-labels-idx1-ubyte{ending}"))
            report.check(
                same(images, tensors[f"{split}.images"]) and same(labels, tensors[f"{split}.labels"]),
                f"{name}: {split} as {format} is equal")
    common.convert(
        options.bin_dir, [os.path.join(output("idx"), file) for file in sorted(os.listdir(output("idx")))],
        output("-back.safetensors"))
    back = safetensors.numpy.load_file(output("-back.safetensors"))
    report.check(
        back.keys() == tensors.keys() and all(same(back[key], tensors[key]) for key in tensors),
        f"{name}: IDX comes back as the same tensors")

    for format in ("csv", "csv.gz"):
        common.convert(options.bin_dir, [native], output(f"-{format}") + "/", "--to", format)
        for split in splits:
            labels, pixels = read_csv(os.path.join(output(f"-{format}"), f"{split}.{format}"))
            images = tensors[f"{split}.images"]
            report.check(
                np.array_equal(labels, tensors[f"{split}.labels"])
                and np.array_equal(pixels, images.reshape(len(images), -1)),
                f"{name}: {split} as {format} is equal in Python's csv")

    only = ["--only", in_pictures] if in_pictures else []
    result = common.convert(options.bin_dir, [native], output("-png"), "--to", "png", "--json", *only)
    said = json.loads(result.stdout.decode().splitlines()[-1])
    splits = [in_pictures] if in_pictures else splits
    report.check(said["files"] == sum(len(tensors[f"{split}.labels"]) for split in splits), f"{name}: {said}")
    for split in splits:
        labels, images = read_folder(os.path.join(output("-png"), split))
        report.check(
            np.array_equal(labels, tensors[f"{split}.labels"]) and np.array_equal(images, tensors[f"{split}.images"]),
            f"{name}: {split} as PNG is equal in Pillow")


def check_floats(options, report, folder):
    """Pixels that are no bytes, in the formats that hold them."""
    pixels = np.random.default_rng(7).normal(size=(20, 784)).astype(np.float32)
    pixels[0, :5] = [0, -0.0, np.finfo(np.float32).max, np.finfo(np.float32).tiny / 4, 1e-5]
    labels = np.arange(20, dtype=np.uint8) % 10
    native = os.path.join(folder, "floats.safetensors")
    paths = [os.path.join(folder, f"train-{part}") for part in ("images-idx3", "labels-idx1-ubyte")]
    with open(paths[0], "wb") as file:
        file.write(b"\0\0\x0d\3" + b"".join(extent.to_bytes(4, "big") for extent in (20, 28, 28)))
        file.write(pixels.astype(">f4").tobytes())
    common.write_idx(paths[1], labels)
    common.convert(options.bin_dir, paths, native)
    output = os.path.join(folder, "floats.csv")
    common.convert(options.bin_dir, [native], output)
    with open(output) as file:
        table = [row for row in csv.reader(file)][1:]
    found = np.array([[float(text) for text in row[1:]] for row in table]).astype(np.float32)
    report.check(found.tobytes() == pixels.tobytes(), "float pixels as CSV give the same float32, through float64")
    common.convert(options.bin_dir, [native], os.path.join(folder, "floats"), "--to", "idx")
    with open(os.path.join(folder, "floats", "train-images-idx3"), "rb") as file, open(paths[0], "rb") as original:
        report.check(file.read() == original.read(), "float pixels as IDX are the file that they came from")
    path = os.path.join(folder, "floats.npz")
    refused = common.run(
        [common.tool_path(options.bin_dir, "mnist-convert"), native, "-o", path, "--dtype", "f16"], expected=65)
    report.check(b"beyond the greatest float16" in refused.stderr, "a pixel beyond float16 is refused")
    common.convert(options.bin_dir, [native], path, "--dtype", "f32")
    with np.load(path, allow_pickle=False) as arrays:
        report.check(same(arrays["x_train"], pixels.reshape(20, 28, 28)), "float pixels as npz are equal in NumPy")


def check_model(options, report, folder, weights, images):
    """npz, ONNX and the three types of numbers of one model."""
    name = os.path.basename(weights)
    native, path = os.path.join(folder, "model.safetensors"), os.path.join(folder, "export")
    common.convert(options.bin_dir, [weights], native, "--force")
    tensors = safetensors.numpy.load_file(native)
    common.convert(options.bin_dir, [native], path + ".npz", "--force")
    with np.load(path + ".npz", allow_pickle=False) as arrays:
        report.check(
            set(arrays.files) == set(tensors) and all(same(arrays[key], tensors[key]) for key in tensors),
            f"{name}: npz is equal in NumPy")
    common.convert(options.bin_dir, [weights], path + "-once.npz", "--force")
    with open(path + ".npz", "rb") as first, open(path + "-once.npz", "rb") as second:
        report.check(first.read() == second.read(), f"{name}: npz in one step is the same file")

    common.convert(options.bin_dir, [native], path + ".onnx", "--force")
    session = onnxruntime.InferenceSession(path + ".onnx", providers=["CPUExecutionProvider"])
    shape = [1 if isinstance(extent, str) else extent for extent in session.get_inputs()[0].shape]
    inputs = common.network_input(native, images).astype(np.float32).reshape([len(images)] + shape[1:])
    found = session.run(None, {"input": inputs})[0]
    error = common.relative_error(found, common.logits(options.bin_dir, native, images, folder))
    report.check(error <= TOLERANCE, f"{name}: logits of ONNX Runtime differ by at most {error:.1e} of the largest")

    for dtype, torch_type in (("f16", torch.float16), ("bf16", torch.bfloat16)):
        half = f"{path}-{dtype}.safetensors"
        result = common.convert(options.bin_dir, [native], half, "--dtype", dtype, "--json", "--force")
        said = json.loads(result.stdout.decode().splitlines()[-1])
        found = safetensors.torch.load_file(half)
        expected = {key: torch.from_numpy(value).to(torch_type) for key, value in tensors.items()}
        report.check(
            found.keys() == expected.keys() and all(torch.equal(found[key], expected[key]) for key in expected),
            f"{name}: {dtype} is what PyTorch rounds to")
        largest = max((found[key].double() - torch.from_numpy(tensors[key]).double()).abs().max().item() for key in found)
        report.check(said["largest_rounding_error"] == largest, f"{name}: {dtype} is off by at most {largest:.2e}, as said")
        vanished = sum(int(((found[key] == 0) & (torch.from_numpy(tensors[key]) != 0)).sum()) for key in found)
        report.check(said["rounded_to_zero"] == vanished, f"{name}: {dtype} made {vanished} numbers 0, as said")
        print(f"        {common.evaluate(options.bin_dir, half, *common.test_digits(options.shared_dir)[:2])} with {dtype}")
        if dtype == "f16":
            common.convert(options.bin_dir, [native], path + "-f16.npz", "--dtype", dtype, "--force")
            with np.load(path + "-f16.npz", allow_pickle=False) as arrays:
                report.check(
                    all(same(arrays[key], tensors[key].astype(np.float16)) for key in tensors),
                    f"{name}: f16 in npz is what NumPy rounds to")


def main():
    options = common.parser(__doc__).parse_args()
    report = common.Report()
    folder = common.temporary_folder()
    sample = os.path.join(folder, "sample.safetensors")
    common.convert(options.bin_dir, [os.path.join(common.SAMPLES, "mnist_sample.pkl")], sample)
    check_dataset(options, report, folder, "sample", sample)
    check_floats(options, report, folder)
    theano = os.path.join(folder, "theano.safetensors")
    common.convert(options.bin_dir, [common.data_path(options.shared_dir, "mnist/mnist.pkl.gz")], theano)
    check_dataset(options, report, folder, "mnist.pkl.gz", theano, in_pictures="valid")
    images = common.test_digits(options.shared_dir)[2][:DIGITS]
    for weights in WEIGHTS:
        check_model(options, report, folder, common.data_path(options.shared_dir, weights), images)
    report.finish()


if __name__ == "__main__":
    main()
