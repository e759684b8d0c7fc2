"""Goldens for the engine's layers from PyTorch: Tests/CNNEngineTests/Fixtures/goldens.json.

Inputs and parameters are decimals rounded to float32; outputs are computed in float64 and rounded to float32 last, so
that they are right to the last bit or next to it. The file:

    {"made_with": "...",
     "cases": [{"name", "op", "attributes", "input_shape", "input", "parameters": {"weight": {"shape", "values"}, ...},
                "output_shape", "output"}],
     "networks": [{"name", "input_shape", "nodes": [{"name", "op", "inputs", "attributes"}], "output",
                   "parameters": {"conv1.weight": {"shape", "values"}, ...}, "input", "expected"}]}

Shapes of inputs and outputs begin with the batch. Sizes are [height, width], padding is [top, left, bottom, right].
Everything is flat, last index fastest.

Usage: make_engine_goldens.py [OUTPUT.json]
"""

import json
import os
import sys

import numpy as np

import common

try:
    import torch
    import torch.nn.functional as F
except ImportError as error:
    common.skip(f"this Python has no {error.name}")

OUTPUT = os.path.join(common.ROOT, "Tests", "CNNEngineTests", "Fixtures", "goldens.json")
random = np.random.Generator(np.random.PCG64(7))


def decimals(*shape, scale=1.0, offset=0.0):
    """Random float64 values that are float32 numbers of two decimals, within `scale` of `offset`."""
    whole = np.round(100 * (offset + scale * random.uniform(-1, 1, shape)))
    return torch.from_numpy((whole / 100).astype(np.float32).astype(np.float64))


class Number(float):
    """A float32 that JSON writes with as few digits as give it back."""

    def __repr__(self):
        return np.format_float_positional(np.float32(self), unique=True, trim="-") if self else "0"


def flat(tensor):
    """The values in order."""
    values = [Number(value) for value in tensor.detach().to(torch.float32).flatten().tolist()]
    assert all(np.isfinite(values))
    return values


def named(parameters):
    """Parameters as the file holds them."""
    return {name: {"shape": list(value.shape), "values": flat(value)} for name, value in parameters.items()}


# --- the operations, on attributes as the file has them ------------------------------------------------------------


def conv2d(x, a, p):
    """F.conv2d, with padding that may differ on each side."""
    top, left, bottom, right = a["padding"]
    x = F.pad(x, (left, right, top, bottom))
    return F.conv2d(x, p["weight"], p.get("bias"), a["stride"], 0, a["dilation"], a["groups"])


def max_pool2d(x, a, p):
    """F.max_pool2d; padding that differs on each side is put on as minus infinity first."""
    top, left, bottom, right = a["padding"]
    symmetric = top == bottom and left == right
    if not symmetric:
        assert not a["ceil_mode"]
        x = F.pad(x, (left, right, top, bottom), value=-np.inf)
    return F.max_pool2d(x, a["kernel_size"], a["stride"], (top, left) if symmetric else 0, 1, a["ceil_mode"])


def batch_norm(x, a, p):
    """F.batch_norm in evaluation mode."""
    return F.batch_norm(x, p["running_mean"], p["running_var"], p["weight"], p["bias"], False, 0.0, a["eps"])


def dropout(x, a, p):
    """At inference: nothing, or a multiplication by 1 - p, whichever the convention is."""
    return x * (1 - a["p"]) if a["scaling"] == "inference" else x


OPERATIONS = {
    "conv2d": conv2d,
    "max_pool2d": max_pool2d,
    "linear": lambda x, a, p: F.linear(x, p["weight"], p.get("bias")),
    "relu": lambda x, a, p: F.relu(x),
    "sigmoid": lambda x, a, p: torch.sigmoid(x),
    "tanh": lambda x, a, p: torch.tanh(x),
    "batch_norm": batch_norm,
    "dropout": dropout,
    "flatten": lambda x, a, p: x.flatten(1),
}


# --- attributes and parameters ------------------------------------------------------------------------------------


def pair(value):
    """[v, v] of a number, a pair as it is."""
    return list(value) if isinstance(value, (list, tuple)) else [value, value]


def sides(value):
    """[top, left, bottom, right] of one number or four."""
    return list(value) if isinstance(value, (list, tuple)) else [value] * 4


def convolution(inputs, outputs, kernel, stride=1, padding=0, dilation=1, groups=1, bias=True):
    """Attributes and parameters of a convolution."""
    kernel = pair(kernel)
    attributes = {
        "in_channels": inputs,
        "out_channels": outputs,
        "kernel_size": kernel,
        "stride": pair(stride),
        "padding": sides(padding),
        "dilation": pair(dilation),
        "groups": groups,
        "bias": bias,
    }
    parameters = {"weight": decimals(outputs, inputs // groups, *kernel)}
    if bias:
        parameters["bias"] = decimals(outputs)
    return attributes, parameters


def pooling(kernel, stride=None, padding=0, ceil_mode=False):
    """Attributes of a pooling; the stride is the kernel unless it is given."""
    return {
        "kernel_size": pair(kernel),
        "stride": pair(kernel if stride is None else stride),
        "padding": sides(padding),
        "ceil_mode": ceil_mode,
    }, {}


def fully_connected(inputs, outputs, bias=True):
    """Attributes and parameters of a linear layer."""
    parameters = {"weight": decimals(outputs, inputs)}
    if bias:
        parameters["bias"] = decimals(outputs)
    return {"in_features": inputs, "out_features": outputs, "bias": bias}, parameters


def normalisation(features, eps=1e-5):
    """Attributes and parameters of a batch normalisation."""
    return {"num_features": features, "eps": eps, "momentum": 0.1}, {
        "weight": decimals(features, offset=1, scale=0.5),
        "bias": decimals(features),
        "running_mean": decimals(features),
        "running_var": decimals(features, offset=1.5, scale=1.4),
    }


# --- what is made -------------------------------------------------------------------------------------------------


def case(name, op, made, x):
    """One layer on one batch."""
    attributes, parameters = made
    output = OPERATIONS[op](x, attributes, parameters)
    return {
        "name": name,
        "op": op,
        "attributes": attributes,
        "input_shape": list(x.shape),
        "input": flat(x),
        "parameters": named(parameters),
        "output_shape": list(output.shape),
        "output": flat(output),
    }


def layer_cases():
    """Single layers, odd shapes above all."""
    conv = convolution
    yield case("one pixel", "conv2d", conv(1, 1, 1), decimals(1, 1, 1, 1))
    yield case("kernel as large as the image", "conv2d", conv(2, 3, (4, 5)), decimals(1, 2, 4, 5))
    yield case("one by one kernel mixes channels", "conv2d", conv(5, 7, 1), decimals(2, 5, 3, 3))
    yield case("one by one kernel, stride 2", "conv2d", conv(3, 2, 1, stride=2), decimals(1, 3, 5, 4))
    yield case("5x5 on one channel", "conv2d", conv(1, 6, 5), decimals(2, 1, 12, 12))
    yield case("5x5 on many channels", "conv2d", conv(4, 6, 5), decimals(1, 4, 9, 9))
    yield case("3x3, padding 1", "conv2d", conv(3, 5, 3, padding=1), decimals(1, 3, 7, 7))
    yield case("3x3, padding 2", "conv2d", conv(2, 3, 3, padding=2), decimals(1, 2, 5, 6))
    yield case("7x7, padding 1", "conv2d", conv(1, 3, 7, padding=1), decimals(1, 1, 10, 11))
    yield case("no bias", "conv2d", conv(2, 3, 3, bias=False), decimals(1, 2, 5, 5))
    yield case("stride 2", "conv2d", conv(2, 3, 3, stride=2), decimals(1, 2, 8, 9))
    yield case("stride 3 by 1", "conv2d", conv(1, 2, 3, stride=(3, 1)), decimals(1, 1, 11, 6))
    yield case("stride 1 by 3, padding 1", "conv2d", conv(2, 2, 3, stride=(1, 3), padding=1), decimals(1, 2, 4, 10))
    yield case("stride larger than the kernel", "conv2d", conv(1, 2, 2, stride=3), decimals(1, 1, 9, 8))
    yield case("padding on every side different", "conv2d", conv(2, 3, 3, padding=(0, 1, 2, 3)), decimals(1, 2, 4, 5))
    yield case("padding wider than the image", "conv2d", conv(1, 1, 3, padding=4), decimals(1, 1, 2, 1))
    yield case("padding below and right, stride 2", "conv2d", conv(1, 2, 3, 2, (0, 0, 1, 1)), decimals(1, 1, 6, 6))
    yield case("dilation 2", "conv2d", conv(2, 3, 3, dilation=2), decimals(1, 2, 7, 8))
    yield case("dilation 3 by 1, padding", "conv2d", conv(1, 2, 3, 1, (3, 1, 3, 1), (3, 1)), decimals(1, 1, 6, 5))
    yield case("dilation 2, stride 2", "conv2d", conv(1, 2, 3, stride=2, dilation=2), decimals(1, 1, 9, 9))
    yield case("two groups", "conv2d", conv(4, 6, 3, groups=2), decimals(1, 4, 5, 5))
    yield case("a group for each channel", "conv2d", conv(3, 6, 3, padding=1, groups=3), decimals(1, 3, 4, 4))
    yield case("three groups, stride, dilation", "conv2d", conv(6, 3, 2, 2, 1, 2, 3), decimals(1, 6, 5, 6))
    yield case("flat kernel", "conv2d", conv(2, 2, (1, 4)), decimals(1, 2, 3, 9))
    yield case("tall kernel", "conv2d", conv(2, 2, (4, 1)), decimals(1, 2, 9, 3))
    yield case("a batch of three", "conv2d", conv(2, 3, 3), decimals(3, 2, 4, 5))
    for width in [1, 2, 3, 4, 5, 7, 8, 9, 11, 15, 16, 17, 23, 24, 25, 31, 32, 33]:
        yield case(f"output {width} wide", "conv2d", conv(1, 2, 3), decimals(1, 1, 4, width + 2))
    for channels in [1, 2, 3, 4, 5, 6, 7, 9, 11, 16, 17]:
        yield case(f"{channels} output channels", "conv2d", conv(2, channels, 2), decimals(1, 2, 3, 4))

    yield case("pool 2", "max_pool2d", pooling(2), decimals(2, 2, 6, 8))
    yield case("pool 2, odd size", "max_pool2d", pooling(2), decimals(1, 2, 5, 7))
    yield case("pool 2, odd size, ceil", "max_pool2d", pooling(2, ceil_mode=True), decimals(1, 2, 5, 7))
    yield case("pool 3, stride 2", "max_pool2d", pooling(3, 2), decimals(1, 2, 8, 9))
    yield case("pool 3, stride 2, ceil", "max_pool2d", pooling(3, 2, ceil_mode=True), decimals(1, 2, 8, 9))
    yield case("pool 3, stride 1, padding 1", "max_pool2d", pooling(3, 1, 1), decimals(1, 1, 5, 5))
    yield case("pool 2, stride 3", "max_pool2d", pooling(2, 3), decimals(1, 1, 8, 9))
    yield case("last window starts in the padding, ceil", "max_pool2d", pooling(2, 2, 1, True), decimals(1, 1, 5, 6))
    yield case("stride 4, ceil, window left out", "max_pool2d", pooling(2, 4, 0, True), decimals(1, 1, 6, 8))
    yield case("pool 2 by 3, stride 1 by 2", "max_pool2d", pooling((2, 3), (1, 2)), decimals(1, 2, 4, 9))
    yield case("padding on one side", "max_pool2d", pooling(3, 2, (1, 0, 0, 1)), decimals(1, 1, 6, 6))
    yield case("all negative, padding", "max_pool2d", pooling(3, 2, 1), decimals(1, 1, 6, 6, scale=0.4, offset=-5))
    yield case("whole image", "max_pool2d", pooling((4, 6)), decimals(1, 3, 4, 6))
    for width in [2, 6, 14, 15, 16, 17, 18, 34]:
        yield case(f"pool 2, {width} wide", "max_pool2d", pooling(2), decimals(1, 1, 2, width))

    for inputs, outputs in [(1, 1), (2, 3), (7, 5), (8, 8), (9, 17), (31, 10), (33, 4), (64, 3), (100, 10)]:
        yield case(f"{inputs} to {outputs}", "linear", fully_connected(inputs, outputs), decimals(2, inputs))
    yield case("linear without bias", "linear", fully_connected(6, 4, bias=False), decimals(3, 6))
    yield case("a batch of nine", "linear", fully_connected(5, 3), decimals(9, 5))

    wide = torch.tensor([[-200.0, -80, -20, -5, -1, -0.01, 0, 0.01, 1, 5, 20, 80, 200]], dtype=torch.float64)
    for op in ["relu", "sigmoid", "tanh"]:
        yield case(f"{op} near and far", op, ({}, {}), wide.to(torch.float32).to(torch.float64))
        yield case(f"{op} of images", op, ({}, {}), decimals(2, 3, 3, 3, scale=4))
    yield case("batch norm of vectors", "batch_norm", normalisation(11), decimals(3, 11))
    yield case("batch norm of images", "batch_norm", normalisation(5), decimals(2, 5, 3, 4))
    yield case("batch norm, large epsilon", "batch_norm", normalisation(4, eps=0.1), decimals(2, 4))
    yield case("flatten", "flatten", ({}, {}), decimals(2, 3, 2, 4))
    yield case("dropout, scaled in training", "dropout", ({"p": 0.5, "scaling": "training"}, {}), decimals(2, 7))
    yield case("dropout, scaled at inference", "dropout", ({"p": 0.2, "scaling": "inference"}, {}), decimals(2, 7))


def network(name, input_shape, layers, batch):
    """A chain of layers, (name, op, (attributes, parameters)) each, on one batch."""
    x = decimals(batch, *input_shape)
    nodes, parameters, value, previous = [], {}, x, "input"
    for layer, op, (attributes, own) in layers:
        nodes.append({"name": layer, "op": op, "inputs": [previous], "attributes": attributes})
        parameters.update({f"{layer}.{part}": tensor for part, tensor in own.items()})
        value, previous = OPERATIONS[op](value, attributes, own), layer
    return {
        "name": name,
        "input_shape": list(x.shape),
        "nodes": nodes,
        "output": previous,
        "parameters": named(parameters),
        "input": flat(x),
        "expected": flat(value),
    }


def networks():
    """Whole networks, small."""
    nothing = ({}, {})
    yield network(
        "small lenet",
        (1, 16, 16),
        [
            ("conv1", "conv2d", convolution(1, 4, 5)),
            ("relu1", "relu", nothing),
            ("pool1", "max_pool2d", pooling(2)),
            ("conv2", "conv2d", convolution(4, 6, 3)),
            ("relu2", "relu", nothing),
            ("pool2", "max_pool2d", pooling(2)),
            ("flatten", "flatten", nothing),
            ("fc1", "linear", fully_connected(24, 12)),
            ("relu3", "relu", nothing),
            ("fc2", "linear", fully_connected(12, 10)),
        ],
        batch=3,
    )
    yield network(
        "small deep network",
        (2, 9, 7),
        [
            ("conv1", "conv2d", convolution(2, 5, 3, padding=1, bias=False)),
            ("bn1", "batch_norm", normalisation(5)),
            ("relu1", "relu", nothing),
            ("conv2", "conv2d", convolution(5, 5, 3, padding=(0, 1, 2, 1), groups=5)),
            ("tanh2", "tanh", nothing),
            ("pool2", "max_pool2d", pooling(3, 2, 1)),
            ("flatten", "flatten", nothing),
            ("dropout", "dropout", ({"p": 0.5, "scaling": "inference"}, {})),
            ("fc1", "linear", fully_connected(100, 4)),
        ],
        batch=2,
    )
    yield network(
        "mlp with batch norm",
        (1, 5, 6),
        [
            ("flatten", "flatten", nothing),
            ("fc1", "linear", fully_connected(30, 14)),
            ("bn1", "batch_norm", normalisation(14)),
            ("relu1", "relu", nothing),
            ("fc2", "linear", fully_connected(14, 9)),
            ("bn2", "batch_norm", normalisation(9)),
            ("sigmoid2", "sigmoid", nothing),
            ("fc3", "linear", fully_connected(9, 10)),
        ],
        batch=4,
    )


def encoded(value):
    """JSON; `json` would write every Number as a float64."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{encoded(member)}" for name, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(encoded, value)) + "]"
    return repr(value) if isinstance(value, Number) else json.dumps(value)


def main():
    output = sys.argv[1] if len(sys.argv) > 1 else OUTPUT
    torch.set_num_threads(1)
    cases, whole = list(layer_cases()), list(networks())
    names = [entry["name"] for entry in cases + whole]
    assert len(set(names)) == len(names), "two cases share a name"
    made_with = f"PyTorch {torch.__version__.split('+')[0]}, NumPy {np.__version__}"
    lines = [f'{{"made_with":{json.dumps(made_with)},', '"cases":[']
    lines += [",\n".join(map(encoded, cases)), "],", '"networks":[', ",\n".join(map(encoded, whole)), "]}"]
    text = "\n".join(lines) + "\n"
    os.makedirs(os.path.dirname(os.path.abspath(output)), exist_ok=True)
    with open(output, "w", encoding="ascii") as file:
        file.write(text)
    print(f"{output}: {len(cases)} cases, {len(whole)} networks, {len(text)} bytes")


if __name__ == "__main__":
    main()
