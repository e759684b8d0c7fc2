"""Train the sample network and write its weights as the book's chapter 7 keeps them: simple_convnet_params.pkl.

Convolution 30@5x5, ReLU, max pool 2, affine, ReLU, affine 10, as in "Deep Learning from Scratch", but with 20
units in the hidden layer instead of 100 and in float32, to keep the file small. NumPy only; the gradients are
written out by hand below.

Usage: make_weights.py OUTPUT.pkl
"""

import pickle
import sys

import numpy as np

import sample_digits

FILTERS, KERNEL, HIDDEN, CLASSES = 30, 5, 20, 10
MAPS = 28 - KERNEL + 1  # height and width after the convolution
POOLED = MAPS // 2

EPOCHS = 40
BATCH = 50
LEARNING_RATE = 0.002  # Adam's, falling along a half cosine to 0
WEIGHT_DECAY = 0.02  # decoupled, relative to the learning rate
SHIFT = 2  # pictures are moved by up to this many pixels in each direction


def initial_parameters(random):
    """He initialisation, but small filters, so that what they show is learned; affine weights are (in, out)."""

    def normal(shape, deviation):
        return (random.standard_normal(shape) * deviation).astype(np.float32)

    flat = FILTERS * POOLED * POOLED
    return {
        "W1": normal((FILTERS, 1, KERNEL, KERNEL), 0.02),
        "b1": np.zeros(FILTERS, np.float32),
        "W2": normal((flat, HIDDEN), np.sqrt(2.0 / flat)),
        "b2": np.zeros(HIDDEN, np.float32),
        "W3": normal((HIDDEN, CLASSES), np.sqrt(2.0 / HIDDEN)),
        "b3": np.zeros(CLASSES, np.float32),
    }


def forward(parameters, images):
    """Logits of `images` (N, 28, 28) in 0...1, and what `gradients` needs."""
    count = len(images)
    windows = np.lib.stride_tricks.sliding_window_view(images, (KERNEL, KERNEL), axis=(1, 2))
    columns = windows.reshape(count * MAPS * MAPS, KERNEL * KERNEL)
    filters = parameters["W1"].reshape(FILTERS, -1)
    maps = columns @ filters.T + parameters["b1"]  # (N*24*24, 30)

    # The four pixels of a pooling window side by side: (N, 12, 12, 30, 4).
    blocks = maps.reshape(count, POOLED, 2, POOLED, 2, FILTERS).transpose(0, 1, 3, 5, 2, 4)
    blocks = blocks.reshape(count, POOLED, POOLED, FILTERS, 4)
    winner = blocks.argmax(axis=-1)
    pooled = np.maximum(np.take_along_axis(blocks, winner[..., None], axis=-1)[..., 0], 0)

    flat = pooled.transpose(0, 3, 1, 2).reshape(count, -1)  # channel, row, column
    hidden = np.maximum(flat @ parameters["W2"] + parameters["b2"], 0)
    logits = hidden @ parameters["W3"] + parameters["b3"]
    return logits, (columns, winner, pooled, flat, hidden)


def gradients(parameters, logits, labels, kept):
    """Gradients of the mean cross-entropy of softmax(logits), named as the parameters."""
    columns, winner, pooled, flat, hidden = kept
    count = len(labels)
    scores = np.exp(logits - logits.max(axis=1, keepdims=True))
    d_logits = scores / scores.sum(axis=1, keepdims=True)
    d_logits[np.arange(count), labels] -= 1
    d_logits /= count

    d_hidden = (d_logits @ parameters["W3"].T) * (hidden > 0)
    d_flat = d_hidden @ parameters["W2"].T
    d_pooled = d_flat.reshape(count, FILTERS, POOLED, POOLED).transpose(0, 2, 3, 1) * (pooled > 0)
    d_blocks = np.zeros(d_pooled.shape + (4,), np.float32)
    np.put_along_axis(d_blocks, winner[..., None], d_pooled[..., None], axis=-1)
    d_maps = d_blocks.reshape(count, POOLED, POOLED, FILTERS, 2, 2).transpose(0, 1, 4, 2, 5, 3)
    d_maps = d_maps.reshape(count * MAPS * MAPS, FILTERS)
    return {
        "W1": (d_maps.T @ columns).reshape(parameters["W1"].shape),
        "b1": d_maps.sum(axis=0),
        "W2": flat.T @ d_hidden,
        "b2": d_hidden.sum(axis=0),
        "W3": hidden.T @ d_logits,
        "b3": d_logits.sum(axis=0),
    }


def shifted(images, random):
    """Each picture moved by its own whole number of pixels, black filling in."""
    padded = np.pad(images, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (28, 28), axis=(1, 2))
    rows, columns = random.integers(0, 2 * SHIFT + 1, (2, len(images)))
    return windows[np.arange(len(images)), rows, columns]


def train(images, labels):
    """Parameters after EPOCHS of Adam."""
    random = np.random.Generator(np.random.PCG64(1))
    parameters = initial_parameters(random)
    first = {name: np.zeros_like(value) for name, value in parameters.items()}
    second = {name: np.zeros_like(value) for name, value in parameters.items()}
    steps = EPOCHS * (len(images) // BATCH)
    step = 0
    for epoch in range(EPOCHS):
        order = random.permutation(len(images))
        moved = shifted(images, random)
        for start in range(0, len(images) - BATCH + 1, BATCH):
            rows = order[start : start + BATCH]
            logits, kept = forward(parameters, moved[rows])
            slopes = gradients(parameters, logits, labels[rows], kept)
            step += 1
            rate = np.float32(LEARNING_RATE * 0.5 * (1 + np.cos(np.pi * step / steps)))
            for name, slope in slopes.items():
                first[name] += np.float32(0.1) * (slope - first[name])
                second[name] += np.float32(0.001) * (slope * slope - second[name])
                mean = first[name] / np.float32(1 - 0.9**step)
                spread = np.sqrt(second[name] / np.float32(1 - 0.999**step)) + np.float32(1e-8)
                decay = WEIGHT_DECAY if name.startswith("W") else 0.0
                parameters[name] -= rate * (mean / spread + np.float32(decay) * parameters[name])
        print(f"epoch {epoch + 1:2}/{EPOCHS}", end="\r", file=sys.stderr)
    print(file=sys.stderr)
    return parameters


def main():
    (output,) = sys.argv[1:]
    train_images, train_labels, test_images, test_labels = sample_digits.load()
    parameters = train(train_images.astype(np.float32) / np.float32(255), train_labels)
    logits, _ = forward(parameters, test_images.astype(np.float32) / np.float32(255))
    correct = int((logits.argmax(axis=1) == test_labels).sum())
    print(f"{output}: {correct} of {len(test_labels)} held-out digits ({correct / len(test_labels):.4f})")
    with open(output, "wb") as file:
        pickle.dump(parameters, file, protocol=4)


if __name__ == "__main__":
    main()
