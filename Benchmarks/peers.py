"""Measures PyTorch or ONNX Runtime on the preset networks, on request, as `cnn-benchmark serve` does.

    peers.py pytorch | onnxruntime

A request is a line on standard input, TASK NET BATCH THREADS SECONDS VARIANT, such as `infer lenet 64 2 0.5 default`;
the answer is one JSON line. Variants: nchw and channels_last of PyTorch, default of ONNX Runtime. Requests of one kind
reuse what the first one made ready, so that rounds can alternate between processes without the cost of starting.

A training step is the forward pass, the loss, the backward pass and a plain SGD update, on a batch in memory.
"""

import contextlib
import json
import sys
import time

# Layers of the presets. A convolution is its channels, kernel and padding; a linear layer its width.
NETS = {
    "lenet": [
        ("conv", 20, 5, 0), "relu", "pool", ("conv", 50, 5, 0), "relu", "pool", "flatten",
        ("linear", 500), "relu", ("linear", 10),
    ],
    "simple-convnet": [("conv", 30, 5, 0), "relu", "pool", "flatten", ("linear", 100), "relu", ("linear", 10)],
    "double-convnet": [
        ("conv", 10, 7, 1), "relu", "pool", ("conv", 20, 3, 1), "relu", "pool", "flatten",
        ("linear", 100), "relu", ("linear", 10),
    ],
    "deep-convnet": [
        ("conv", 16, 3, 1), "relu", ("conv", 16, 3, 1), "relu", "pool",
        ("conv", 32, 3, 1), "relu", ("conv", 32, 3, 2), "relu", "pool",
        ("conv", 64, 3, 1), "relu", ("conv", 64, 3, 1), "relu", "pool", "flatten",
        ("linear", 50), "relu", "dropout", ("linear", 10),
    ],
}  # fmt: skip


def layers(net):
    """The layers with the shapes of their weights: (kind, shape of the weight or None, padding)."""
    channels, size, features = 1, 28, 0
    for layer in NETS[net]:
        kind = layer if isinstance(layer, str) else layer[0]
        shape, padding = None, 0
        if kind == "conv":
            _, outputs, kernel, padding = layer
            shape = (outputs, channels, kernel, kernel)
            channels, size = outputs, size + 2 * padding - kernel + 1
        elif kind == "pool":
            size //= 2
        elif kind == "flatten":
            features = channels * size * size
        elif kind == "linear":
            shape = (layer[1], features)
            features = layer[1]
        yield kind, shape, padding


def torch_module(net):
    """The network as one writes it in PyTorch."""
    import torch.nn as nn

    plain = {"relu": nn.ReLU, "pool": lambda: nn.MaxPool2d(2), "flatten": nn.Flatten, "dropout": nn.Dropout}
    modules = []
    for kind, shape, padding in layers(net):
        if kind == "conv":
            modules.append(nn.Conv2d(shape[1], shape[0], shape[2], padding=padding))
        elif kind == "linear":
            modules.append(nn.Linear(shape[1], shape[0]))
        else:
            modules.append(plain[kind]())
    return nn.Sequential(*modules)


def onnx_bytes(net, parameters=None):
    """The network as an ONNX file; `parameters` are weight, bias, weight, ... in order, random if there are none."""
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    random = np.random.default_rng(1)
    given = iter(parameters or ())
    nodes, constants, value = [], [], "x"
    for number, (kind, shape, padding) in enumerate(layers(net)):
        inputs, output = [value], f"v{number}"
        if shape:
            for name, extents in ((f"w{number}", shape), (f"b{number}", shape[:1])):
                deviation = (2 / np.prod(shape[1:])) ** 0.5
                values = random.normal(0, deviation, extents) if parameters is None else next(given)
                constants.append(numpy_helper.from_array(np.asarray(values, np.float32).reshape(extents), name))
                inputs.append(name)
        if kind == "conv":
            nodes.append(helper.make_node("Conv", inputs, [output], pads=[padding] * 4))
        elif kind == "linear":
            nodes.append(helper.make_node("Gemm", inputs, [output], transB=1))
        elif kind == "pool":
            nodes.append(helper.make_node("MaxPool", inputs, [output], kernel_shape=[2, 2], strides=[2, 2]))
        elif kind in ("relu", "flatten"):
            nodes.append(helper.make_node(kind.capitalize(), inputs, [output]))
        else:  # Dropout does nothing at inference.
            continue
        value = output
    graph = helper.make_graph(
        nodes, net,
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 1, 28, 28])],
        [helper.make_tensor_value_info(value, TensorProto.FLOAT, ["n", 10])], constants,
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def pytorch_step(task, net, batch, variant):
    """A function that does one step or batch."""
    import torch

    torch.manual_seed(1)
    inputs, labels = torch.rand(batch, 1, 28, 28), torch.randint(0, 10, (batch,))
    module = torch_module(net)
    if variant == "channels_last":
        module = module.to(memory_format=torch.channels_last)
        inputs = inputs.to(memory_format=torch.channels_last)
    if task == "infer":
        module.eval()
        return lambda: module(inputs)
    module.train()
    loss, optimizer = torch.nn.CrossEntropyLoss(), torch.optim.SGD(module.parameters(), lr=0.01)

    def train():
        optimizer.zero_grad()
        loss(module(inputs), labels).backward()
        optimizer.step()

    return train


def onnxruntime_step(net, batch, threads):
    """A function that runs one batch."""
    import numpy as np
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(onnx_bytes(net), options, providers=["CPUExecutionProvider"])
    inputs = {"x": np.random.default_rng(1).random((batch, 1, 28, 28), np.float32)}
    return lambda: session.run(None, inputs)


def rates(step, images, seconds):
    """Images a second of rounds of a third of a second or more, until `seconds` are over; one round at least."""

    def timed(count):
        started = time.perf_counter()
        for _ in range(count):
            step()
        return time.perf_counter() - started

    timed(2)
    count = max(1, int(-(-0.33 // max(timed(1), 1e-7))))
    found, left = [], seconds
    while not found or left > 0:
        taken = timed(count)
        found.append(count * images / taken)
        left -= taken
    return found


def main():
    peer = sys.argv[1] if len(sys.argv) == 2 else ""
    if peer == "pytorch":
        import torch

        version = torch.__version__
    elif peer == "onnxruntime":
        import onnxruntime

        version = onnxruntime.__version__
    else:
        sys.exit(__doc__)
    ready = {}
    for line in sys.stdin:
        task, net, batch, threads, seconds, variant = line.split()
        batch, threads = int(batch), int(threads)
        key = (task, net, batch, threads, variant)
        if peer == "pytorch":
            torch.set_num_threads(threads)
        if key not in ready:
            ready[key] = (
                pytorch_step(task, net, batch, variant) if peer == "pytorch" else onnxruntime_step(net, batch, threads)
            )
        with torch.inference_mode(task == "infer") if peer == "pytorch" else contextlib.nullcontext():
            found = rates(ready[key], batch, float(seconds))
        best, median = round(max(found)), round(sorted(found)[len(found) // 2])
        answer = dict(peer=peer, version=version, task=task, net=net, batch=batch, threads=threads)
        answer.update(images_per_second=best, median=median, variant=variant)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
