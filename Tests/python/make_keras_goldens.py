"""Goldens for the import of Keras's files, by Keras 3 itself: small networks, each saved in up to three forms.

They go to Tests/CNNInterchangeTests/Fixtures/keras, in gzip files, since HDF5 files are mostly empty:

    NAME.keras.gz, NAME.h5.gz         the whole model
    NAME.weights.h5.gz                the weights alone
    digits.h5.gz                      pictures and labels under the names of Keras's mnist.npz
    networks.json                     {"made_with", "networks": [{"name", "forms", "shape", "divides", "logits"}]}

`shape` is [channels, height, width]. The inputs are two pictures of bytes, channels first, numbered through from the
first to the second: byte i is the highest of the four of 2654435761 * i, in the second picture divided by two; where
i / 7 is a multiple of 3 it is 0. Networks that `divides` are given bytes divided by 255, others the bytes. `logits` are what
the network gives without the softmax or sigmoid at its end. Weights are multiples of 1/64, which packs well. Keras writes the date and numbers
of objects into files, which are others with each run.

`keras2.h5` is the file of Keras 3 with its attributes rewritten in the way of Keras 2.15, which takes TensorFlow to run:
`batch_input_shape`, lists of axes, `inbound_nodes` of nested lists, and names of weights that end in `:0`.

Usage: KERAS_BACKEND=torch make_keras_goldens.py [FOLDER]
"""

import gzip
import json
import os
import sys

import numpy as np

import common

os.environ.setdefault("KERAS_BACKEND", "torch")
try:
    import h5py
    import keras
    from keras import layers as L
except ImportError as error:
    common.skip(f"this Python has no {error.name}")

FOLDER = os.path.join(common.ROOT, "Tests", "CNNInterchangeTests", "Fixtures", "keras")
WHOLE = ["keras", "h5"]
ALL = ["keras", "h5", "weights.h5"]
random = np.random.Generator(np.random.PCG64(5))
networks = []


def simple():
    """The preset `simple-convnet`, narrow, with a softmax as activation."""
    return keras.Sequential([
        keras.Input((28, 28, 1)), L.Conv2D(2, 5, activation="relu"), L.MaxPooling2D(), L.Flatten(),
        L.Dense(6, activation="relu"), L.Dense(4, activation="softmax")])


def lenet():
    """The preset `lenet`, narrow, as a functional model with a Softmax layer."""
    x = start = keras.Input((28, 28, 1))
    for width in (2, 3):
        x = L.MaxPooling2D(2)(L.Activation("relu")(L.Conv2D(width, 5)(x)))
    x = L.Dense(10)(L.ReLU()(L.Dense(7)(L.Flatten()(x))))
    return keras.Model(start, L.Softmax()(x))


def double():
    """The preset `double-convnet`, narrow, whose padding takes layers of its own."""
    return keras.Sequential([
        keras.Input((28, 28, 1)), L.ZeroPadding2D(1), L.Conv2D(2, 7, activation="relu"), L.MaxPooling2D(),
        L.ZeroPadding2D(((1, 1), (1, 1))), L.Conv2D(3, 3, activation="relu"), L.MaxPooling2D(strides=2), L.Flatten(),
        L.Dense(5, activation="relu"), L.Dense(10)])


def deep():
    """The preset `deep-convnet`, narrow."""
    parts = [keras.Input((28, 28, 1))]
    for index in range(6):
        if index == 3:
            parts.append(L.ZeroPadding2D(2))
        parts.append(L.Conv2D(3, 3, padding="valid" if index == 3 else "same", activation="relu"))
        if index % 2 == 1:
            parts.append(L.MaxPooling2D())
    return keras.Sequential(
        parts + [L.Flatten(), L.Dense(5, activation="relu"), L.Dropout(0.5), L.Dense(10, activation="softmax")])


def mlp():
    """Rows for pictures."""
    return keras.Sequential([
        keras.Input((49,)), L.Dense(6, activation="sigmoid"), L.Dense(5, activation="tanh"), L.Dense(3)])


def norm():
    """Batch normalisation behind a convolution, behind the flattening, and between linear layers, with parts missing."""
    return keras.Sequential([
        keras.Input((9, 8, 2)), L.Conv2D(3, 3, use_bias=False), L.BatchNormalization(scale=False, momentum=0.9),
        L.ReLU(), L.MaxPooling2D(), L.Flatten(), L.BatchNormalization(epsilon=0.01), L.Dropout(0.25),
        L.Dense(5, use_bias=False), L.BatchNormalization(center=False), L.Activation("tanh"), L.Dense(3)])


def strides():
    """Padding `same` with strides and dilation, groups, and convolutions by channels."""
    return keras.Sequential([
        keras.Input((11, 10, 2)), L.Conv2D(4, (3, 2), strides=2, padding="same", activation="relu"),
        L.Conv2D(6, 3, padding="same", dilation_rate=2, groups=2),
        L.DepthwiseConv2D(3, padding="same", depth_multiplier=2, activation="tanh"),
        L.MaxPooling2D(3, strides=2, padding="same"),
        L.SeparableConv2D(4, 2, depth_multiplier=2, padding="same", activation="relu"), L.Flatten(), L.Dense(3)])


def channels_first():
    """Channels first, as PyTorch has them, with rows in that order too."""
    form = {"data_format": "channels_first"}
    return keras.Sequential([
        keras.Input((2, 8, 7)), L.Conv2D(3, 3, padding="same", strides=2, **form), L.BatchNormalization(axis=1),
        L.ReLU(), L.MaxPooling2D(2, **form), L.Flatten(data_format="channels_last"), L.Dense(3)])


def channels_moved():
    """Channels first, and rows for which Keras moves them to the end."""
    form = {"data_format": "channels_first"}
    return keras.Sequential([
        keras.Input((2, 8, 7)), L.Conv2D(3, 3, activation="relu", **form), L.Flatten(**form), L.Dense(3)])


def average():
    """Averages over windows and over all."""
    return keras.Sequential([
        keras.Input((12, 12, 1)), L.Conv2D(3, 3, activation="relu"), L.AveragePooling2D((2, 3)),
        L.Conv2D(4, 2, activation="relu"), L.GlobalAveragePooling2D(), L.Dense(3, activation="softmax")])


def greatest():
    """Maxima over all, with the axes kept."""
    return keras.Sequential([
        keras.Input((8, 8, 1)), L.Conv2D(4, 3), L.GlobalMaxPooling2D(keepdims=True), L.Flatten(),
        L.Dense(3, activation="sigmoid")])


def rescaled():
    """Preprocessing within the network."""
    return keras.Sequential([
        keras.Input((8, 8, 1)), L.Rescaling(1 / 127.5, offset=-1), L.Normalization(axis=None, mean=0.25, variance=0.16),
        L.Conv2D(2, 3, activation="relu"), L.Flatten(), L.Dense(3)])


def adapted():
    """Preprocessing whose numbers are weights, and rows that become pictures."""
    normalization = L.Normalization(axis=None)
    normalization.adapt(np.arange(0, 256, 3, dtype=np.float32).reshape(1, -1))
    return keras.Sequential([
        keras.Input((36,)), normalization, L.Reshape((6, 6, 1)), L.Conv2D(2, 3, activation="relu"), L.Flatten(),
        L.Dense(3)])


def plane():
    """Pictures without channels."""
    return keras.Sequential([keras.Input((6, 5)), L.Rescaling(1 / 255), L.Flatten(), L.Dense(4, "relu"), L.Dense(3)])


def nested():
    """Models as layers of a model."""
    features = keras.Sequential(
        [keras.Input((10, 10, 1)), L.Conv2D(2, 3), L.BatchNormalization(), L.ReLU(), L.Conv2D(3, 3), L.BatchNormalization(),
         L.ReLU(), L.MaxPooling2D()], name="features")
    x = start = keras.Input((5, 5, 3))
    x = L.Dense(3)(L.Dense(4, activation="relu")(L.Flatten()(L.Conv2D(2, 3)(L.SpatialDropout2D(0.1)(x)))))
    start_of_all = keras.Input((10, 10, 1))
    y = features(start_of_all)
    y = L.ZeroPadding2D(((1, 1), (1, 1)))(y)
    return keras.Model(start_of_all, keras.Model(start, x, name="head")(y))


def narrow(kind):
    """A network whose weights take two bytes each."""
    def build():
        return keras.Sequential([
            keras.Input((8, 8, 1)), L.Conv2D(2, 3, activation="relu", dtype=kind), L.BatchNormalization(dtype=kind),
            L.Flatten(dtype=kind), L.Dense(3, dtype=kind)])
    return build


def fill(model):
    """Small multiples of 1/64 for all weights; variances and the weights of normalisations are about 1."""
    for layer in model._flatten_layers(include_self=False, recursive=True):
        if hasattr(layer, "layers") or isinstance(layer, L.Normalization):
            continue
        values = []
        for variable in layer.weights:
            value = random.integers(-16, 29, variable.shape) / 64
            if variable.name in ("gamma", "moving_variance"):
                value = 1 + value
            values.append(value.astype(np.float32))
        layer.set_weights(values)


def inputs(shape):
    """Two pictures of bytes."""
    count = 2 * int(np.prod(shape))
    index = np.arange(count, dtype=np.uint64)
    noise = (index * 2654435761 % 2**32 >> 24) >> (index >= count // 2).astype(np.uint64)
    return np.where(index // 7 % 3 == 0, 0, noise).reshape(2, *shape)


def without_end(model):
    """The model up to its logits."""
    last = model.layers[-1]
    if isinstance(last, L.Softmax):
        return keras.Model(model.inputs, model.layers[-2].output)
    if hasattr(last, "activation"):
        last.activation = keras.activations.linear
    return model


def pack(folder, name, path):
    """Move a file into the folder as a gzip file that is the same each time."""
    with open(path, "rb") as file:
        data = file.read()
    os.remove(path)
    with open(os.path.join(folder, name + ".gz"), "wb") as file:
        file.write(gzip.compress(data, 9, mtime=0))


def golden(folder, name, build, forms, shape, divides=True, axes=(0, 2, 3, 1), dtype=None):
    """Build, fill, save, and run a network."""
    keras.utils.clear_session()
    model = build()
    fill(model)
    for form in forms:
        path = os.path.join(folder, f"{name}.{form}")
        if form == "weights.h5":
            model.save_weights(path)
        else:
            model.save(path)
        pack(folder, f"{name}.{form}", path)
    if dtype:
        wide = dtype()
        wide.set_weights(
            [keras.ops.convert_to_numpy(keras.ops.cast(weight, "float32")) for weight in model.weights])
        model = wide
    x = inputs(shape).astype(np.float32)
    x = x / np.float32(255) if divides else x
    x = x.transpose(axes).reshape(2, *model.input_shape[1:])
    logits = keras.ops.convert_to_numpy(without_end(model)(x))
    assert not np.allclose(logits[0], logits[1], rtol=1e-2, atol=1e-3), f"{name} does not see its input"
    networks.append({
        "name": name, "forms": forms, "shape": list(shape), "divides": divides,
        "logits": [[float(f"{value:.9g}") for value in row] for row in logits]})


# --- Keras 2 -------------------------------------------------------------------------------------------------------


def in_keras_2(value):
    """A part of a configuration as Keras 2.15 writes it."""
    if isinstance(value, list):
        return [in_keras_2(element) for element in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") == "DTypePolicy":
        return value["config"]["name"]
    left_out = ("module", "registered_name", "build_config", "compile_config", "build_input_shape", "optional")
    result = {key: in_keras_2(element) for key, element in value.items() if key not in left_out}
    if "batch_shape" in result:
        result["batch_input_shape"] = result.pop("batch_shape")
    if value.get("class_name") == "BatchNormalization":
        # A list, of the last axis here.
        result["config"]["axis"] = [3]
    if "inbound_nodes" in value:
        result["inbound_nodes"] = [
            [[*argument["config"]["keras_history"], {}] for argument in node["args"]] for node in value["inbound_nodes"]]
    for name in ("input_layers", "output_layers"):
        if name in value and not isinstance(value[name][0], list):
            result[name] = [value[name]]
    return result


def keras_2(folder):
    """`nested.h5` in the way of Keras 2."""
    path = os.path.join(folder, "keras2.h5")
    with gzip.open(os.path.join(folder, "nested.h5.gz")) as packed, open(path, "wb") as file:
        file.write(packed.read())
    with h5py.File(path, "r") as old, h5py.File(path + ".new", "w") as new:
        new.attrs["keras_version"], new.attrs["backend"] = "2.15.0", "tensorflow"
        new.attrs["model_config"] = json.dumps(in_keras_2(json.loads(old.attrs["model_config"])))
        base = new.create_group("model_weights")
        base.attrs["layer_names"] = [name.encode() for name in old["model_weights"].attrs["layer_names"]]
        for layer in old["model_weights"].attrs["layer_names"]:
            group = base.create_group(layer)
            names = old["model_weights"][layer].attrs["weight_names"]
            # Keras 2 does not put a model's name before those of its layers.
            short = ["/".join(name.split("/")[-2:]) + ":0" for name in names]
            group.attrs["weight_names"] = [name.encode() for name in short]
            for name, target in zip(names, short):
                group.create_dataset(target, data=old["model_weights"][layer][name][()])
    os.remove(path)
    pack(folder, "keras2.h5", path + ".new")
    copy = dict(next(network for network in networks if network["name"] == "nested"))
    networks.append({**copy, "name": "keras2", "forms": ["h5"]})


def digits(folder):
    """A data set under the names of Keras's mnist.npz, by h5py."""
    path = os.path.join(folder, "digits.h5")
    with h5py.File(path, "w") as file:
        for split, count in (("train", 3), ("test", 2)):
            file[f"x_{split}"] = inputs((3, 4, 5)).astype(np.uint8).reshape(-1, 4, 5)[:count]
            file[f"y_{split}"] = np.arange(count, dtype=np.int64)
    pack(folder, "digits.h5", path)


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else FOLDER
    os.makedirs(folder, exist_ok=True)
    picture = (1, 28, 28)
    golden(folder, "simple", simple, ALL, picture)
    golden(folder, "lenet", lenet, ALL, picture)
    golden(folder, "double", double, ALL, picture)
    golden(folder, "deep", deep, ALL, picture)
    golden(folder, "mlp", mlp, ALL, (1, 7, 7))
    golden(folder, "norm", norm, WHOLE, (2, 9, 8))
    golden(folder, "strides", strides, WHOLE, (2, 11, 10))
    golden(folder, "channels_first", channels_first, WHOLE, (2, 8, 7), axes=(0, 1, 2, 3))
    golden(folder, "channels_moved", channels_moved, ["keras"], (2, 8, 7), axes=(0, 1, 2, 3))
    golden(folder, "average", average, WHOLE, (1, 12, 12))
    golden(folder, "greatest", greatest, ["keras"], (1, 8, 8))
    golden(folder, "rescaled", rescaled, WHOLE, (1, 8, 8), divides=False)
    golden(folder, "adapted", adapted, WHOLE, (1, 6, 6), divides=False)
    golden(folder, "plane", plane, ["keras"], (1, 6, 5), divides=False)
    golden(folder, "nested", nested, ALL, (1, 10, 10))
    for kind in ("float16", "bfloat16"):
        golden(folder, kind, narrow(kind), ALL, (1, 8, 8), dtype=narrow("float32"))
    keras_2(folder)
    digits(folder)
    made = f"Keras {keras.__version__} on {keras.backend.backend()}, h5py {h5py.__version__}"
    with open(os.path.join(folder, "networks.json"), "w") as file:
        lines = ",\n".join(json.dumps(network) for network in networks)
        file.write(f'{{"made_with": "{made}", "networks": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
