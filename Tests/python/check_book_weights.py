"""The book's three weight pickles, converted: exact counts on the test digits, logits against NumPy in float64.

Usage: check_book_weights.py BIN_DIR [SHARED_DIR] [--reference-counts]
"""

import os

import numpy as np

import common

DIGITS = 100
TOLERANCE = 1e-4


def main():
    parser = common.parser(__doc__)
    parser.add_argument(
        "--reference-counts", action="store_true", help="also count what NumPy itself gets right of all 10,000"
    )
    options = parser.parse_args()
    report = common.Report()
    folder = common.temporary_folder()
    images_path, labels_path, images, labels = common.test_digits(options.shared_dir)

    for name, network, correct in common.BOOK_WEIGHTS:
        path = common.data_path(options.shared_dir, name)
        parameters = common.in_double(common.read_pickles(path)[0])
        if options.reference_counts:
            x = images.reshape(-1, 1, 28, 28) / 255
            batches = [network(parameters, x[start : start + 500]) for start in range(0, len(x), 500)]
            counted = int((np.concatenate(batches).argmax(axis=1) == labels).sum())
            report.check(counted == correct, f"{name}: NumPy gets {counted} right, expected {correct}")

        model = os.path.join(folder, os.path.basename(name).replace(".pkl", ".safetensors"))
        common.convert(options.bin_dir, [path], model)
        line = common.evaluate(options.bin_dir, model, images_path, labels_path)
        expected = common.accuracy_line(correct, len(labels))
        report.check(line == expected, f"{name}: {line!r}, expected {expected!r}")

        reference = network(parameters, images[:DIGITS].reshape(-1, 1, 28, 28) / 255)
        found = common.logits(options.bin_dir, model, images[:DIGITS], folder)
        error = common.relative_error(found, reference)
        report.check(
            error <= TOLERANCE,
            f"{name}: {DIGITS} digits' logits differ by at most {error:.1e} of the largest ({np.abs(reference).max():.4g})",
        )
    report.finish()


if __name__ == "__main__":
    main()
