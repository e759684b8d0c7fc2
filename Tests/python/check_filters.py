"""Every pixel of every layer's sheet, for all presets, against a NumPy drawing by the documented rule.

Usage: check_filters.py BIN_DIR [SHARED_DIR]

The weights are read with the safetensors package from PyPI and the pictures with Pillow, so that nothing of the tool is
trusted but what it writes. Presets for which there are no trained weights are trained for three steps on the sample
digits: it is the drawing that is checked.
"""

import itertools
import json
import os

import numpy as np

import common

try:
    from PIL import Image
    from safetensors.numpy import load_file, save_file
except ImportError:
    common.skip("this Python has no pillow or no safetensors")

Image.MAX_IMAGE_PIXELS = None
MARGIN = 10
POSITIVE, NEGATIVE = np.array([178, 24, 43.0]), np.array([33, 102, 172.0])


def rounded(x):
    """To the nearest whole number; nothing here is negative."""
    return np.floor(x + 0.5).astype(np.uint8)


def gray(values, least, greatest):
    """Dark is large; (..., 3) with three equal samples."""
    values = values.astype(np.float64)
    if least == greatest:
        drawn = np.full(values.shape, 128, np.uint8)
    else:
        drawn = rounded(255 * (greatest - values) / (greatest - least))
    return np.repeat(drawn[..., None], 3, axis=-1)


def diverging(values, least, greatest):
    """Blue, white at 0, red, in 120 steps on either side."""
    magnitude = max(abs(least), abs(greatest))
    share = values.astype(np.float64) / magnitude if magnitude > 0 else np.zeros(values.shape)
    ends = np.where(share[..., None] < 0, NEGATIVE, POSITIVE)
    steps = np.floor(np.minimum(np.abs(share), 1) * 120 + 0.5) / 120
    return rounded(255.0 + steps[..., None] * (ends - 255.0))


DRAWN = {"gray": gray, "diverging": diverging}


def sheet(tiles, columns, scale):
    """Tiles of one size, (n, h, w, 3), on white."""
    count, height, width, _ = tiles.shape
    columns = min(columns, count)
    rows = -(-count // columns)
    tiles = tiles.repeat(scale, axis=1).repeat(scale, axis=2)
    high, wide = height * scale + MARGIN, width * scale + MARGIN
    result = np.full((rows * high + MARGIN, columns * wide + MARGIN, 3), 255, np.uint8)
    for index, tile in enumerate(tiles):
        top, left = MARGIN + index // columns * high, MARGIN + index % columns * wide
        result[top : top + height * scale, left : left + width * scale] = tile
    return result


def pictures_read(nodes, node, shapes):
    """The [C, H, W] that a linear layer reads behind a flatten, or None."""
    name = node["inputs"][0]
    while name != "input":
        before = nodes[name]
        name = before["inputs"][0]
        if before["op"] == "flatten":
            shape = shapes[name]
            return shape if len(shape) == 3 and shape[1] * shape[2] > 1 else None
        if before["op"] not in ("relu", "sigmoid", "tanh", "dropout", "batch_norm"):
            return None
    return None


def value_shapes(graph, input_shape):
    """The shape of each node's value, without the batch dimension."""
    shapes = {"input": input_shape}
    for node in graph["nodes"]:
        shape, a = shapes[node["inputs"][0]], node["attributes"]
        if node["op"] in ("conv2d", "max_pool2d"):
            pad, kernel, stride = a["padding"], a["kernel_size"], a["stride"]
            pad = pad if len(pad) == 4 else [pad[0], pad[1], pad[0], pad[1]]
            space = [shape[1] + pad[0] + pad[2], shape[2] + pad[1] + pad[3]]
            ceil = a.get("ceil_mode", False)
            size = [(s - k + (t - 1 if ceil else 0)) // t + 1 for s, k, t in zip(space, kernel, stride)]
            shape = [a["out_channels"] if node["op"] == "conv2d" else shape[0], *size]
        elif node["op"] == "linear":
            shape = [a["out_features"]]
        elif node["op"] == "flatten":
            shape = [int(np.prod(shape))]
        shapes[node["name"]] = shape
    return shapes


def expected(weight, read, colors, scaling, strongest=None):
    """What the tool has to draw of a layer: (height, width, 3)."""
    units = len(weight)
    if weight.ndim == 4:
        tiles, scale = weight, 10
    elif read:
        tiles, scale = weight.reshape(units, *read), None
    else:
        tiles, scale = weight.reshape(units, 1, 1, -1), min(max(1000 // max(weight.shape), 1), 10)
    channels, height, width = tiles.shape[1:]

    def ends(unit):
        values = tiles if scaling == "layer" else tiles[unit]
        return float(values.min()), float(values.max())

    chosen = [range(channels)] * units
    if strongest and channels > 1:
        norms = (tiles.astype(np.float64) ** 2).sum(axis=(2, 3))
        chosen = [sorted(range(channels), key=lambda c: (-norms[unit, c], c))[:strongest] for unit in range(units)]
    drawn = np.concatenate([DRAWN[colors](tiles[unit][list(chosen[unit])], *ends(unit)) for unit in range(units)])
    if weight.ndim == 2 and not read:
        return sheet(drawn.reshape(1, units, width, 3), 8, scale)
    columns = 8 if channels == 1 else len(chosen[0])
    if scale is None:
        scale = min(max(120 // max(height, width), 1), 10)
        rows = -(-len(drawn) // columns)
        while scale > 1:
            area = (columns * (width * scale + MARGIN) + MARGIN) * (rows * (height * scale + MARGIN) + MARGIN)
            if area <= 16_000_000:
                break
            scale -= 1
    return sheet(drawn, columns, scale)


def models(options, folder):
    """(name, path) for every preset, and a network that reads colours."""
    data = os.path.join(common.SAMPLES, "mnist_sample.pkl")
    trained = {
        "simple-convnet": os.path.join(common.SAMPLES, "simple_convnet_params.pkl"),
        "deep-convnet": os.path.join(options.shared_dir, "weights/deep_convnet_params.pkl"),
    }
    for name in ["lenet", "simple-convnet", "double-convnet", "deep-convnet", "mlp:100,50"]:
        path = os.path.join(folder, name.replace(":", "-") + ".safetensors")
        if os.path.exists(trained.get(name, "")):
            common.convert(options.bin_dir, [trained[name]], path)
        else:
            train = common.tool_path(options.bin_dir, "cnn-train")
            common.run([train, data, "-o", path, "--architecture", name, "--steps", "3", "-q"])
        yield name, path


def main():
    options = common.parser(__doc__).parse_args()
    tool = common.tool_path(options.bin_dir, "cnn-export-filters")
    report = common.Report()
    folder = common.temporary_folder()
    picture = os.path.join(folder, "sheet.png")
    totals = [0, 0]

    def compare(text, path, layer, wanted, *arguments):
        common.run([tool, path, "--layer", layer, "-o", picture, "--force", "-q", *arguments])
        found = np.asarray(Image.open(picture).convert("RGB"))
        same = found.shape == wanted.shape and np.array_equal(found, wanted)
        totals[0] += 1
        totals[1] += wanted.shape[0] * wanted.shape[1]
        if not same:
            report.check(False, f"{text} {layer} {' '.join(arguments)}: {found.shape} against {wanted.shape}")
        return same

    for name, path in models(options, folder):
        weights = load_file(path)
        manifest = common.manifest(path)
        nodes = {node["name"]: node for node in manifest["graph"]["nodes"]}
        shapes = value_shapes(manifest["graph"], manifest["input"]["shape"])
        before = list(totals)
        agree = True
        layers = [node for node in manifest["graph"]["nodes"] if node["op"] in ("conv2d", "linear")]
        for node in layers:
            weight = weights[f"{node['name']}.weight"]
            read = pictures_read(nodes, node, shapes) if node["op"] == "linear" else None
            for colors, scaling in itertools.product(DRAWN, ("filter", "layer")):
                wanted = expected(weight, read, colors, scaling)
                agree &= compare(name, path, node["name"], wanted, "--colors", colors, "--scaling", scaling)
            wanted = expected(weight, read, "gray", "filter", strongest=5)
            agree &= compare(name, path, node["name"], wanted, "--view", "strongest", "--channels", "5")
        report.check(
            agree,
            f"{name}: {len(layers)} layers, {totals[0] - before[0]} pictures, {totals[1] - before[1]:,} pixels",
        )

    agree = check_colors(options, folder, compare)
    report.check(agree, "a first convolution that reads red, green and blue is drawn in them")
    print(f"{totals[0]} pictures, {totals[1]:,} pixels compared")
    report.finish()


def check_colors(options, folder, compare):
    """Filters that read the colours of the input: bright is large, a range for each filter over its three channels."""
    random = np.random.default_rng(0)
    tensors = {
        "conv1.weight": random.normal(size=(11, 3, 5, 4)).astype(np.float32),
        "conv1.bias": np.zeros(11, np.float32),
        "fc1.weight": random.normal(size=(10, 11 * 8 * 9)).astype(np.float32),
        "fc1.bias": np.zeros(10, np.float32),
    }
    convolution = {
        "bias": True, "dilation": [1, 1], "groups": 1, "in_channels": 3, "kernel_size": [5, 4], "out_channels": 11,
        "padding": [0, 0, 0, 0], "stride": [1, 1],
    }  # fmt: skip
    linear = {"bias": True, "in_features": 11 * 8 * 9, "out_features": 10}
    nodes = [
        {"attributes": convolution, "inputs": ["input"], "name": "conv1", "op": "conv2d"},
        {"attributes": {}, "inputs": ["conv1"], "name": "flatten", "op": "flatten"},
        {"attributes": linear, "inputs": ["flatten"], "name": "fc1", "op": "linear"},
    ]
    graph = {"graph": {"nodes": nodes, "output": "fc1"}, "input": {"dtype": "F32", "shape": [3, 12, 12]}}
    names = [os.path.join(folder, name) for name in ("colors-plain.safetensors", "colors.json", "colors.safetensors")]
    save_file(tensors, names[0])
    with open(names[1], "w", encoding="utf-8") as file:
        json.dump(graph, file)
    common.convert(options.bin_dir, [names[0]], names[2], "--architecture", names[1])
    weight = tensors["conv1.weight"]

    def colored(least, greatest):
        values = weight.astype(np.float64).transpose(0, 2, 3, 1)
        return sheet(rounded(255 * (values - least) / (greatest - least)), 8, 10)

    own = weight.astype(np.float64)
    least, greatest = (f(own, axis=(1, 2, 3))[:, None, None, None] for f in (np.min, np.max))
    agree = compare("colours", names[2], "conv1", colored(least, greatest))
    agree &= compare("colours", names[2], "conv1", colored(own.min(), own.max()), "--scaling", "layer")
    return agree & compare("colours", names[2], "conv1", expected(weight, None, "gray", "filter"), "--colors", "gray")


if __name__ == "__main__":
    main()
