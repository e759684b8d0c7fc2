"""Weights under other people's names, at full size: what PyTorch and Chainer's layout hold gives their logits.

The four convolutional presets and an mlp with batch normalisation, as nn.Sequential and as a class with names of its
own, go through torch.save (zip and legacy container), safetensors and an npz in Chainer's layout. Logits must agree
within 1e-5 of the largest.

Usage: check_weights.py BIN_DIR [SHARED_DIR]
"""

import os

import numpy as np

import common

try:
    import safetensors.torch
    import torch
    from torch import nn
except ImportError as error:
    common.skip(f"this Python has no {error.name}")

DIGITS = 100
TOLERANCE = 1e-5


class Named(nn.Module):
    """A network whose layers have names of their own: stem_1, stem_2, ..., head_1, head_2, ..."""

    def __init__(self, sequential):
        super().__init__()
        self.order = []
        counts = {}
        for layer in sequential:
            part = "stem" if isinstance(layer, nn.Conv2d) else "norm" if isinstance(layer, nn.BatchNorm1d) else "head"
            if not list(layer.parameters()):
                self.order.append(layer)
                continue
            counts[part] = counts.get(part, 0) + 1
            name = f"{part}_{counts[part]}"
            setattr(self, name, layer)
            self.order.append(name)

    def forward(self, x):
        for step in self.order:
            x = getattr(self, step)(x) if isinstance(step, str) else step(x)
        return x


def convolutional(convolutions, flat, hidden):
    """Convolutions as (in, out, kernel, padding, whether a pool follows), then two linear layers."""
    layers = []
    for inputs, outputs, kernel, padding, pool in convolutions:
        layers += [nn.Conv2d(inputs, outputs, kernel, padding=padding), nn.ReLU()] + [nn.MaxPool2d(2)] * pool
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(flat, hidden), nn.ReLU(), nn.Linear(hidden, 10))


def networks():
    """(architecture that must be recognised, module)."""
    widths = [1, 16, 16, 32, 32, 64, 64]
    deep = [(widths[i], widths[i + 1], 3, 2 if i == 3 else 1, i % 2 == 1) for i in range(6)]
    yield "lenet", convolutional([(1, 20, 5, 0, True), (20, 50, 5, 0, True)], 800, 500)
    yield "simple-convnet", convolutional([(1, 30, 5, 0, True)], 4320, 100)
    yield "double-convnet", convolutional([(1, 10, 7, 1, True), (10, 20, 3, 1, True)], 720, 100)
    yield "deep-convnet", convolutional(deep, 1024, 50)
    yield "mlp:100,50:bn", nn.Sequential(
        nn.Flatten(), nn.Linear(784, 100), nn.BatchNorm1d(100), nn.ReLU(), nn.Linear(100, 50), nn.BatchNorm1d(50),
        nn.ReLU(), nn.Linear(50, 10))


def save_chainer(module, path):
    """The arrays as chainer.serializers.save_npz names them; Chainer itself made the goldens of the tests."""
    arrays = {}
    for name, layer in module.named_children():
        if isinstance(layer, nn.BatchNorm1d):
            arrays.update({
                f"predictor/{name}/gamma": layer.weight, f"predictor/{name}/beta": layer.bias,
                f"predictor/{name}/avg_mean": layer.running_mean, f"predictor/{name}/avg_var": layer.running_var,
                f"predictor/{name}/N": layer.num_batches_tracked})
        elif list(layer.parameters()):
            arrays.update({f"predictor/{name}/W": layer.weight, f"predictor/{name}/b": layer.bias})
    np.savez_compressed(path, **{key: value.detach().numpy() for key, value in arrays.items()})


def main():
    options = common.parser(__doc__).parse_args()
    report = common.Report()
    folder = common.temporary_folder()
    images = common.test_digits(options.shared_dir)[2][:DIGITS]
    x = torch.from_numpy((images.reshape(-1, 1, 28, 28) / 255).astype(np.float32))
    model = os.path.join(folder, "model.safetensors")
    worst = 0.0
    for architecture, sequential in networks():
        for module in (sequential, Named(sequential)):
            torch.manual_seed(4)
            for layer in module.modules():
                if isinstance(layer, (nn.Conv2d, nn.Linear)):
                    layer.reset_parameters()
                elif isinstance(layer, nn.BatchNorm1d):
                    layer.train()
                    nn.init.uniform_(layer.weight, 0.5, 1.5)
                    nn.init.uniform_(layer.bias, -0.5, 0.5)
            module.train()
            with torch.no_grad():
                module(x)
            module.eval()
            style = "names of its own" if isinstance(module, Named) else "nn.Sequential"
            path = os.path.join(folder, "weights")
            ways = {
                "zip": lambda: torch.save(module.state_dict(), path),
                "legacy": lambda: torch.save(module.state_dict(), path, _use_new_zipfile_serialization=False),
                "checkpoint": lambda: torch.save({"epoch": 1, "state_dict": module.state_dict()}, path),
                "safetensors": lambda: safetensors.torch.save_file(module.state_dict(), path),
                "Chainer's npz": lambda: (save_chainer(module, path), os.replace(path + ".npz", path)),
            }
            for way, save in ways.items():
                epsilon = 2e-5 if way.startswith("Chainer") else 1e-5
                for layer in module.modules():
                    if isinstance(layer, nn.BatchNorm1d):
                        layer.eps = epsilon
                save()
                result = common.convert(options.bin_dir, [path], model, "--force")
                recognised = f"architecture: {architecture}, recognised" in result.stderr.decode()
                with torch.inference_mode():
                    expected = module(x).numpy()
                error = common.relative_error(common.logits(options.bin_dir, model, images, folder), expected)
                worst = max(worst, error)
                report.check(
                    recognised and error <= TOLERANCE,
                    f"{architecture}, {style}, {way}: logits of {DIGITS} digits differ by at most {error:.1e} of the largest")
    print(f"        largest relative difference of all: {worst:.1e}")
    report.finish()


if __name__ == "__main__":
    main()
