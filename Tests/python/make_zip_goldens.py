"""Write the archives in Tests/CNNCodecsTests/Fixtures/zip and the arrays in Fixtures/npy.

    python make_zip_goldens.py zip      # with PyTorch and Info-ZIP's zip: archives by these and by Python's zipfile
    python make_zip_goldens.py npy TAG  # with NumPy; TAG is numpy1 (NumPy 1.26) or numpy2 (NumPy 2)

Only needed to change the fixtures. Which versions made those that are here stands in each folder's README.
"""

import io
import os
import subprocess
import sys
import tempfile
import zipfile

import numpy as np

FIXTURES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "CNNCodecsTests", "Fixtures")
CONTENTS = [("plain.txt", b"plain text\n"), ("folder/", b""), ("folder/empty", b""),
            ("folder/zeros.bin", bytes(5000)), ("\u00e9\u4e09.bin", bytes(range(256)))]


class Unseekable(io.RawIOBase):
    """A pipe: zipfile then writes data descriptors."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


def write_zip(path, method, unseekable=False, zip64=False, comment=b""):
    """CONTENTS by Python's zipfile."""
    with open(os.path.join(FIXTURES, "zip", path), "wb") as file:
        with zipfile.ZipFile(Unseekable(file) if unseekable else file, "w", method) as archive:
            for name, content in CONTENTS:
                info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_STORED if name.endswith("/") else method
                if name.endswith("/"):
                    archive.writestr(info, content)
                else:
                    with archive.open(info, "w", force_zip64=zip64) as entry:
                        entry.write(content)
            archive.comment = comment


def make_zip():
    write_zip("python-stored.zip", zipfile.ZIP_STORED)
    write_zip("python-deflated.zip", zipfile.ZIP_DEFLATED)
    write_zip("python-comment.zip", zipfile.ZIP_DEFLATED, comment=b"PK\x05\x06 and so on")
    write_zip("python-pipe.zip", zipfile.ZIP_DEFLATED, unseekable=True)
    write_zip("python-pipe-zip64.zip", zipfile.ZIP_STORED, unseekable=True, zip64=True)
    write_zip("python-zip64.zip", zipfile.ZIP_STORED, zip64=True)
    with zipfile.ZipFile(os.path.join(FIXTURES, "zip", "python-empty.zip"), "w"):
        pass
    with tempfile.TemporaryDirectory() as folder:
        for name, content in CONTENTS:
            path = os.path.join(folder, name)
            if name.endswith("/"):
                os.mkdir(path)
            else:
                with open(path, "wb") as file:
                    file.write(content)
            os.utime(path, (315532800, 315532800))
        names = [name for name, _ in CONTENTS]
        target = os.path.join(FIXTURES, "zip", "infozip.zip")
        if os.path.exists(target):
            os.remove(target)
        try:
            subprocess.run(["zip", "-q", "-X", target] + names, cwd=folder, check=True)
            with open(os.path.join(FIXTURES, "zip", "infozip-pipe.zip"), "wb") as file:
                subprocess.run(["zip", "-q", "-X", "-fd", "-"] + names, cwd=folder, check=True, stdout=file)
        except FileNotFoundError:
            print("no zip program: infozip*.zip are not made")
    import torch

    state = {"weight": torch.arange(6, dtype=torch.float32).reshape(2, 3), "bias": torch.zeros(2)}
    torch.save(state, os.path.join(FIXTURES, "zip", "torch.pt"))


def make_npy(tag):
    base = np.arange(24).reshape(2, 3, 4)
    arrays = {}
    for code in ["b1", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"]:
        arrays[code] = (base % 2 if code == "b1" else base).astype(code)
    for code in [">i2", ">u8", ">f2", ">f4", ">f8"]:
        arrays["big-" + code[1:]] = base.astype(code)
    arrays["fortran"] = np.asfortranarray(base.astype("f4"))
    arrays["fortran-big"] = np.asfortranarray(base.astype(">i4"))
    arrays["row-of-columns"] = np.asfortranarray(np.arange(5, dtype="f4").reshape(1, 5))
    arrays["number"] = np.array(-7, "i4")
    arrays["one"] = np.arange(3, dtype="f8")
    arrays["empty"] = np.zeros((0, 3), "f4")
    arrays["predictor/conv1/W"] = np.arange(8, dtype="f4").reshape(2, 1, 2, 2)
    folder = os.path.join(FIXTURES, "npy")
    np.savez(os.path.join(folder, f"{tag}-stored.npz"), **arrays)
    np.savez_compressed(os.path.join(folder, f"{tag}-compressed.npz"), **arrays)
    if tag != "numpy2":
        return
    for version in [(1, 0), (2, 0), (3, 0)]:
        with open(os.path.join(folder, f"version{version[0]}.npy"), "wb") as file:
            np.lib.format.write_array(file, arrays["fortran"], version)
    refused = {
        "object": np.array([None, 1], object), "structured": np.zeros(2, [("a", "<f4"), ("b", "<i2")]),
        "complex": np.zeros(2, "c8"), "text": np.array(["abc"]), "bytes": np.array([b"abc"]),
        "datetime": np.zeros(2, "M8[s]"), "timedelta": np.zeros(2, "m8[us]"), "void": np.zeros(2, "V2"),
        "longdouble": np.zeros(2, np.longdouble),
    }
    for name, array in refused.items():
        np.save(os.path.join(folder, f"refused-{name}.npy"), array, allow_pickle=True)
    with open(os.path.join(folder, "expected.txt"), "w", encoding="utf-8") as file:
        for name, array in arrays.items():
            kind = array.dtype.newbyteorder("=").name
            values = " ".join(str(float(value)) for value in array.flatten("C"))
            file.write(f"{name}|{kind}|{' '.join(map(str, array.shape))}|{values}\n")


if __name__ == "__main__":
    if sys.argv[1] == "zip":
        make_zip()
    else:
        make_npy(sys.argv[2])
