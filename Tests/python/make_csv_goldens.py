"""Goldens for tables of numbers from Python's csv and NumPy: Tests/CNNCodecsTests/Fixtures/csv/.

Each NAME.csv is the same table of five rows and 17 columns, a label and 4x4 pixels, as another program or dialect
writes it; NAME-*.csv hold the pixels as fractions. `values.json` has the labels, the pixels, and for each fraction the
bits of the float32 nearest to it.

Usage: make_csv_goldens.py [FOLDER]
"""

import csv
import json
import os
import sys

import common

try:
    import numpy as np
except ImportError as error:
    common.skip(f"this Python has no {error.name}")

FOLDER = os.path.join(common.ROOT, "Tests", "CNNCodecsTests", "Fixtures", "csv")
random = np.random.Generator(np.random.PCG64(7))
labels = random.integers(0, 10, 5)
pixels = random.integers(0, 256, (5, 16))
pixels[:, 0] = 0
pixels[:, 5] = 255
names = ["label"] + [f"{row}x{column}" for row in range(1, 5) for column in range(1, 5)]
rows = [[int(label), *map(int, row)] for label, row in zip(labels, pixels)]


def write(name, header=None, table=rows, **dialect):
    with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, **dialect)
        if header:
            writer.writerow(header)
        writer.writerows(table)


folder = sys.argv[1] if len(sys.argv) > 1 else FOLDER
os.makedirs(folder, exist_ok=True)
write("excel.csv", names, dialect="excel")
write("unix-quoted.csv", names, dialect="unix")
write("semicolons.csv", None, delimiter=";", lineterminator="\n")
write("tabs.csv", names, dialect="excel-tab")
np.savetxt(os.path.join(folder, "savetxt.csv"), np.array(rows), delimiter=",", header=",".join(names))
fractions = pixels.astype(np.float32) / np.float32(255)
write("fractions-float32.csv", names, [[r[0], *map(str, f)] for r, f in zip(rows, fractions)], lineterminator="\n")
write(
    "fractions-float64.csv",
    None,
    [[r[0], *(float(p) / 255 for p in q)] for r, q in zip(rows, pixels)],
    lineterminator="\n",
)
odd = random.standard_normal((5, 16)) * 10.0 ** random.integers(-30, 30, (5, 16))
write("standard-normal.csv", names, [[r[0], *map(float, o)] for r, o in zip(rows, odd)], lineterminator="\n")
with open(os.path.join(folder, "values.json"), "w", encoding="utf-8") as file:
    json.dump(
        {
            "made_with": f"Python {sys.version.split()[0]}, NumPy {np.__version__}",
            "labels": labels.tolist(),
            "pixels": pixels.ravel().tolist(),
            "fractions": fractions.ravel().view(np.uint32).tolist(),
            "standard_normal": odd.astype(np.float32).ravel().view(np.uint32).tolist(),
        },
        file,
    )
    file.write("\n")
