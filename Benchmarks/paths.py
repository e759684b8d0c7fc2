"""Measures reading many PNG paths on standard input against Python (Pillow and ONNX Runtime); prints a JSON line.

    paths.py TOOLS [--count N] [--mnist FOLDER] [--runs N]

N paths (100,000 unless told otherwise) of the 10,000 test digits, as PNG files, in an order drawn with a seed, go into
both programs' standard input; both have to print a line for each in that order. The row has medians of whole
processes, and peaks of memory. Needs what tools.py needs.
"""

import argparse
import gzip
import json
import os
import random
import statistics
import struct
import subprocess
import sys

import bench
import peers
import tools

sys.path.insert(0, os.path.join(bench.ROOT, "Tests", "python"))
import common  # noqa: E402

MEGABYTE = 1e6 if sys.platform == "darwin" else 1e3


# A small process in between: a child counts its parent's memory at the moment of its start as its own.
LAUNCH = """
import os, sys, time
started = time.perf_counter()
process = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(process, 0)
print(time.perf_counter() - started, usage.ru_maxrss, os.waitstatus_to_exitcode(status), file=sys.stderr)
"""


def one_run(command, paths, answers):
    """(seconds, peak resident megabytes) of a process that reads the file of paths and writes that of answers."""
    with open(paths, "rb") as source, open(answers, "wb") as sink:
        launch = [sys.executable, "-S", "-E", "-c", LAUNCH, *command]
        done = subprocess.run(launch, stdin=source, stdout=sink, stderr=subprocess.PIPE, text=True)
    seconds, memory, status = done.stderr.split()[-3:]
    if int(status):
        bench.fail(f"'{' '.join(command)}' ended with status {status}: {done.stderr}")
    return float(seconds), int(memory) / MEGABYTE


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("tools", help="folder of the built tools")
    parser.add_argument("--count", type=int, default=100_000, help="how many paths")
    parser.add_argument("--mnist", default=os.path.join(bench.SHARED, "mnist"), help="folder of MNIST's IDX files")
    parser.add_argument("--runs", type=int, default=3, help="runs of each program, by turns")
    options = parser.parse_args()
    train, infer = (bench.tool(options.tools, name) for name in ("cnn-train", "cnn-infer"))
    convert = bench.tool(options.tools, "mnist-convert")
    folder = common.temporary_folder()
    model, onnx = os.path.join(folder, "lenet.safetensors"), os.path.join(folder, "lenet.onnx")
    sample = os.path.join(folder, "sample.safetensors")
    common.run([convert, *tools.SAMPLE, "--split", "train", "-o", sample])
    common.run([train, "-q", sample, "-o", model, "--epochs", "2"])
    with open(onnx, "wb") as file:
        file.write(peers.onnx_bytes("lenet", list(tools.parameters(model))))
    with gzip.open(os.path.join(options.mnist, "t10k-images-idx3-ubyte.gz")) as file:
        count, height, width = struct.unpack(">4x3I", file.read(16))
        digits = common.np.frombuffer(file.read(), common.np.uint8).reshape(count, height, width)
    pictures = os.path.join(folder, "pictures")
    tools.write_pictures(digits[: options.count], pictures)
    # Another order than that of the folder, the same in every run.
    names = sorted(os.listdir(pictures))
    random.Random(0).shuffle(names)
    asked = [os.path.join(pictures, names[number % len(names)]) for number in range(options.count)]
    paths = os.path.join(folder, "paths")
    with open(paths, "w") as file:
        file.write("\n".join(asked) + "\n")

    reader = os.path.join(bench.ROOT, "Benchmarks", "read_digits.py")
    commands = {
        "ours": [infer, "--model", model, "--files-from", "-"],
        "theirs": [sys.executable, reader, onnx, "-"],
    }
    results, found = {name: [] for name in commands}, {}
    for number in range(options.runs):
        for name, command in list(commands.items())[:: 1 if number % 2 else -1]:
            answers = os.path.join(folder, name)
            results[name].append(one_run(command, paths, answers))
            with open(answers) as file:
                lines = [line.split("\t") for line in file.read().splitlines()]
            if [line[0] for line in lines] != asked:
                bench.fail(f"{name}: the order of the paths was not kept")
            found[name] = [line[1] for line in lines]
    differing = sum(a != b for a, b in zip(*found.values()))
    if differing > options.count // 1000:
        bench.fail(f"the two read different labels: {differing} differ")
    answer = dict(what=f"read {options.count:,} PNG paths from standard input", differing=differing)
    for name, values in results.items():
        seconds = statistics.median(value[0] for value in values)
        answer[name] = dict(
            median=seconds,
            best=min(value[0] for value in values),
            per_second=options.count / seconds,
            megabytes=max(value[1] for value in values),
        )
    answer["times_as_fast"] = answer["theirs"]["median"] / answer["ours"]["median"]
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
