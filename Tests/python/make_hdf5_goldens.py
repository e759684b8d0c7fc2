"""Goldens for the reader of HDF5: Tests/CNNCodecsTests/Fixtures/hdf5, made by h5py and Keras 3.

`expected.txt` says what a reader must find, one object or attribute a line, fields separated by tabs:

    FILE  PATH            group | soft PATH | foreign | met, for an object that has a line already
                          | TYPE[SHAPE]:HEX of the elements, little-endian, last index fastest
    FILE  PATH@ATTRIBUTE  TYPE[SHAPE]:HEX | texts[SHAPE]:HEX of each text's UTF-8, separated by commas | none

`refused.h5` has what is not read; the test names the errors. Needs h5py 3.16 or newer, and Keras 3 with the backend
that KERAS_BACKEND names.

Usage: make_hdf5_goldens.py [FOLDER]
"""

import io
import json
import os
import sys
import zipfile

import h5py
import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "Tests", "CNNCodecsTests", "Fixtures", "hdf5")
expected = []


def path_of(name):
    """Where a golden is."""
    return os.path.join(FOLDER, name)


def numbers(array, is_bfloat16=False):
    """An array as a line has it."""
    array = np.asarray(array)
    shape = ",".join(str(extent) for extent in array.shape)
    if is_bfloat16:
        # h5py widens them; the numbers here are exact.
        name, data = "bfloat16", (array.astype("<f4").view("<u4") >> 16).astype("<u2").tobytes()
    elif array.dtype == np.dtype("V2"):
        name, data = "bfloat16", array.tobytes()
    else:
        name, data = array.dtype.name, array.astype(array.dtype.newbyteorder("<")).tobytes()
    return f"{name}[{shape}]:{data.hex()}"


def texts(values, shape):
    """Texts as a line has them."""
    encoded = [value if isinstance(value, bytes) else value.encode() for value in values]
    return "texts[%s]:%s" % (",".join(map(str, shape)), ",".join(value.hex() for value in encoded))


def attribute(value):
    """An attribute's value as a line has it."""
    if isinstance(value, h5py.Empty):
        return "none"
    if isinstance(value, (str, bytes)):
        return texts([value], ())
    array = np.asarray(value)
    if array.dtype.kind in "SOU":
        return texts(array.ravel().tolist(), array.shape)
    return numbers(array)


def describe(name):
    """Append what h5py finds in a file: each object once, by the first path in the order of names."""
    met = set()
    with h5py.File(path_of(name), "r") as file:

        def visit(path, item):
            is_dataset = isinstance(item, h5py.Dataset)
            expected.append((name, path, numbers(item[()], path == "bfloat16") if is_dataset else "group"))
            for key in item.attrs:
                expected.append((name, f"{path}@{key}", attribute(item.attrs[key])))
            met.add(h5py.h5o.get_info(item.id).addr)
            if is_dataset:
                return
            for key in sorted(item, key=str.encode):
                inner = f"{path}/{key}" if path else key
                link = item.get(key, getlink=True)
                if isinstance(link, h5py.SoftLink):
                    expected.append((name, inner, f"soft {link.path}"))
                elif isinstance(link, h5py.ExternalLink):
                    expected.append((name, inner, "foreign"))
                elif h5py.h5o.get_info(item[key].id).addr in met:
                    expected.append((name, inner, "met"))
                else:
                    visit(inner, item[key])

        visit("", file)


def ramp(*shape, dtype="<f4"):
    """Small numbers, each different from its neighbours."""
    return (np.arange(np.prod(shape, dtype=int)).reshape(shape) % 23 - 7).astype(dtype)


TYPES = ["i1", "u1", "<i2", ">i2", "<u2", ">u2", "<i4", ">i4", "<u4", ">u4", "<i8", ">i8", "<u8", ">u8"]
TYPES += ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "?"]


def types(name):
    """Every type of numbers, of datasets and attributes."""
    with h5py.File(path_of(name), "w") as file:
        for dtype in TYPES:
            file[dtype.replace("<", "little ").replace(">", "big ")] = ramp(2, 3, dtype=dtype)
        file["scalar"] = np.float32(1.5)
        file["empty"] = np.zeros((0, 3), "<f4")
        file["none/of/these"] = np.zeros((3, 0), ">i2")
        space = h5py.h5s.create_simple((4,))
        bfloat16 = h5py.h5t.IEEE_F32LE.copy()
        bfloat16.set_fields(15, 7, 8, 0, 7)
        bfloat16.set_precision(16)
        bfloat16.set_size(2)
        bfloat16.set_ebias(127)
        dataset = h5py.h5d.create(file.id, b"bfloat16", bfloat16, space)
        dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array([1.5, -2, 0, 0.15625], "<f4"))
        for key in TYPES:
            file.attrs[key] = ramp(3, dtype=key)


def compact(file, name, value):
    """A dataset within its object header."""
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_layout(h5py.h5d.COMPACT)
    dataset = h5py.h5d.create(
        file.id, name.encode(), h5py.h5t.py_create(value.dtype), h5py.h5s.create_simple(value.shape), properties)
    dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, value)


def layouts(name, **options):
    """Every way in which data are kept, with and without filters."""
    with h5py.File(path_of(name), "w", **options) as file:
        file["contiguous"] = ramp(3, 4)
        compact(file, "compact", ramp(2, 5, dtype=">i2"))
        make = file.create_dataset
        make("chunked", data=ramp(7, 10), chunks=(3, 4))
        make("whole", data=ramp(6, 5), chunks=(6, 5))
        make("gzip", data=ramp(7, 10), chunks=(3, 4), compression="gzip")
        make("gzip whole", data=ramp(60, 10), chunks=(60, 10), compression="gzip", compression_opts=9)
        make("shuffle", data=ramp(7, 10, dtype=">f8"), chunks=(4, 10), shuffle=True)
        make("all filters", data=ramp(9, 5, 3), chunks=(2, 3, 2), compression="gzip", shuffle=True, fletcher32=True)
        make("fletcher32", data=ramp(5, 7, dtype="i1"), chunks=(5, 7), fletcher32=True)
        make("fletcher32 odd", data=ramp(5, 7, dtype="u1"), chunks=(2, 3), fletcher32=True)
        make("fletcher32 long", data=ramp(900, dtype="<u2"), chunks=(900,), fletcher32=True)
        make("line", data=ramp(100, dtype="<i8"), chunks=(33,))
        make("deep", data=ramp(2, 3, 2, 3, 2, dtype="i1"), chunks=(1, 2, 2, 2, 1))
        make("unwritten", (2, 3), "<f4", fillvalue=2.5)
        make("unwritten zeros", (2, 3), ">f8")
        make("unwritten chunks", (5, 3), ">i4", chunks=(2, 2), fillvalue=-3)
        some = make("some chunks", (6, 4), "<i2", chunks=(2, 3), fillvalue=9, compression="gzip")
        some[2:4, 0:3] = 1
        some[5, 3] = 2
        make("growing", data=ramp(3, 4), chunks=(2, 2), maxshape=(9, 7))
        partly = make("incompressible", data=np.frombuffer(np.random.default_rng(1).bytes(64), "u1"), chunks=(64,),
                      compression="gzip")
        assert partly.shape == (64,)
        if not options:
            many = make("many chunks", data=ramp(300, dtype="u1"), chunks=(2,))
            make("unlimited", data=ramp(5, 4), chunks=(2, 3), maxshape=(None, None), compression="gzip")
            assert many.id.get_num_chunks() == 150
        else:
            properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            properties.set_chunk((2, 3))
            properties.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
            value = ramp(5, 7)
            dataset = h5py.h5d.create(
                file.id, b"implicit", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple(value.shape), properties)
            dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, value)
            paged = make("paged", (2500,), "u1", chunks=(1,))
            paged[3] = 1
            paged[2400:] = 2


def attributes(name, **options):
    """Attributes of texts and numbers."""
    with h5py.File(path_of(name), "w", **options) as file:
        attrs = file.attrs
        attrs["text"] = "h5py's own"
        attrs["unicode"] = "caf\u00e9 \u4e09 \U0001f600"
        attrs["empty text"] = ""
        attrs["bytes"] = b"plain"
        attrs["names"] = ["conv1", "", "dense"]
        attrs["fixed names"] = np.array([b"conv1/kernel:0", b"conv1/bias:0"])
        attrs["grid"] = np.array([[b"a", b"bc"], [b"", b"def"]])
        attrs["no names"] = []
        attrs["number"] = np.float64(0.1)
        attrs["integer"] = 7
        attrs["flag"] = True
        attrs["flags"] = np.array([True, False])
        attrs["null"] = h5py.Empty("f4")
        for padding in (h5py.h5t.STR_NULLTERM, h5py.h5t.STR_NULLPAD, h5py.h5t.STR_SPACEPAD):
            kind = h5py.h5t.C_S1.copy()
            kind.set_size(8)
            kind.set_strpad(padding)
            made = h5py.h5a.create(file.id, b"padding %d" % padding, kind, h5py.h5s.create(h5py.h5s.SCALAR))
            made.write(np.array(b"abc", "S8"), mtype=h5py.h5t.py_create(np.dtype("S8")))
        group = file.create_group("of a group")
        group.attrs["a"] = np.arange(3)
        dataset = file.create_dataset("of a dataset", data=ramp(2))
        dataset.attrs["unit"] = "m"


def structure(name, **options):
    """Groups: many, nested, in a cycle, with links of every kind."""
    with h5py.File(path_of(name), "w", **options) as file:
        for index in range(12):
            file.create_group(f"group {index}")
        many = file.create_group("many")
        for index in range(300 if "libver" not in options else 12):
            many[f"{'a rather long name, ' if index % 30 == 0 else ''}number {index}"] = h5py.SoftLink(f"/{index}")
        file["a/b/c/d"] = ramp(2)
        file["again"] = file["a/b"]
        file["a/cycle"] = file["a"]
        file["soft"] = h5py.SoftLink("/a/b/c/d")
        file["external"] = h5py.ExternalLink("other.h5", "/x")
        file["caf\u00e9"] = ramp(1)
        for index in range(12):
            file["a"].attrs[f"attribute {index}"] = index


def dense(name):
    """More links and attributes than one block holds."""
    with h5py.File(path_of(name), "w", libver="latest") as file:
        for index in range(300):
            file[f"link {index}"] = h5py.SoftLink("/nowhere") if index % 2 else file
        group = file.create_group("attributes")
        for index in range(120):
            group.attrs[f"attribute {index}"] = f"value {index}"


def refused(name):
    """What is not read."""
    with h5py.File(path_of(name), "w", libver="latest") as file:
        file.create_dataset("lzf", data=np.zeros(400), chunks=(400,), compression="lzf")
        file.create_dataset("scaleoffset", data=ramp(8, dtype="<i4"), chunks=(4,), scaleoffset=0)
        file["text"] = "text"
        file["fixed text"] = np.array([b"abc"])
        file["compound"] = np.zeros(2, [("a", "i4"), ("b", "f4")])
        file["complex"] = np.zeros(2, "c8")
        file["reference"] = np.array([file.ref], h5py.ref_dtype)
        file.create_dataset("sequence", (1,), h5py.vlen_dtype(np.int32))
        file["enumeration"] = np.zeros(2, h5py.enum_dtype({"RED": 0, "GREEN": 1}, basetype="i1"))
        file.create_dataset("array", (2,), np.dtype("(3,)f4"))
        file["long double"] = np.zeros(2, np.longdouble)
        file["opaque"] = np.zeros(2, "V3")
        file["null"] = h5py.Empty("f4")
        file["named type"] = np.dtype("f4")
        file.create_dataset("of a named type", data=ramp(2), dtype=file["named type"])
        file.create_dataset("extensible", data=ramp(8), chunks=(2,), maxshape=(None,))
        file.create_dataset("growing twice", data=ramp(4, 4), chunks=(2, 2), maxshape=(None, None))
        layout = h5py.VirtualLayout((2,), "f4")
        layout[:] = h5py.VirtualSource("other.h5", "x", (2,))
        file.create_virtual_dataset("virtual", layout)
        file.create_dataset("elsewhere", (2,), "f4", external=[("other.bin", 0, 8)])
        bits = h5py.h5t.STD_I32LE.copy()
        bits.set_precision(20)
        h5py.h5d.create(file.id, b"odd precision", bits, h5py.h5s.create_simple((2,)))
        file.attrs["compound"] = np.zeros(2, [("a", "i4")])
        file.attrs["reference"] = file.ref
        file.attrs["good"] = 1


def keras2(name):
    """The layout of Keras 2's save_weights and save, whose names are arrays of bytes."""
    with h5py.File(path_of(name), "w") as file:
        file.attrs["backend"] = "tensorflow".encode()
        file.attrs["keras_version"] = "2.15.0".encode()
        file.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": {"name": "sequential"}}).encode()
        weights = file.create_group("model_weights")
        weights.attrs["backend"] = "tensorflow".encode()
        weights.attrs["layer_names"] = [b"conv2d", b"flatten", b"dense"]
        for layer, shapes in (("conv2d", [(3, 3, 1, 2), (2,)]), ("flatten", []), ("dense", [(8, 3), (3,)])):
            group = weights.create_group(layer)
            names = [f"{layer}/{part}:0" for part, _ in zip(("kernel", "bias"), shapes)]
            group.attrs["weight_names"] = [name.encode() for name in names]
            for weight, shape in zip(names, shapes):
                made = group.create_dataset(weight, shape, "<f4")
                made[...] = ramp(*shape) / 8


def keras3():
    """The same small model in Keras 3's three forms."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras

    keras.utils.set_random_seed(1)
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Input((8, 8, 1)),
            layers.Conv2D(3, 3, name="conv1"),
            layers.BatchNormalization(name="norm"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(4, name="hidden", dtype="bfloat16"),
            layers.Dense(2, name="output"),
        ]
    )
    model.save(path_of("keras3.h5"))
    model.save_weights(path_of("keras3.weights.h5"))
    packed = io.BytesIO()
    keras.saving.save_model(model, path_of("keras3.keras"))
    with open(path_of("keras3.keras"), "rb") as file:
        packed.write(file.read())
    with zipfile.ZipFile(packed) as archive, open(path_of("keras3-inner.h5"), "wb") as file:
        file.write(archive.read("model.weights.h5"))
    os.remove(path_of("keras3.keras"))


os.makedirs(FOLDER, exist_ok=True)
types("types.h5")
layouts("layouts.h5")
layouts("layouts-latest.h5", libver="latest")
layouts("layouts-v110.h5", libver=("v110", "v110"))
attributes("attributes.h5")
attributes("attributes-latest.h5", libver="latest")
structure("structure.h5")
structure("structure-tracked.h5", track_order=True)
structure("structure-latest.h5", libver="latest")
attributes("user-block.h5", userblock_size=1024)
dense("dense.h5")
refused("refused.h5")
keras2("keras2.h5")
keras3()
for name in sorted(os.listdir(FOLDER)):
    if name.endswith(".h5") and not name.startswith("refused"):
        describe(name)
with open(path_of("expected.txt"), "w", encoding="utf-8") as file:
    for line in expected:
        file.write("\t".join(line) + "\n")
