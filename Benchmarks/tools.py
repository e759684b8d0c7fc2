"""Measures the whole tools against zcat and against Python (Pillow and ONNX Runtime); prints a JSON line a row.

    tools.py TOOLS [--mnist FOLDER] [--runs N] [--epochs N]

Each row is measured as processes from start to end, ours and the peer's by turns: what a person waits for. Rows whose
data are not there are left out with a note. Needs NumPy, Pillow, onnx and ONNX Runtime.
"""

import argparse
import gzip
import json
import os
import struct
import subprocess
import sys

import bench
import peers

sys.path.insert(0, os.path.join(bench.ROOT, "Tests", "python"))
import common  # noqa: E402
from measure_tools import alternating  # noqa: E402

SAMPLE = [os.path.join(common.SAMPLES, f"t10k-sample-{part}-ubyte.gz") for part in ("images-idx3", "labels-idx1")]


def parameters(path):
    """The float32 tensors of a native model file in the order of its layers: weight, bias, weight, ..."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    manifest = json.loads(header["__metadata__"]["cnn.manifest"])
    for node in manifest["graph"]["nodes"]:
        for suffix in ("weight", "bias"):
            entry = header.get(f"{node['name']}.{suffix}")
            if entry:
                start, end = (8 + length + offset for offset in entry["data_offsets"])
                yield common.np.frombuffer(data[start:end], "<f4").reshape(entry["shape"])


def write_pictures(images, folder):
    """Every picture as a PNG file of its own."""
    from PIL import Image

    os.makedirs(folder)
    for number, image in enumerate(images):
        Image.fromarray(image).save(os.path.join(folder, f"{number:05}.png"))


def labels(output):
    """The label of each line of predictions."""
    return [line.split("\t")[1] for line in output.decode().splitlines()]


def row(what, ours, peer, peer_name, runs, fresh=()):
    """Measure both by turns and print the row. Peaks of memory that this process hides are null."""
    floor = alternating({"floor": (["true"], os.devnull)}, 1, [])["floor"][2]
    results = alternating({"ours": (ours, os.devnull), "theirs": (peer, os.devnull)}, runs, list(fresh))
    answer = dict(what=what, peer=peer_name)
    for name, (median, best, megabytes) in results.items():
        answer[name] = dict(median=median, best=best, megabytes=megabytes if megabytes > 1.05 * floor else None)
    print(json.dumps(answer), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("tools", help="folder of the built tools")
    parser.add_argument("--mnist", default=os.path.join(bench.SHARED, "mnist"), help="folder of MNIST's IDX files")
    parser.add_argument("--runs", type=int, default=9, help="runs of slow commands; of fast ones three times as many")
    parser.add_argument("--epochs", type=int, default=2, help="epochs of deep-convnet against PyTorch; 0 leaves it out")
    options = parser.parse_args()
    convert, train, infer = (bench.tool(options.tools, name) for name in ("mnist-convert", "cnn-train", "cnn-infer"))
    folder = common.temporary_folder()
    model, onnx = os.path.join(folder, "lenet.safetensors"), os.path.join(folder, "lenet.onnx")
    # What the weights are makes no difference to the time, but both sides have to read the same labels.
    common.run([convert, *SAMPLE, "--split", "train", "-o", os.path.join(folder, "sample.safetensors")])
    common.run([train, "-q", os.path.join(folder, "sample.safetensors"), "-o", model, "--epochs", "2"])
    with open(onnx, "wb") as file:
        file.write(peers.onnx_bytes("lenet", list(parameters(model))))
    reader = [sys.executable, os.path.join(bench.ROOT, "Benchmarks", "read_digits.py"), onnx]

    archive = os.path.join(options.mnist, "mnist.pkl.gz")
    if os.path.exists(archive):
        output = os.path.join(folder, "mnist.safetensors")
        row("convert mnist.pkl.gz", [convert, archive, "-o", output], ["zcat", archive], "zcat > /dev/null",
            options.runs, [output])  # fmt: skip
    else:
        bench.note(f"no conversion: there is no {archive}")

    digit = os.path.join(common.SAMPLES, "digits", "7-plain.png")
    row("read one PNG", [infer, "--model", model, digit], [*reader, digit], "Pillow, ONNX Runtime", options.runs)
    row("start: cnn-infer --version", [infer, "--version"], [sys.executable, "-c", "pass"], "python -c pass",
        3 * options.runs)  # fmt: skip

    images = os.path.join(options.mnist, "t10k-images-idx3-ubyte.gz")
    if os.path.exists(images):
        with gzip.open(images) as file:
            count, height, width = struct.unpack(">4x3I", file.read(16))
            digits = common.np.frombuffer(file.read(), common.np.uint8).reshape(count, height, width)
        pictures = os.path.join(folder, "pictures")
        write_pictures(digits, pictures)
        ours, peer = [infer, "--model", model, pictures], [*reader, pictures]
        found = [labels(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout) for command in (ours, peer)]
        differing = sum(a != b for a, b in zip(*found))
        if len(found[0]) != count or len(found[1]) != count or differing > count // 1000:
            bench.fail(f"the two read different labels: {len(found[0])} and {len(found[1])}, {differing} differ")
        row(f"read {count:,} PNGs of 28x28", ours, peer, "Pillow, ONNX Runtime", options.runs)
    else:
        bench.note(f"no folder of PNG files: there is no {images}")

    training = [os.path.join(options.mnist, f"train-{part}-ubyte.gz") for part in ("images-idx3", "labels-idx1")]
    if options.epochs and all(map(os.path.exists, training)):
        network, batch, theirs = "deep-convnet", "100", os.path.join(folder, "theirs.pt")
        command = [train, "-q", "--force", *training, "-o", os.path.join(folder, "ours.safetensors"),
                   "--architecture", network, "--batch-size", batch, "--epochs", str(options.epochs), "--threads", "2"]  # fmt: skip
        peer = [sys.executable, os.path.join(bench.ROOT, "Benchmarks", "train_digits.py"), network,
                str(options.epochs), *training, theirs, "--batch", batch, "--threads", "2",
                "--variant", "channels_last"]  # fmt: skip
        row(f"train {network}, {options.epochs} epochs of 60,000, Adam, batches of {batch}", command, peer, "PyTorch",
            1 if options.epochs > 5 else 3)  # fmt: skip
    else:
        bench.note("no training from files: there are none, or no epochs were asked for")


if __name__ == "__main__":
    main()
