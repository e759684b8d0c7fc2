"""Goldens for training from PyTorch: Tests/CNNEngineTests/Fixtures/training.json.

One step's logits, mean cross-entropy, every parameter's gradient and the running statistics behind it, of small networks
in training mode. As in make_engine_goldens.py, inputs and parameters are decimals rounded to float32, and everything is
computed in float64 and rounded last.

    {"made_with": "...",
     "networks": [{"name", "input_shape", "nodes", "output", "parameters", "input", "labels", "logits", "loss",
                   "gradients": {"conv1.weight": {"shape", "values"}, ...}, "statistics": {"bn1.running_mean": ...}}]}

Usage: make_training_goldens.py [OUTPUT.json]
"""

import json
import os
import sys

import make_engine_goldens as goldens
from make_engine_goldens import convolution, decimals, encoded, flat, fully_connected, named, normalisation, pooling

torch, F = goldens.torch, goldens.F
OUTPUT = os.path.join(goldens.common.ROOT, "Tests", "CNNEngineTests", "Fixtures", "training.json")
NOTHING = ({}, {})


def trained(name, input_shape, layers, batch, classes):
    """A chain of layers and what one step of training computes."""
    x = decimals(batch, *input_shape)
    labels = [int(label) for label in goldens.random.integers(0, classes, batch)]
    nodes, parameters, statistics, value, previous = [], {}, {}, x, "input"
    before = {}
    for layer, op, (attributes, own) in layers:
        nodes.append({"name": layer, "op": op, "inputs": [previous], "attributes": attributes})
        before.update({f"{layer}.{part}": tensor.clone() for part, tensor in own.items()})
        if op == "batch_norm":
            mean, variance = own["running_mean"].clone(), own["running_var"].clone()
            weight, bias = own["weight"].requires_grad_(), own["bias"].requires_grad_()
            value = F.batch_norm(value, mean, variance, weight, bias, True, attributes["momentum"], attributes["eps"])
            statistics.update({f"{layer}.running_mean": mean, f"{layer}.running_var": variance})
            parameters.update({f"{layer}.weight": weight, f"{layer}.bias": bias})
        else:
            for part, tensor in own.items():
                parameters[f"{layer}.{part}"] = tensor.requires_grad_()
            value = goldens.OPERATIONS[op](value, attributes, own)
        previous = layer
    loss = F.cross_entropy(value, torch.tensor(labels))
    loss.backward()
    return {
        "name": name,
        "input_shape": list(x.shape),
        "nodes": nodes,
        "output": previous,
        "parameters": named(before),
        "input": flat(x),
        "labels": labels,
        "logits": flat(value),
        "loss": goldens.Number(loss.item()),
        "gradients": named({key: tensor.grad for key, tensor in parameters.items()}),
        "statistics": named(statistics),
    }


def networks():
    """Small networks that between them have every layer, and convolutions of every kind."""
    yield trained(
        "convolution, relu, pool, twice",
        (1, 16, 15),
        [
            ("conv1", "conv2d", convolution(1, 5, 5)),
            ("relu1", "relu", NOTHING),
            ("pool1", "max_pool2d", pooling(2)),
            ("conv2", "conv2d", convolution(5, 6, 3, padding=1)),
            ("relu2", "relu", NOTHING),
            ("pool2", "max_pool2d", pooling(2)),
            ("flatten", "flatten", NOTHING),
            ("fc1", "linear", fully_connected(36, 12)),
            ("relu3", "relu", NOTHING),
            ("fc2", "linear", fully_connected(12, 10)),
        ],
        batch=11,
        classes=10,
    )
    yield trained(
        "strides, dilation, groups, uneven padding",
        (2, 13, 12),
        [
            ("conv1", "conv2d", convolution(2, 4, 3, stride=(2, 1), padding=(1, 0, 2, 1))),
            ("tanh1", "tanh", NOTHING),
            ("conv2", "conv2d", convolution(4, 6, (2, 3), stride=2, padding=1, groups=2)),
            ("sigmoid2", "sigmoid", NOTHING),
            ("conv3", "conv2d", convolution(6, 3, 2, padding=2, dilation=2, bias=False)),
            ("flatten", "flatten", NOTHING),
            ("fc1", "linear", fully_connected(144, 4, bias=False)),
        ],
        batch=5,
        classes=4,
    )
    yield trained(
        "batch norm between convolutions",
        (1, 9, 9),
        [
            ("conv1", "conv2d", convolution(1, 3, 3, padding=1, bias=False)),
            ("bn1", "batch_norm", normalisation(3)),
            ("relu1", "relu", NOTHING),
            ("pool1", "max_pool2d", pooling(3, 2, 1)),
            ("conv2", "conv2d", convolution(3, 5, 3, padding=2)),
            ("bn2", "batch_norm", normalisation(5, eps=0.01)),
            ("pool2", "max_pool2d", pooling(2)),
            ("tanh2", "tanh", NOTHING),
            ("flatten", "flatten", NOTHING),
            ("fc1", "linear", fully_connected(45, 3)),
        ],
        batch=9,
        classes=3,
    )
    yield trained(
        "mlp with batch norm",
        (1, 5, 6),
        [
            ("flatten", "flatten", NOTHING),
            ("fc1", "linear", fully_connected(30, 17)),
            ("bn1", "batch_norm", normalisation(17)),
            ("relu1", "relu", NOTHING),
            ("fc2", "linear", fully_connected(17, 40)),
            ("sigmoid2", "sigmoid", NOTHING),
            ("fc3", "linear", fully_connected(40, 10)),
        ],
        batch=50,
        classes=10,
    )


def main():
    output = sys.argv[1] if len(sys.argv) > 1 else OUTPUT
    torch.set_num_threads(1)
    whole = list(networks())
    made_with = f"PyTorch {torch.__version__.split('+')[0]}"
    text = f'{{"made_with":{json.dumps(made_with)},"networks":[\n' + ",\n".join(map(encoded, whole)) + "]}\n"
    with open(output, "w", encoding="ascii") as file:
        file.write(text)
    print(f"{output}: {len(whole)} networks, {len(text)} bytes")


if __name__ == "__main__":
    main()
