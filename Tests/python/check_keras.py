"""The four convolutional presets at full size, built and saved by Keras 3, converted and run by the tools.

Each is saved as a .keras file, as a legacy .h5 file and as weights alone, whose network the tool must recognise.
Everywhere the logits of test digits must agree with Keras's within 1e-5 of the largest, and the three conversions must
have the same tensors.

Usage: KERAS_BACKEND=torch check_keras.py BIN_DIR [SHARED_DIR]
"""

import logging
import os

import numpy as np

import common

os.environ.setdefault("KERAS_BACKEND", "torch")
logging.disable(logging.WARNING)
try:
    import keras
    from keras import layers as L
except ImportError as error:
    common.skip(f"this Python has no {error.name}")

DIGITS = 100
TOLERANCE = 1e-5


def lenet():
    """The preset `lenet`."""
    return [
        L.Conv2D(20, 5, activation="relu"), L.MaxPooling2D(), L.Conv2D(50, 5, activation="relu"), L.MaxPooling2D(),
        L.Flatten(), L.Dense(500, activation="relu"), L.Dense(10, activation="softmax")]


def simple():
    """The preset `simple-convnet`."""
    return [
        L.Conv2D(30, 5, activation="relu"), L.MaxPooling2D(), L.Flatten(), L.Dense(100, activation="relu"),
        L.Dense(10, activation="softmax")]


def double():
    """The preset `double-convnet`."""
    return [
        L.ZeroPadding2D(1), L.Conv2D(10, 7, activation="relu"), L.MaxPooling2D(),
        L.Conv2D(20, 3, padding="same", activation="relu"), L.MaxPooling2D(), L.Flatten(),
        L.Dense(100, activation="relu"), L.Dense(10, activation="softmax")]


def deep():
    """The preset `deep-convnet`."""
    layers = []
    for index, width in enumerate((16, 16, 32, 32, 64, 64)):
        if index == 3:
            layers += [L.ZeroPadding2D(2), L.Conv2D(width, 3, activation="relu")]
        else:
            layers.append(L.Conv2D(width, 3, padding="same", activation="relu"))
        if index % 2 == 1:
            layers.append(L.MaxPooling2D())
    return layers + [
        L.Flatten(), L.Dense(50, activation="relu"), L.Dropout(0.5), L.Dense(10, activation="softmax")]


def run(model, images):
    """Keras's logits: what the network gives without its softmax."""
    model.layers[-1].activation = keras.activations.linear
    x = (images.reshape(-1, 28, 28, 1) / 255).astype(np.float32)
    return keras.ops.convert_to_numpy(model(x, training=False)).astype(np.float64)


def tensors(path):
    """The tensors' bytes of a native file: all that comes behind the header."""
    with open(path, "rb") as file:
        data = file.read()
    return data[8 + int.from_bytes(data[:8], "little") :]


def main():
    options = common.parser(__doc__).parse_args()
    report = common.Report()
    folder = common.temporary_folder()
    _, _, images, _ = common.test_digits(options.shared_dir)
    images = images[:DIGITS]
    for name, build in (
            ("lenet", lenet), ("simple-convnet", simple), ("double-convnet", double), ("deep-convnet", deep)):
        keras.utils.set_random_seed(7)
        model = keras.Sequential([keras.Input((28, 28, 1)), *build()])
        files = [os.path.join(folder, f"model.{form}") for form in ("keras", "h5", "weights.h5")]
        for path in files:
            (model.save_weights if path.endswith(".weights.h5") else model.save)(path)
        expected = run(model, images)
        outputs = []
        for path in files:
            output = path + ".safetensors"
            common.convert(options.bin_dir, [path], output, "--force")
            outputs.append(tensors(output))
            error = common.relative_error(common.logits(options.bin_dir, output, images, folder), expected)
            report.check(
                error <= TOLERANCE,
                f"{name}, {os.path.basename(path)[6:]} of {os.path.getsize(path):,} bytes: {DIGITS} digits' logits differ "
                f"by at most {error:.1e} of the largest")
        report.check(len(set(outputs)) == 1, f"{name}: the same tensors from all three")
    report.finish()


if __name__ == "__main__":
    main()
