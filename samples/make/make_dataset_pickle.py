"""A data set pickle as the book's chapter 3 keeps it, small: 150 digits to train on, 50 to test.

Usage: make_dataset_pickle.py OUTPUT.pkl
"""

import pickle
import sys

import sample_digits

TRAIN, TEST = 150, 50


def main():
    (output,) = sys.argv[1:]
    train_images, train_labels, test_images, test_labels = sample_digits.load()
    dataset = {
        "train_img": train_images[:TRAIN].reshape(TRAIN, -1),
        "train_label": train_labels[:TRAIN],
        "test_img": test_images[:TEST].reshape(TEST, -1),
        "test_label": test_labels[:TEST],
    }
    with open(output, "wb") as file:
        pickle.dump(dataset, file, protocol=4)
    print(f"{output}: {TRAIN} + {TEST} digits")


if __name__ == "__main__":
    main()
