"""The frameworks' parts of make_weight_goldens.py, each to be run by a Python that has the framework.

    weight_goldens.py torch|chainer|jax FOLDER

writes the files into the folder and prints their lines of weights.json.
"""

import json
import os
import sys

PICTURES = 2


def pictures(np, side=28):
    """(N, 1, side, side) in float32."""
    i = np.arange(side * side)
    rows = [((37 * i + 11 * (i // 28) + 101 * n) % 256 >> n) / 255 for n in range(PICTURES)]
    return np.array(rows, np.float32).reshape(PICTURES, 1, side, side)


def golden(file, made_with, architecture, logits, **options):
    """One line for weights.json."""
    rows = [[float(value) for value in row] for row in logits]
    difference = max(abs(a - b) for a, b in zip(*rows))
    assert difference > 1e-3 * max(map(abs, rows[0])), f"{file} gives the same for all pictures"
    return {"file": file, "made_with": made_with, "architecture": architecture, "options": options, "logits": rows}


# --- PyTorch -------------------------------------------------------------------------------------------------------


def torch_part(folder):
    """state_dicts in both containers and in safetensors."""
    import numpy as np
    import torch
    from safetensors.torch import save_file
    from torch import nn

    made_with = f"PyTorch {torch.__version__.split('+')[0]}"
    results = []

    def path(name):
        return os.path.join(folder, name)

    def add(name, module, architecture, side=28, **options):
        module.eval()
        with torch.inference_mode():
            logits = module.float()(torch.from_numpy(pictures(np, side)))
        results.append(golden(name, made_with, architecture, logits.tolist(), **options))

    def alive(make, side=28):
        # The first seed by which pictures make a difference: so few units often are all zero.
        for seed in range(100):
            torch.manual_seed(seed)
            module = settle(make()).eval()
            with torch.inference_mode():
                logits = module(torch.from_numpy(pictures(np, side)))
            if (logits[0] - logits[1]).abs().max() > 0.01:
                return module
        sys.exit("no seed gives a network that tells pictures apart")

    @torch.no_grad()
    def settle(module):
        # Statistics as training leaves them, not zeros and ones; weights large enough for pictures to come through.
        for layer in module.modules():
            if isinstance(layer, (nn.Conv2d, nn.Linear)):
                layer.weight *= 2
            if isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)):
                layer.running_mean.uniform_(-0.5, 0.5)
                layer.running_var.uniform_(0.1, 0.4)
                nn.init.uniform_(layer.weight, 0.5, 1.5)
                nn.init.uniform_(layer.bias, 0.5, 1)
                layer.num_batches_tracked.fill_(12)
        return module

    def lenet():
        return nn.Sequential(
            nn.Conv2d(1, 3, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(3, 4, 5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(64, 5), nn.ReLU(), nn.Linear(5, 3))

    module = alive(lenet)
    torch.save(module.state_dict(), path("torch-sequential.pt"))
    add("torch-sequential.pt", module, "lenet")

    for dtype, name in ((torch.float16, "torch-float16.pt"), (torch.bfloat16, "torch-bfloat16.pt")):
        module = alive(lenet).to(dtype)
        torch.save(module.state_dict(), path(name))
        add(name, module, "lenet")

    module = alive(lambda: nn.Sequential(
        nn.Conv2d(1, 2, 7, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(2, 3, 3, padding=1), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(108, 4), nn.ReLU(), nn.Linear(4, 3)))
    torch.save(module.state_dict(), path("torch-legacy.pt"), _use_new_zipfile_serialization=False)
    add("torch-legacy.pt", module, "double-convnet")

    class Odd(nn.Module):
        """Names that nobody could guess, without biases in the convolution."""

        def __init__(self):
            super().__init__()
            self.layers = nn.ModuleDict({"conv_a": nn.Conv2d(1, 2, 17, bias=False)})
            self.head = nn.ModuleList([nn.Linear(72, 4), nn.Linear(4, 3)])

        def forward(self, x):
            x = torch.max_pool2d(torch.relu(self.layers["conv_a"](x)), 2).flatten(1)
            return self.head[1](torch.relu(self.head[0](x)))

    module = alive(Odd)
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1, momentum=0.9)
    module(torch.from_numpy(pictures(np))).sum().backward()
    optimizer.step()
    checkpoint = {
        "epoch": 3, "model_state_dict": nn.DataParallel(module).state_dict(), "optimizer": optimizer.state_dict()}
    torch.save(checkpoint, path("torch-checkpoint.pt"))
    add("torch-checkpoint.pt", module, "simple-convnet")

    module = alive(lambda: nn.Sequential(
        nn.Flatten(), nn.Linear(784, 2), nn.BatchNorm1d(2), nn.ReLU(), nn.Linear(2, 3), nn.BatchNorm1d(3), nn.ReLU(),
        nn.Linear(3, 3)))
    torch.save(module.state_dict(), path("torch-batch-norm.pt"), _use_new_zipfile_serialization=False)
    add("torch-batch-norm.pt", module, "mlp:2,3:bn")

    module = alive(lambda: nn.Sequential(
        nn.Conv2d(1, 2, 3, bias=False), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8, 3)), side=6)
    save_file(module.state_dict(), path("torch-graph.safetensors"))
    add("torch-graph.safetensors", module, None, side=6)

    def deep_convnet():
        layers = []
        for layer, (inputs, outputs) in enumerate([(1, 2), (2, 2), (2, 3), (3, 3), (3, 4), (4, 4)], 1):
            layers += [nn.Conv2d(inputs, outputs, 3, padding=2 if layer == 4 else 1), nn.ReLU()]
            layers += [nn.MaxPool2d(2)] * (layer % 2 == 0)
        return nn.Sequential(
            *layers, nn.Flatten(), nn.Linear(64, 5), nn.ReLU(), nn.Dropout(0.5), nn.Linear(5, 3))

    module = alive(deep_convnet)
    state = {f"module.{key}": value for key, value in module.state_dict().items()}
    save_file(state, path("torch-deep.safetensors"))
    add("torch-deep.safetensors", module, "deep-convnet")
    return results


# --- Chainer -------------------------------------------------------------------------------------------------------


def chainer_part(folder):
    """`save_npz` of a Classifier and of a chain with batch normalisation, and a trainer's snapshot."""
    import chainer
    import numpy as np
    from chainer import functions as F
    from chainer import links as L

    made_with = f"Chainer {chainer.__version__}, NumPy {np.__version__}"
    np.random.seed(7)
    x = pictures(np)
    labels = np.array([0, 2], np.int32)

    class Lenet(chainer.Chain):
        def __init__(self):
            super().__init__()
            with self.init_scope():
                self.conv1 = L.Convolution2D(1, 3, 5)
                self.conv2 = L.Convolution2D(3, 4, 5)
                self.l1 = L.Linear(64, 5)
                self.l2 = L.Linear(5, 3)

        def forward(self, x):
            x = F.max_pooling_2d(F.relu(self.conv1(x)), 2, cover_all=False)
            x = F.max_pooling_2d(F.relu(self.conv2(x)), 2, cover_all=False)
            return self.l2(F.relu(self.l1(x)))

    class Normalized(chainer.Chain):
        def __init__(self):
            super().__init__()
            with self.init_scope():
                self.l1 = L.Linear(784, 2)
                self.bn1 = L.BatchNormalization(2)
                self.l2 = L.Linear(2, 3)
                self.bn2 = L.BatchNormalization(3)
                self.l3 = L.Linear(3, 3)

        def forward(self, x):
            return self.l3(F.relu(self.bn2(self.l2(F.relu(self.bn1(self.l1(x)))))))

    def train(model, steps):
        model = L.Classifier(model)
        optimizer = chainer.optimizers.MomentumSGD(0.05).setup(model)
        for _ in range(steps):
            optimizer.update(model, x, labels)
        return model

    def add(name, model, architecture):
        with chainer.using_config("train", False), chainer.no_backprop_mode():
            return golden(name, made_with, architecture, model.predictor(x).array.tolist())

    results = []
    model = train(Lenet(), 3)
    chainer.serializers.save_npz(os.path.join(folder, "chainer-classifier.npz"), model)
    results.append(add("chainer-classifier.npz", model, "lenet"))
    model = train(Normalized(), 5)
    chainer.serializers.save_npz(os.path.join(folder, "chainer-batch-norm.npz"), model.predictor)
    results.append(add("chainer-batch-norm.npz", model, "mlp:2,3:bn"))

    np.random.seed(8)
    model = L.Classifier(Lenet())
    optimizer = chainer.optimizers.SGD(0.05).setup(model)
    iterator = chainer.iterators.SerialIterator(chainer.datasets.TupleDataset(x, labels), 2)
    trainer = chainer.training.Trainer(
        chainer.training.StandardUpdater(iterator, optimizer), (2, "iteration"), out=folder)
    trainer.run()
    chainer.serializers.save_npz(os.path.join(folder, "chainer-snapshot.npz"), trainer)
    results.append(add("chainer-snapshot.npz", model, "lenet"))
    return results


# --- Flax and Keras ------------------------------------------------------------------------------------------------


def jax_part(folder):
    """Flax's variables flattened with slashes and dots, and Keras's variables by their paths."""
    os.environ["KERAS_BACKEND"] = "jax"
    import flax
    import jax
    import keras
    import numpy as np
    from flax import linen as nn
    from flax.traverse_util import flatten_dict
    from safetensors.numpy import save_file

    x = pictures(np).transpose(0, 2, 3, 1)
    random = np.random.Generator(np.random.PCG64(7))
    results = []

    def trained(variables):
        # Numbers as training leaves them, not zeros and ones.
        def value(path, array):
            kind = path[-1].key
            low, high = {"bias": (0.1, 0.6), "mean": (-0.3, 0.3), "var": (0.1, 0.4), "scale": (0.5, 1.5)}.get(
                kind, (0, 0))
            return array if low == high else random.uniform(low, high, array.shape).astype(np.float32)
        return jax.tree_util.tree_map_with_path(value, variables)

    class Lenet(nn.Module):
        @nn.compact
        def __call__(self, x):
            x = nn.max_pool(nn.relu(nn.Conv(3, (5, 5), padding="VALID")(x)), (2, 2), (2, 2))
            x = nn.max_pool(nn.relu(nn.Conv(4, (5, 5), padding="VALID")(x)), (2, 2), (2, 2))
            return nn.Dense(3)(nn.relu(nn.Dense(5)(x.reshape(len(x), -1))))

    class Normalized(nn.Module):
        @nn.compact
        def __call__(self, x):
            x = x.reshape(len(x), -1)
            for width in (2, 3):
                x = nn.relu(nn.BatchNorm(use_running_average=True)(nn.Dense(width)(x)))
            return nn.Dense(3)(x)

    made_with = f"Flax {flax.__version__}, JAX {jax.__version__}"
    with jax.default_matmul_precision("highest"):
        module = Lenet()
        variables = trained(module.init(jax.random.key(7), x))
        arrays = {name: np.asarray(value) for name, value in flatten_dict(variables, sep="/").items()}
        save_file(arrays, os.path.join(folder, "flax-lenet.safetensors"))
        results.append(golden("flax-lenet.safetensors", made_with, "lenet", module.apply(variables, x).tolist()))
        module = Normalized()
        variables = trained(module.init(jax.random.key(8), x))
        arrays = {name: np.asarray(value) for name, value in flatten_dict(variables, sep=".").items()}
        np.savez(os.path.join(folder, "flax-batch-norm.npz"), **arrays)
        results.append(golden("flax-batch-norm.npz", made_with, "mlp:2,3:bn", module.apply(variables, x).tolist()))

    made_with = f"Keras {keras.__version__}"
    layers = keras.layers
    keras.utils.set_random_seed(7)
    model = keras.Sequential([
        keras.Input((28, 28, 1)), layers.Conv2D(3, 5, activation="relu"), layers.MaxPooling2D(),
        layers.Conv2D(4, 5, activation="relu"), layers.MaxPooling2D(), layers.Flatten(),
        layers.Dense(5, activation="relu"), layers.Dropout(0.5), layers.Dense(3)])
    model.set_weights([random.uniform(-0.3, 0.3, w.shape).astype(np.float32) for w in model.get_weights()])
    save_file({v.path: np.asarray(v) for v in model.variables}, os.path.join(folder, "keras-paths.safetensors"))
    results.append(golden("keras-paths.safetensors", made_with, "lenet", np.asarray(model(x)).tolist()))
    np.savez(os.path.join(folder, "keras-weights.npz"), *model.get_weights())
    results.append(golden(
        "keras-weights.npz", made_with, "lenet", np.asarray(model(x)).tolist(), kernels="hwio", flatten="hwc",
        given="lenet"))
    model = keras.Sequential([
        keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(2), layers.BatchNormalization(),
        layers.Activation("relu"), layers.Dense(3), layers.BatchNormalization(), layers.Activation("relu"),
        layers.Dense(3)])
    model.set_weights([random.uniform(0.1, 0.6, w.shape).astype(np.float32) for w in model.get_weights()])
    # TensorFlow's variables were called so.
    arrays = {"/".join(v.path.split("/")[1:]) + ":0": np.asarray(v) for v in model.variables}
    np.savez(os.path.join(folder, "keras-batch-norm.npz"), **arrays)
    results.append(golden("keras-batch-norm.npz", made_with, "mlp:2,3:bn", np.asarray(model(x)).tolist()))
    return results


if __name__ == "__main__":
    PARTS = {"torch": torch_part, "chainer": chainer_part, "jax": jax_part}
    print("\n" + json.dumps(PARTS[sys.argv[1]](sys.argv[2])))
