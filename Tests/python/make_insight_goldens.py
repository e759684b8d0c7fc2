"""Goldens for looking through networks from PyTorch: Tests/CNNInsightTests/Fixtures/insight.json.

Feature maps, gradient saliency, Grad-CAM and occlusion of two networks. One is the sample model with three of the sample
digits (its weights are read from samples/simple-convnet.safetensors, by the test too); the other is small and has what the
presets have not: batch normalisation, stride, padding, pooling with padding, dropout of both kinds, tanh, sigmoid, two
channels. As in make_engine_goldens.py, inputs and parameters are decimals rounded to float32, and everything is computed
in float64 and rounded last.

    {"made_with": "...",
     "networks": [{"name", and but for the sample "input_shape", "nodes", "output", "parameters",
                   "paper": the input for empty paper, "patch", "stride",
                   "cases": [{"input", or "sample": the number of a sample digit, "class",
                              "maps": {"relu1": {"units": [0, 5], "values"}}, "gradient",
                              "grad_cam": {"relu1": [...]}, "occlusion": of the logit, "occlusion_probability"}]}]}

Usage: make_insight_goldens.py [OUTPUT.json]
"""

import json
import os
import sys

import make_engine_goldens as goldens
from make_engine_goldens import convolution, decimals, encoded, flat, fully_connected, named, normalisation, pooling

torch, F = goldens.torch, goldens.F
common = goldens.common
OUTPUT = os.path.join(common.ROOT, "Tests", "CNNInsightTests", "Fixtures", "insight.json")
NOTHING = ({}, {})


def run(nodes, parameters, x):
    """What every node gives."""
    values = {"input": x}
    for node in nodes:
        own = {name.split(".")[1]: value for name, value in parameters.items() if name.split(".")[0] == node["name"]}
        values[node["name"]] = goldens.OPERATIONS[node["op"]](values[node["inputs"][0]], node["attributes"], own)
    return values


def looked_at(nodes, parameters, x, label, maps, layers, paper, patch, stride):
    """Every way of looking at what a network makes of one input, [1, C, H, W]."""
    x = x.clone().requires_grad_()
    values = run(nodes, parameters, x)
    output = nodes[-1]["name"]
    logit = values[output][0, label]
    wanted = ["input"] + layers
    gradients = dict(zip(wanted, torch.autograd.grad(logit, [values[name] for name in wanted])))
    size = x.shape[2:]

    grad_cam = {}
    for layer in layers:
        alpha = gradients[layer].mean((2, 3), keepdim=True)
        weighted = F.relu((alpha * values[layer]).sum(1, keepdim=True))
        grad_cam[layer] = flat(F.interpolate(weighted, size=size, mode="bilinear", align_corners=False))

    falls = {"logit": torch.zeros(size, dtype=torch.float64), "probability": torch.zeros(size, dtype=torch.float64)}
    covers = torch.zeros(size)
    places = [sorted({*range(0, extent - patch + 1, stride), extent - patch}) for extent in size]
    with torch.no_grad():
        probability = values[output].softmax(1)[0, label]
        for top in places[0]:
            for left in places[1]:
                hidden = x.detach().clone()
                hidden[:, :, top : top + patch, left : left + patch] = paper
                logits = run(nodes, parameters, hidden)[output]
                rectangle = (slice(top, top + patch), slice(left, left + patch))
                falls["logit"][rectangle] += logit - logits[0, label]
                falls["probability"][rectangle] += probability - logits.softmax(1)[0, label]
                covers[rectangle] += 1
    return {
        "class": label,
        "maps": {name: {"units": units, "values": flat(values[name][0, units])} for name, units in maps.items()},
        "gradient": flat(gradients["input"][0].abs().max(0).values),
        "grad_cam": grad_cam,
        "occlusion": flat(falls["logit"] / covers),
        "occlusion_probability": flat(falls["probability"] / covers),
    }


def sample_network():
    """The sample model with sample digits; the second is asked for a class that it is not."""
    tensors, nodes = sample_model()
    folder = common.SAMPLES
    images = common.read_idx(os.path.join(folder, "t10k-sample-images-idx3-ubyte.gz"))
    labels = common.read_idx(os.path.join(folder, "t10k-sample-labels-idx1-ubyte.gz"))
    cases = []
    for number, label in [(0, int(labels[0])), (1, (int(labels[1]) + 5) % 10), (2, int(labels[2]))]:
        x = torch.from_numpy(images[number].astype("float64") / 255).to(torch.float32).to(torch.float64)
        maps = {"relu1": [3], "fc1": list(range(20)), "fc2": list(range(10))}
        made = looked_at(nodes, tensors, x[None, None], label, maps, ["relu1", "pool1"], 0.0, 5, 3)
        cases.append({"sample": number, **made})
    return {"name": "sample", "paper": 0, "patch": 5, "stride": 3, "cases": cases}


def sample_model():
    """The sample model's parameters in float64, and its nodes."""
    path = os.path.join(common.SAMPLES, "simple-convnet.safetensors")
    with open(path, "rb") as file:
        data = file.read()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = (8 + length + offset for offset in entry["data_offsets"])
            values = torch.frombuffer(bytearray(data[start:end]), dtype=torch.float32)
            tensors[name] = values.reshape(entry["shape"]).to(torch.float64)
    return tensors, json.loads(header["__metadata__"]["cnn.manifest"])["graph"]["nodes"]


def small_network():
    """A chain with everything that the sample model has not."""
    layers = [
        ("conv1", "conv2d", convolution(2, 5, 3, stride=(1, 2), padding=(1, 0, 2, 1), bias=False)),
        ("bn1", "batch_norm", normalisation(5)),
        ("relu1", "relu", NOTHING),
        ("drop1", "dropout", ({"p": 0.3, "scaling": "inference"}, {})),
        ("pool1", "max_pool2d", pooling(3, 2, 1)),
        ("conv2", "conv2d", convolution(5, 4, 3, padding=1)),
        ("tanh2", "tanh", NOTHING),
        ("flatten", "flatten", NOTHING),
        ("fc1", "linear", fully_connected(60, 9)),
        ("sigmoid1", "sigmoid", NOTHING),
        ("drop2", "dropout", ({"p": 0.5, "scaling": "training"}, {})),
        ("fc2", "linear", fully_connected(9, 3)),
    ]
    nodes, parameters, previous = [], {}, "input"
    for name, op, (attributes, own) in layers:
        nodes.append({"name": name, "op": op, "inputs": [previous], "attributes": attributes})
        parameters.update({f"{name}.{part}": value for part, value in own.items()})
        previous = name
    # Small weights before the sigmoid, where it has a slope.
    parameters["fc1.weight"] = decimals(9, 60, scale=0.2)
    cases = []
    for label in range(3):
        x = decimals(1, 2, 9, 11)
        maps = {name: list(range(count)) for name, count in [("bn1", 5), ("drop1", 5), ("conv2", 4), ("drop2", 9)]}
        made = looked_at(nodes, parameters, x, label, maps, ["relu1", "tanh2", "conv2"], 0.25, 3, 2)
        cases.append({"input": flat(x), **made})
    return {
        "name": "small", "input_shape": [1, 2, 9, 11], "nodes": nodes, "output": previous,
        "parameters": named(parameters), "paper": goldens.Number(0.25), "patch": 3, "stride": 2, "cases": cases,
    }


def main():
    output = sys.argv[1] if len(sys.argv) > 1 else OUTPUT
    torch.set_num_threads(1)
    whole = [sample_network(), small_network()]
    made_with = f"Tests/python/make_insight_goldens.py, PyTorch {torch.__version__.split('+')[0]}"
    text = f'{{"made_with":{json.dumps(made_with)},"networks":[\n' + ",\n".join(map(encoded, whole)) + "]}\n"
    with open(output, "w", encoding="ascii") as file:
        file.write(text)
    print(f"{output}: {len(whole)} networks, {len(text)} bytes")


if __name__ == "__main__":
    main()
