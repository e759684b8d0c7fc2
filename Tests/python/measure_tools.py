"""Whole-process times and peak memory of the tools: medians of alternating runs, as a table.

Usage: measure_tools.py BIN_DIR [SHARED_DIR] [--runs N] [--gate]

For the figures that the README promises, build with
`swift build -c release --static-swift-stdlib -Xswiftc -static-executable`.
"""

import os
import statistics
import subprocess
import sys
import time

import common

ZCAT_FACTOR, PEAK_MEGABYTES, PNG_MILLISECONDS = 1.5, 350, 12


def measured(command, stdout):
    """(seconds, peak resident megabytes) of one run, standard output to the file of that name.

    A child counts this Python's memory at the moment of its start as its own: the row of `true` shows that floor.
    """
    with open(stdout, "wb") as sink, open(os.devnull, "rb") as nothing:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdin=nothing, stdout=sink, stderr=subprocess.PIPE)
        message = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
    code = process.returncode = os.waitstatus_to_exitcode(status)
    if code != 0:
        print(f"FAILED  {' '.join(command)}: exit status {code}\n  {message.decode(errors='replace').strip()}")
        sys.exit(1)
    return seconds, usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def alternating(commands, runs, fresh):
    """Every command once a round, for `runs` rounds after one that warms the caches: {name: (median, best, peak)}."""
    results = {name: [] for name in commands}
    for round_number in range(runs + 1):
        for name, (command, stdout) in commands.items():
            for path in fresh:
                if os.path.exists(path):
                    os.remove(path)
            result = measured(command, stdout)
            if round_number:
                results[name].append(result)
    return {
        name: (statistics.median(s for s, _ in values), min(s for s, _ in values), max(m for _, m in values))
        for name, values in results.items()
    }


def main():
    parser = common.parser(__doc__)
    parser.add_argument("--runs", type=int, default=9, help="runs of each slow command; ten times that of the fast (9)")
    parser.add_argument("--gate", action="store_true", help="exit 1 when a limit is exceeded")
    options = parser.parse_args()
    convert = common.tool_path(options.bin_dir, "mnist-convert")
    infer = common.tool_path(options.bin_dir, "cnn-infer")
    archive = common.data_path(options.shared_dir, "mnist/mnist.pkl.gz")
    weights = common.data_path(options.shared_dir, "weights/simple_convnet_params.pkl")
    folder = common.temporary_folder()
    output, unpacked = os.path.join(folder, "mnist.safetensors"), os.path.join(folder, "mnist.pkl")
    model = os.path.join(folder, "simple.safetensors")
    common.run([convert, weights, "-o", model])
    digit = os.path.join(common.SAMPLES, "digits", "7-plain.png")

    to_null, to_file = "zcat mnist.pkl.gz > /dev/null", "zcat mnist.pkl.gz > FILE"
    converting, reading = "mnist-convert mnist.pkl.gz -o FILE", "cnn-infer 7-plain.png"
    results = alternating(
        {
            to_null: (["zcat", archive], os.devnull),
            converting: ([convert, archive, "-o", output], os.devnull),
            to_file: (["zcat", archive], unpacked),
        },
        options.runs,
        [output, unpacked],
    )
    bare = {
        reading: ([infer, "--model", model, digit], os.devnull),
        "cnn-infer --version": ([infer, "--version"], os.devnull),
        "true": (["true"], os.devnull),
    }
    results.update(alternating(bare, 10 * options.runs, []))

    print(f"{'command':36} {'median ms':>10} {'best ms':>9} {'peak MB':>9}")
    for name, (median, best, peak) in results.items():
        print(f"{name:36} {1e3 * median:10.1f} {1e3 * best:9.1f} {peak:9.1f}")
    report = common.Report()
    factor = results[converting][0] / results[to_null][0]
    report.check(factor <= ZCAT_FACTOR, f"converting takes {factor:.2f} times zcat > /dev/null, at most {ZCAT_FACTOR}")
    peak = results[converting][2]
    report.check(peak < PEAK_MEGABYTES, f"converting peaks at {peak:.0f} MB, below {PEAK_MEGABYTES}")
    milliseconds = 1e3 * results[reading][0]
    report.check(
        milliseconds <= PNG_MILLISECONDS, f"one PNG takes {milliseconds:.1f} ms, at most {PNG_MILLISECONDS}"
    )
    sys.exit(1 if options.gate and report.failed else 0)


if __name__ == "__main__":
    main()
