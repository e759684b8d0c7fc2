"""ONNX both ways: what the tools export runs in ONNX Runtime, and what PyTorch exports runs in the tools.

Every preset is trained for a few steps, exported, looked at by onnx's checker, run alone and in a batch, and read back.
The four convolutional presets as PyTorch modules go through both of PyTorch's exporters (the newer one needs the
package onnxscript). Everywhere logits must agree within 1e-5 of the largest.

Usage: check_onnx.py BIN_DIR [SHARED_DIR]
"""

import json
import logging
import os
import warnings

import numpy as np

import common

try:
    import onnx
    import onnxruntime
    import safetensors.numpy
    import torch
    from torch import nn
except ImportError as error:
    common.skip(f"this Python has no {error.name}")

try:
    import onnxscript
except ImportError:
    onnxscript = None

DIGITS = 100
TOLERANCE = 1e-5
PRESETS = [
    "lenet", "lenet:tanh", "simple-convnet", "double-convnet", "deep-convnet", "mlp:100,50", "mlp:50:sigmoid:bn",
    "mlp:60,30:tanh:dropout=0.2",
]


def lenet():
    """The preset `lenet`."""
    return nn.Sequential(
        nn.Conv2d(1, 20, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(20, 50, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(800, 500), nn.ReLU(), nn.Linear(500, 10))


def simple():
    """The preset `simple-convnet`."""
    return nn.Sequential(
        nn.Conv2d(1, 30, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(4320, 100), nn.ReLU(),
        nn.Linear(100, 10))


def double():
    """The preset `double-convnet`."""
    return nn.Sequential(
        nn.Conv2d(1, 10, 7, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(10, 20, 3, padding=1), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(720, 100), nn.ReLU(), nn.Linear(100, 10))


class Deep(nn.Module):
    """The preset `deep-convnet`, written as a class whose pictures become rows by their number."""

    def __init__(self):
        super().__init__()
        widths = [1, 16, 16, 32, 32, 64, 64]
        for layer in range(1, 7):
            padding = 2 if layer == 4 else 1
            setattr(self, f"conv{layer}", nn.Conv2d(widths[layer - 1], widths[layer], 3, padding=padding))
        self.fc1 = nn.Linear(1024, 50)
        self.fc2 = nn.Linear(50, 10)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x):
        for layer in range(1, 7):
            x = torch.relu(getattr(self, f"conv{layer}")(x))
            if layer % 2 == 0:
                x = torch.max_pool2d(x, 2)
        x = torch.relu(self.fc1(x.view(x.size(0), -1)))
        return self.fc2(self.dropout(x))


def run(path, x):
    """The outputs of ONNX Runtime, one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return session.run(["logits"], {"input": x})[0]


def check_export(options, report, name, model, images, folder):
    """Export, check, run, read back."""
    path = os.path.join(folder, "exported.onnx")
    common.convert(options.bin_dir, [model], path, "--to", "onnx", "--force")
    with open(path, "rb") as file:
        first = file.read()
    common.convert(options.bin_dir, [model], path, "--to", "onnx", "--force")
    with open(path, "rb") as file:
        report.check(file.read() == first, f"{name}: exported twice, the same {len(first):,} bytes")
    loaded = onnx.load(path)
    onnx.checker.check_model(loaded, full_check=True)
    properties = {entry.key: json.loads(entry.value) for entry in loaded.metadata_props}
    manifest = common.manifest(model)
    report.check(
        properties == {"cnn.labels": manifest["labels"], "cnn.preprocess": manifest["preprocess"]},
        f"{name}: onnx's checker takes it; labels and preprocessing are in metadata_props")
    x = common.network_input(model, images).astype(np.float32)
    ours = common.logits(options.bin_dir, model, images, folder)
    batch = run(path, x)
    alone = np.concatenate([run(path, x[i : i + 1]) for i in range(5)])
    errors = common.relative_error(batch, ours), common.relative_error(alone, ours[:5])
    report.check(
        max(errors) <= TOLERANCE,
        f"{name}: ONNX Runtime's logits differ by at most {errors[0]:.1e} in a batch of {DIGITS}, {errors[1]:.1e} alone")
    back = os.path.join(folder, "back.safetensors")
    common.convert(options.bin_dir, [path], back, "--force")
    before, after = (safetensors.numpy.load_file(file) for file in (model, back))
    weights = [key for key in before if not key.endswith("num_batches_tracked")]
    report.check(
        all(np.array_equal(before[key], after[key]) for key in weights)
        and common.manifest(back)["labels"] == manifest["labels"]
        and common.manifest(back)["preprocess"] == manifest["preprocess"],
        f"{name}: read back, weights, labels and preprocessing are the same")


def check_import(options, report, name, module, dynamo, images, folder):
    """What PyTorch exports, converted and run."""
    torch.manual_seed(3)
    module = module().eval()
    path, model = os.path.join(folder, "torch.onnx"), os.path.join(folder, "imported.safetensors")
    x = torch.from_numpy((images.reshape(-1, 1, 28, 28) / 255).astype(np.float32))
    axes = {"dynamic_shapes": ({0: "N"},)} if dynamo else {"dynamic_axes": {"input": {0: "N"}}}
    extra = {"external_data": False, "verbose": False} if dynamo else {}
    torch.onnx.export(module, (x[:2],), path, input_names=["input"], dynamo=dynamo, **axes, **extra)
    common.convert(options.bin_dir, [path], model, "--force")
    with torch.inference_mode():
        expected = module(x).numpy()
    error = common.relative_error(common.logits(options.bin_dir, model, images, folder), expected)
    exporter = "the newer exporter" if dynamo else "the TorchScript exporter"
    report.check(
        error <= TOLERANCE, f"{name} by {exporter}: {DIGITS} digits' logits differ by at most {error:.1e} of the largest")


def main():
    options = common.parser(__doc__).parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    report = common.Report()
    folder = common.temporary_folder()
    _, _, images, labels = common.test_digits(options.shared_dir)
    data = [os.path.join(folder, f"train-{part}-ubyte") for part in ("images-idx3", "labels-idx1")]
    common.write_idx(data[0], images[:1000])
    common.write_idx(data[1], labels[:1000])
    images = images[:DIGITS]
    train = common.tool_path(options.bin_dir, "cnn-train")
    for preset in PRESETS:
        model = os.path.join(folder, "model.safetensors")
        common.run(
            [train, *data, "--architecture", preset, "--steps", "10", "-o", model, "--force", "--quiet"])
        check_export(options, report, preset, model, images, folder)
    book = os.path.join(folder, "book.safetensors")
    common.convert(options.bin_dir, [common.data_path(options.shared_dir, "weights/deep_convnet_params.pkl")], book)
    check_export(options, report, "the book's deep network", book, images, folder)
    for dynamo in [False] + [True] * (onnxscript is not None):
        for name, module in (("lenet", lenet), ("simple-convnet", simple), ("double-convnet", double),
                             ("deep-convnet", Deep)):
            check_import(options, report, name, module, dynamo, images, folder)
    if onnxscript is None:
        print("        PyTorch's newer exporter was left out: this Python has no onnxscript")
    report.finish()


if __name__ == "__main__":
    main()
