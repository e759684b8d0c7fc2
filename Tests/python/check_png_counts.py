"""All 10,000 test digits as PNG files in label-named folders: the same counts as from the IDX files.

Usage: check_png_counts.py BIN_DIR [SHARED_DIR]
"""

import os

import common

try:
    from PIL import Image
except ImportError:
    common.skip("this Python has no Pillow")


def main():
    options = common.parser(__doc__).parse_args()
    report = common.Report()
    folder = common.temporary_folder()
    _, _, images, labels = common.test_digits(options.shared_dir)

    digits = os.path.join(folder, "digits")
    for label in range(10):
        os.makedirs(os.path.join(digits, str(label)))
    for index, (image, label) in enumerate(zip(images, labels)):
        Image.fromarray(image).save(os.path.join(digits, str(label), f"{index:05}.png"))

    for name, _, correct in common.BOOK_WEIGHTS:
        model = os.path.join(folder, os.path.basename(name).replace(".pkl", ".safetensors"))
        common.convert(options.bin_dir, [common.data_path(options.shared_dir, name)], model)
        line = common.evaluate(options.bin_dir, model, digits)
        expected = common.accuracy_line(correct, len(labels))
        report.check(line == expected, f"{name}: {line!r} from {len(images)} PNG files, expected {expected!r}")
    report.finish()


if __name__ == "__main__":
    main()
