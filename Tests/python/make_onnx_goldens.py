"""Goldens for the ONNX reader from the onnx package, PyTorch's exporters and ONNX Runtime.

They go to Tests/CNNCodecsTests/Fixtures/onnx:

    tensors.onnx, tensors.json    a tensor of every element type in every encoding, and the values of each
    canonical.onnx                a model of nothing but what the writer writes: read and written, it is the same bytes
    *-*.onnx, networks.json       small networks, an input for each and the logits of the framework that made it

`networks.json` is {"made_with", "networks": [{"file", "shape", "input", "logits"}]}; `shape` begins with the batch.
PyTorch's newer exporter (dynamo) needs the package onnxscript; the traces of source files that it stores are removed.

Usage: make_onnx_goldens.py [FOLDER]
"""

import json
import logging
import os
import sys
import tempfile
import warnings

import numpy as np

import common

try:
    import onnx
    import onnxruntime
    import onnxscript
    import torch
    from onnx import TensorProto, helper, numpy_helper
    from torch import nn
except ImportError as error:
    common.skip(f"this Python has no {error.name}")

FOLDER = os.path.join(common.ROOT, "Tests", "CNNCodecsTests", "Fixtures", "onnx")
random = np.random.Generator(np.random.PCG64(11))
networks = []


def numbers(array):
    """The values in order, each with as few digits as give the float32 back."""
    texts = [np.format_float_positional(value, unique=True, trim="-") for value in np.asarray(array, np.float32).ravel()]
    return f"[{', '.join(texts)}]"


def decimals(*shape, scale=0.5):
    """Random float32 numbers of two decimals."""
    return (np.round(100 * random.uniform(-scale, scale, shape)) / 100).astype(np.float32)


def save(folder, name, model):
    """Write the model, after the checker has seen it."""
    onnx.checker.check_model(model, full_check=True)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(model.SerializeToString(deterministic=True))


# --- tensors -------------------------------------------------------------------------------------------------------

# (type, the repeated field for it, values that fit)
TYPES = [
    ("FLOAT", "float_data", [0.5, -1.25, 3e38, 0, 1e-45, 7]),
    ("DOUBLE", "double_data", [0.5, -1.25, 1e300, 0, 5e-324, 7]),
    ("FLOAT16", "int32_data", [0.5, -1.25, 65504, 0, 6e-8, 7]),
    ("BFLOAT16", "int32_data", [0.5, -1.25, 1e30, 0, 1e-30, 7]),
    ("INT8", "int32_data", [0, -1, 127, -128, 1, 7]),
    ("UINT8", "int32_data", [0, 255, 127, 128, 1, 7]),
    ("INT16", "int32_data", [0, -1, 32767, -32768, 1, 7]),
    ("UINT16", "int32_data", [0, 65535, 32767, 32768, 1, 7]),
    ("INT32", "int32_data", [0, -1, 2**31 - 1, -(2**31), 1, 7]),
    ("BOOL", "int32_data", [0, 1, 1, 0, 1, 0]),
    ("INT64", "int64_data", [0, -1, 2**53, -(2**53), 1, 7]),
    ("UINT32", "uint64_data", [0, 2**32 - 1, 2**31, 1, 2, 7]),
    ("UINT64", "uint64_data", [0, 2**53, 2**31, 1, 2, 7]),
]


def make_tensors(folder):
    """Every element type as raw_data and in the field for it, a scalar and an empty tensor."""
    tensors, expected = [], []

    def add(name, kind, shape, values, raw):
        code = getattr(TensorProto, kind)
        array = np.array(values, helper.tensor_dtype_to_np_dtype(code)).reshape(shape)
        if raw:
            tensor = helper.make_tensor(name, code, shape, array.tobytes(), raw=True)
        else:
            tensor = helper.make_tensor(name, code, shape, array.ravel().tolist())
        assert bool(tensor.raw_data) == (raw and array.size > 0)
        assert np.array_equal(numpy_helper.to_array(tensor), array)
        tensors.append(tensor)
        doubles = [repr(float(value)) for value in array.astype(np.float64).ravel()]
        expected.append({"name": name, "type": kind, "shape": list(shape), "values": doubles})

    for kind, field, values in TYPES:
        add(f"{kind} raw_data", kind, (2, 3), values, True)
        add(f"{kind} {field}", kind, (2, 3), values, False)
    add("scalar", "FLOAT", (), [2.5], False)
    add("empty", "FLOAT", (0, 3), [], True)
    graph = helper.make_graph(
        [helper.make_node("Identity", ["x"], ["y"])],
        "tensors",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N"])],
        tensors,
    )
    save(folder, "tensors.onnx", helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8))
    with open(os.path.join(folder, "tensors.json"), "w", encoding="utf-8") as file:
        json.dump(expected, file, indent=0)
        file.write("\n")


def make_canonical(folder):
    """Attributes of every kind that is written, metadata, two operator sets."""
    attributes = {
        "a_float": 0.5,
        "b_integer": -3,
        "c_text": "text",
        "d_tensor": numpy_helper.from_array(np.arange(6, dtype=np.int64).reshape(2, 3), "t"),
        "e_floats": [1.5, -2.5],
        "f_integers": [0, 1, 2**40, -1],
        "g_texts": ["one", ""],
    }
    nodes = [
        helper.make_node("Anything", ["x", "", "w"], ["h"], name="first", domain="example.org", **attributes),
        helper.make_node("Identity", ["h"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "canonical",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 1, None])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [2])],
        [numpy_helper.from_array(np.float32([[1, 2]]), "w")],
    )
    sets = [helper.make_opsetid("", 17), helper.make_opsetid("example.org", 1)]
    model = helper.make_model(graph, opset_imports=sets, ir_version=8, producer_name="onnx", producer_version="1")
    helper.set_model_props(model, {"key": "value", "empty": ""})
    save(folder, "canonical.onnx", model)


# --- networks ------------------------------------------------------------------------------------------------------


def add_network(folder, name, model, x, logits):
    """Save a network and remember its numbers."""
    save(folder, name, model)
    networks.append(
        f'{{"file": "{name}", "shape": {list(x.shape)}, "input": {numbers(x)}, "logits": {numbers(logits)}}}')


def run(model, x):
    """What ONNX Runtime makes of the input."""
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: x})[0]


class Chain(nn.Module):
    """A picture through two convolutions, in the way that most people write it."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 3, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(3, eps=1e-3, momentum=0.2)
        self.conv2 = nn.Conv2d(3, 4, (2, 3), stride=(1, 2), bias=False)
        self.fc1 = nn.Linear(8, 6)
        self.bn2 = nn.BatchNorm1d(6)
        self.fc2 = nn.Linear(6, 4)
        for norm in (self.bn1, self.bn2):
            norm.running_mean.uniform_(-0.5, 0.5)
            norm.running_var.uniform_(0.5, 2)

    def forward(self, x):
        x = torch.max_pool2d(torch.tanh(self.bn1(self.conv1(x))), 2)
        x = torch.max_pool2d(torch.relu(self.conv2(x)), 2, ceil_mode=True)
        x = x.view(x.size(0), -1)
        return torch.log_softmax(self.fc2(torch.sigmoid(self.bn2(self.fc1(x)))), dim=1)


class Means(nn.Module):
    """Pooling over all pixels as people write it without a layer."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 3, 2)
        self.conv2 = nn.Conv2d(3, 4, 3, padding=1)
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        x = nn.functional.avg_pool2d(torch.relu(self.conv1(x)), (2, 1))
        return self.fc(torch.relu(self.conv2(x)).mean((2, 3)))


def export(folder, name, module, x, output, logits):
    """A module through both exporters, of which `output` comes and which has these logits."""
    for dynamo in (False, True):
        with tempfile.TemporaryDirectory() as temporary:
            path = os.path.join(temporary, "model.onnx")
            axes = {"dynamic_shapes": ({0: "N"},)} if dynamo else {"dynamic_axes": {"input": {0: "N"}}}
            extra = {"external_data": False, "verbose": False} if dynamo else {}
            torch.onnx.export(
                module, (torch.from_numpy(x),), path, input_names=["input"], dynamo=dynamo, **axes, **extra)
            model = onnx.load(path)
        for part in [model.graph, *model.graph.node, *model.graph.input, *model.graph.output]:
            del part.metadata_props[:]
        del model.graph.value_info[:]
        assert np.allclose(run(model, x), output, atol=1e-6)
        add_network(folder, f"{'dynamo' if dynamo else 'torchscript'}-{name}.onnx", model, x, logits)


def make_torch(folder):
    """The same modules through both exporters."""
    torch.manual_seed(5)
    sequential = nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1, dilation=1, groups=2), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1), nn.Flatten(),
        nn.Linear(36, 5), nn.ReLU(), nn.Dropout(0.3), nn.Linear(5, 3),
    )
    plain = nn.Sequential(nn.Flatten(), nn.Linear(9, 4, bias=False), nn.Sigmoid(), nn.Linear(4, 3), nn.Softmax(1))
    for name, module, shape in (
        ("chain", Chain(), (2, 1, 8, 12)), ("sequential", sequential, (2, 2, 6, 6)), ("plain", plain, (2, 1, 3, 3)),
    ):
        module.eval()
        x = decimals(*shape, scale=1)
        with torch.no_grad():
            output = module(torch.from_numpy(x)).numpy()
        # The reader gives logits: those of log-probabilities are the same up to a sum, which the module's own has not.
        with torch.no_grad():
            logits = output
            if name == "chain":
                features = {}
                hook = module.fc2.register_forward_hook(lambda _, __, result: features.update(logits=result))
                module(torch.from_numpy(x))
                hook.remove()
                logits = features["logits"].numpy()
            elif name == "plain":
                logits = module[:-1](torch.from_numpy(x)).numpy()
        export(folder, name, module, x, output, logits)


def weight(name, *shape):
    """A tensor of random numbers."""
    return numpy_helper.from_array(decimals(*shape), name)


def model(nodes, initializers, shape, classes, version=17, ir_version=8):
    """A network of these nodes from x to y."""
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)
    inputs = [x]
    if ir_version < 4:
        inputs += [helper.make_tensor_value_info(i.name, i.data_type, i.dims) for i in initializers]
    graph = helper.make_graph(
        nodes, "by hand", inputs,
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [shape[0], classes])], initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", version)], ir_version=ir_version)


def make_by_hand(folder):
    """What PyTorch does not write, put together with onnx and run by ONNX Runtime."""

    node = helper.make_node
    x = decimals(2, 2, 7, 8, scale=1)
    for mode in ("SAME_UPPER", "SAME_LOWER", "VALID"):
        rows, columns = (2, 4) if mode != "VALID" else (1, 2)
        # ONNX Runtime refuses dilations beside SAME.
        dilations = [1, 2] if mode == "VALID" else [1, 1]
        nodes = [
            node("Conv", ["x", "w1"], ["c1"], auto_pad=mode, strides=[2, 1], dilations=dilations, name="c1"),
            node("Add", ["c1", "b1"], ["a1"]),
            node("Relu", ["a1"], ["r1"]),
            node("MaxPool", ["r1"], ["p1"], auto_pad=mode, kernel_shape=[3, 2], strides=[2, 2]),
            node("Dropout", ["p1"], ["d1"]),
            node("Reshape", ["d1", "row"], ["f1"]),
            node("MatMul", ["f1", "w2"], ["m1"]),
            node("Add", ["b2", "m1"], ["g1"]),
            node("Mul", ["g1", "half"], ["y"]),
        ]
        count = 3 * rows * columns
        initializers = [
            weight("w1", 3, 2, 2, 3), weight("b1", 1, 3, 1, 1), weight("w2", count, 3), weight("b2", 3),
            numpy_helper.from_array(np.int64([0, -1]), "row"), numpy_helper.from_array(np.float32(0.5), "half"),
        ]
        made = model(nodes, initializers, ["N", 2, 7, 8], 3)
        add_network(folder, f"hand-{mode.lower().replace('_', '-')}.onnx", made, x, run(made, x))

    # Weights in half precision, Constant nodes, all options of Gemm; an operator set and a version of 2018.
    x = decimals(1, 12, scale=1)
    half = numpy_helper.from_array(decimals(12, 4), "w1")
    constant = node("Constant", [], ["w2"], value=weight("v", 4, 5))
    nodes = [
        node("Gemm", ["x", "w1", "b1"], ["g1"], alpha=0.5, beta=2.0),
        node("Tanh", ["g1"], ["t1"]),
        constant,
        node("Gemm", ["t1", "w2", "b2"], ["g2"], transB=0),
        node("Identity", ["g2"], ["i1"]),
        node("Softmax", ["i1"], ["s"], axis=1),
        node("Identity", ["s"], ["y"]),
    ]
    initializers = [half, weight("b1", 1), weight("b2", 1, 5)]
    made = model(nodes, initializers, [1, 12], 5, version=8, ir_version=3)
    plain = model(nodes[:4] + [node("Identity", ["g2"], ["y"])], initializers, [1, 12], 5, version=8, ir_version=3)
    add_network(folder, "hand-gemm.onnx", made, x, run(plain, x))


def make_pooling(folder):
    """Pooling besides MaxPool, by PyTorch and by hand, and the ONNX model zoo's way of writing a network."""
    torch.manual_seed(6)
    average = nn.Sequential(
        nn.Conv2d(1, 3, 3), nn.AvgPool2d(2, padding=1), nn.ReLU(), nn.Conv2d(3, 4, 3, padding=1),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3),
    )
    for name, module, shape in (("average", average, (2, 1, 8, 9)), ("means", Means(), (2, 2, 5, 6))):
        module.eval()
        x = decimals(*shape, scale=1)
        with torch.no_grad():
            logits = module(torch.from_numpy(x)).numpy()
        export(folder, name, module, x, logits, logits)

    node = helper.make_node
    # The forms of the first convolutional network of the ONNX model zoo (MNIST, by CNTK, operator set 8).
    x = decimals(1, 1, 6, 6, scale=1)
    nodes = [
        node("Reshape", ["w2", "matrix"], ["w2r"]),
        node("Conv", ["x", "w1"], ["c1"], auto_pad="SAME_UPPER", kernel_shape=[3, 3], dilations=[1, 1], strides=[1, 1],
             group=1),
        node("Add", ["c1", "b1"], ["a1"]),
        node("Relu", ["a1"], ["r1"]),
        node("MaxPool", ["r1"], ["p1"], auto_pad="NOTSET", kernel_shape=[2, 2], pads=[0, 0, 0, 0], strides=[2, 2]),
        node("Reshape", ["p1", "row"], ["f1"]),
        node("MatMul", ["f1", "w2r"], ["m1"]),
        node("Add", ["m1", "b2"], ["y"]),
    ]
    initializers = [
        weight("w1", 2, 1, 3, 3), weight("b1", 2, 1, 1), weight("w2", 2, 3, 3, 4), weight("b2", 1, 4),
        numpy_helper.from_array(np.int64([18, 4]), "matrix"), numpy_helper.from_array(np.int64([1, 18]), "row"),
    ]
    made = model(nodes, initializers, [1, 1, 6, 6], 4, version=8, ir_version=3)
    add_network(folder, "hand-zoo.onnx", made, x, run(made, x))

    # Pooling that PyTorch does not write, each over pictures of several pixels: dilations, automatic padding, all ways of
    # naming axes.
    def head(pool, version, *initializers, shape=(2, 1, 9, 8)):
        x = decimals(*shape, scale=1)
        nodes = [node("Conv", ["x", "w1"], ["c1"]), *pool, node("MatMul", ["row", "w2"], ["y"])]
        constants = [weight("w1", 5, 1, 2, 2), weight("w2", 5, 3), *initializers]
        return model(nodes, constants, ["N", *shape[1:]], 3, version=version, ir_version=8), x

    def axes(*numbers):
        return numpy_helper.from_array(np.int64(numbers), "axes")

    for name, (made, x) in {
        "dilated": head(
            [node("AveragePool", ["c1"], ["p1"], kernel_shape=[2, 2], dilations=[2, 1], ceil_mode=1),
             node("ReduceMean", ["p1", "axes"], ["row"], keepdims=0)], 19, axes(-1, -2)),
        "average-same": head(
            [node("AveragePool", ["c1"], ["p1"], kernel_shape=[3, 2], strides=[2, 2], auto_pad="SAME_LOWER",
                  count_include_pad=1, ceil_mode=1),
             node("GlobalAveragePool", ["p1"], ["g1"]), node("Flatten", ["g1"], ["row"])], 17),
        "greatest": head([node("ReduceMax", ["c1", "axes"], ["row"], keepdims=0)], 18, axes(2, 3)),
        "squeezed": head(
            [node("GlobalMaxPool", ["c1"], ["p1"]), node("Squeeze", ["p1", "axes"], ["row"])], 13, axes(2, -1)),
        "mean": head(
            [node("Unsqueeze", ["b1", "axes"], ["b1u"]), node("Add", ["c1", "b1u"], ["a1"]),
             node("ReduceMean", ["a1"], ["m1"], axes=[-1, 2], keepdims=1), node("Flatten", ["m1"], ["row"])],
            13, axes(1, -1), weight("b1", 5)),
    }.items():
        add_network(folder, f"hand-{name}.onnx", made, x, run(made, x))


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    folder = sys.argv[1] if len(sys.argv) > 1 else FOLDER
    os.makedirs(folder, exist_ok=True)
    make_tensors(folder)
    make_canonical(folder)
    make_torch(folder)
    make_by_hand(folder)
    make_pooling(folder)
    made_with = ", ".join(f"{m.__name__} {m.__version__}" for m in (onnx, onnxruntime, onnxscript, torch))
    with open(os.path.join(folder, "networks.json"), "w", encoding="utf-8") as file:
        text = ",\n".join(networks)
        file.write(f'{{"made_with": "{made_with}", "networks": [\n{text}\n]}}\n')
    for name in sorted(os.listdir(folder)):
        print(f"{os.path.getsize(os.path.join(folder, name)):7} {name}")


if __name__ == "__main__":
    main()
