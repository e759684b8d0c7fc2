"""Python takes the files as they are: safetensors opens each, PyTorch modules load them without renaming.

Usage: check_torch.py BIN_DIR [SHARED_DIR]
"""

import os

import numpy as np

import common

try:
    import safetensors.numpy
    import safetensors.torch
    import torch
    from torch import nn
    from torch.nn.functional import max_pool2d, relu
except ImportError as error:
    common.skip(f"this Python has no {error.name}")

DIGITS = 100
TOLERANCE = 1e-4


class LeNet(nn.Module):
    """The preset `lenet`."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 20, 5)
        self.conv2 = nn.Conv2d(20, 50, 5)
        self.fc1 = nn.Linear(800, 500)
        self.fc2 = nn.Linear(500, 10)

    def forward(self, x):
        x = max_pool2d(relu(self.conv1(x)), 2)
        x = max_pool2d(relu(self.conv2(x)), 2)
        return self.fc2(relu(self.fc1(x.flatten(1))))


class DeepConvNet(nn.Module):
    """The preset `deep-convnet` as the book's pickle means it: outputs halved at both dropout layers."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 16, 3, padding=1)
        self.conv3 = nn.Conv2d(16, 32, 3, padding=1)
        self.conv4 = nn.Conv2d(32, 32, 3, padding=2)
        self.conv5 = nn.Conv2d(32, 64, 3, padding=1)
        self.conv6 = nn.Conv2d(64, 64, 3, padding=1)
        self.fc1 = nn.Linear(1024, 50)
        self.fc2 = nn.Linear(50, 10)

    def forward(self, x):
        x = max_pool2d(relu(self.conv2(relu(self.conv1(x)))), 2)
        x = max_pool2d(relu(self.conv4(relu(self.conv3(x)))), 2)
        x = max_pool2d(relu(self.conv6(relu(self.conv5(x)))), 2)
        return 0.5 * self.fc2(0.5 * relu(self.fc1(x.flatten(1))))


# (file below SHARED_DIR, options, module whose state_dict it must be)
CONVERSIONS = [
    ("weights/sample_weight.pkl", [], None),
    ("weights/simple_convnet_params.pkl", [], None),
    ("weights/deep_convnet_params.pkl", [], DeepConvNet),
    ("pickles/lenet-python2-stream.pkl", ["--architecture", "lenet", "--rotated-kernels"], LeNet),
    ("pickles/mnist-python2-protocol0.pkl.gz", [], None),
    ("pickles/mnist-python2-protocol2.pkl.gz", [], None),
]


def main():
    options = common.parser(__doc__).parse_args()
    report = common.Report()
    folder = common.temporary_folder()
    images_path, labels_path, images, _ = common.test_digits(options.shared_dir)

    def convert(inputs, name, *flags):
        output = os.path.join(folder, name + ".safetensors")
        common.convert(options.bin_dir, inputs, output, *flags)
        tensors = safetensors.numpy.load_file(output)
        count = len(tensors)
        report.check(count > 0, f"{name}: safetensors.numpy.load_file opens it, {count} tensors")
        return output

    convert([images_path, labels_path], "t10k")
    convert([os.path.join(common.SAMPLES, "mnist_sample.pkl")], "mnist_sample")
    convert([os.path.join(common.SAMPLES, "simple_convnet_params.pkl")], "sample-convnet")
    for file, flags, module in CONVERSIONS:
        name = os.path.basename(file).split(".")[0]
        path = convert([common.data_path(options.shared_dir, file)], name, *flags)
        if module is None:
            continue
        network = module()
        try:
            network.load_state_dict(safetensors.torch.load_file(path), strict=True)
        except RuntimeError as error:
            report.check(False, f"{name}: {module.__name__}.load_state_dict: {error}")
            continue
        report.check(True, f"{name}: {module.__name__}.load_state_dict takes it")
        digits = images[:DIGITS]
        with torch.inference_mode():
            x = torch.from_numpy(common.network_input(path, digits))
            reference = network.double().eval()(x).numpy()
        error = common.relative_error(common.logits(options.bin_dir, path, digits, folder), reference)
        report.check(
            error <= TOLERANCE,
            f"{name}: {DIGITS} digits' logits differ by at most {error:.1e} of the largest ({np.abs(reference).max():.4g})",
        )
    report.finish()


if __name__ == "__main__":
    main()
