"""The tools against damaged files, kills, odd outputs and wrong usage.

Usage: check_robustness.py BIN_DIR [--flips N] [--kills N] [--jobs N] [--seed N]
"""

import concurrent.futures
import os
import pickle
import random
import signal
import stat
import struct
import subprocess
import threading
import time

import numpy as np

import common

USAGE, BAD_DATA, NO_INPUT, CANNOT_CREATE, IO_ERROR = 64, 65, 66, 73, 74
PICKLE = os.path.join(common.SAMPLES, "simple_convnet_params.pkl")
IDX_PAIR = [os.path.join(common.SAMPLES, f"t10k-sample-{part}-ubyte.gz") for part in ("images-idx3", "labels-idx1")]
PNG = os.path.join(common.SAMPLES, "digits", "0-plain.png")


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)
    return path


def status(command, **options):
    """(exit status, standard output, standard error)."""
    result = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, **options
    )
    return result.returncode, result.stdout, result.stderr.decode(errors="replace")


def small_pickle(path):
    """The sample network with two hidden units, so that a model file is about 40 kB."""
    parameters = common.read_pickles(PICKLE)[0]
    hidden = {"W2": parameters["W2"][:, :2], "b2": parameters["b2"][:2], "W3": parameters["W3"][:2]}
    return write(path, pickle.dumps({**parameters, **hidden}, protocol=4))


def large_pickle(path):
    """A data set of 60,000 pictures of noise, large enough that writing it takes a while."""
    noise = np.random.Generator(np.random.PCG64(60)).integers(0, 256, (60000, 784), np.uint8)
    labels = (np.arange(60000) % 10).astype(np.uint8)
    dataset = {
        "train_img": noise,
        "train_label": labels,
        "test_img": noise[:10000],
        "test_label": labels[:10000],
    }
    return write(path, pickle.dumps(dataset, protocol=4))


def check_same_bytes(report, convert, folder):
    """Two conversions, under two names and with one thread too, and standard output: always the same bytes."""
    first, second, piped = (os.path.join(folder, name) for name in ("first.safetensors", "b.safetensors", "piped"))
    common.run([convert, PICKLE, "-o", first])
    common.run([convert, PICKLE, "-o", second], cwd=folder, env={**os.environ, "TZ": "Asia/Tokyo", "LANG": "C"})
    report.check(read(first) == read(second), "two conversions of a weight pickle give the same bytes")
    write(piped, common.run([convert, PICKLE, "-o", "-"]).stdout)
    report.check(read(first) == read(piped), "-o - gives the same bytes")

    common.run([convert, *IDX_PAIR, "-o", os.path.join(folder, "data1.safetensors")])
    common.run([convert, *IDX_PAIR[::-1], "-o", os.path.join(folder, "data2.safetensors")])
    pair = [read(os.path.join(folder, f"data{number}.safetensors")) for number in (1, 2)]
    tensors = [data[8 + struct.unpack_from("<Q", data)[0] :] for data in pair]
    report.check(tensors[0] == tensors[1], "images and labels may come in either order: the same tensors")


def check_odd_outputs(report, convert, folder):
    """Outputs that are no regular files are written to, never replaced."""
    reference = common.run([convert, PICKLE, "-o", "-"]).stdout

    fifo = os.path.join(folder, "fifo")
    os.mkfifo(fifo)
    received = []

    def drain():
        with open(fifo, "rb") as file:
            received.append(file.read())

    reader = threading.Thread(target=drain, daemon=True)
    reader.start()
    code, _, message = status([convert, PICKLE, "-o", fifo])
    if reader.is_alive():
        reader.join(5)
    kept = stat.S_ISFIFO(os.lstat(fifo).st_mode)
    report.check(code == 0 and kept and received == [reference], f"-o FIFO stays a FIFO, exit {code} {message.strip()}")
    if not kept:
        report.check(False, "-o /dev/null not tried, since the FIFO was replaced")
        return

    code, _, message = status([convert, PICKLE, "-o", "/dev/null"])
    kept = stat.S_ISCHR(os.lstat("/dev/null").st_mode)
    report.check(code == 0 and kept, f"-o /dev/null stays a device, exit {code} {message.strip()}")
    code, out, message = status([convert, PICKLE, "-o", "/dev/stdout"])
    report.check(code == 0 and out == reference, f"-o /dev/stdout gives the same bytes, exit {code} {message.strip()}")
    if os.path.exists("/dev/full"):
        code, _, message = status([convert, PICKLE, "-o", "/dev/full"])
        report.check(code == IO_ERROR, f"-o /dev/full: exit {code}, expected {IO_ERROR}")

    target, link = os.path.join(folder, "target.safetensors"), os.path.join(folder, "link.safetensors")
    write(target, b"old")
    os.symlink("target.safetensors", link)
    code, _, message = status([convert, PICKLE, "-o", link, "--force"])
    report.check(
        code == 0 and os.path.islink(link) and read(target) == reference,
        f"a symbolic link is followed, exit {code} {message.strip()}",
    )


def check_overwriting(report, convert, folder):
    """Nothing is overwritten without --force; failures leave the old file."""
    reference = common.run([convert, PICKLE, "-o", "-"]).stdout
    output = write(os.path.join(folder, "existing.safetensors"), b"precious")
    code, _, message = status([convert, PICKLE, "-o", output])
    report.check(
        code == CANNOT_CREATE and read(output) == b"precious",
        f"an existing output is kept without --force: exit {code}, expected {CANNOT_CREATE}",
    )
    report.check("--force" in message, f"the message names --force: {message.strip()!r}")

    damaged = write(os.path.join(folder, "cut.pkl"), read(PICKLE)[:-100000])
    code, _, message = status([convert, damaged, "-o", output, "--force"])
    report.check(code == BAD_DATA and read(output) == b"precious", f"a failed conversion keeps the old file: exit {code}")
    new = os.path.join(folder, "new.safetensors")
    before = set(os.listdir(folder))
    code, _, _ = status([convert, damaged, "-o", new])
    report.check(code == BAD_DATA and set(os.listdir(folder)) == before, f"and leaves no new one: exit {code}")

    code, _, _ = status([convert, PICKLE, "-o", output, "--force"])
    report.check(code == 0 and read(output) == reference, f"--force replaces it: exit {code}")


class PosixCall:
    """Pickles as a call of os.system."""

    def __reduce__(self):
        return os.system, ("echo this must never be printed",)


def check_statuses(report, bin_dir, folder):
    """The exit status of each kind of failure, one line of explanation on stderr, nothing on stdout."""
    tools = ["mnist-convert", "cnn-infer", "cnn-inspect", "cnn-export-filters"]
    paths = {name: common.tool_path(bin_dir, name) for name in tools}
    convert, infer, inspect = (paths[name] for name in tools[:3])
    model = os.path.join(folder, "status-model.safetensors")
    common.run([convert, PICKLE, "-o", model])
    out = os.path.join(folder, "never.safetensors")
    missing = os.path.join(folder, "missing.pkl")
    garbage = write(os.path.join(folder, "garbage"), b"\x07 these bytes are nothing that is known\n" * 3)
    empty = write(os.path.join(folder, "empty.pkl"), b"")
    hostile = write(os.path.join(folder, "hostile.pkl"), pickle.dumps({"W1": PosixCall()}, protocol=2))
    bad_png = write(os.path.join(folder, "bad.png"), read(PNG)[:-30])
    odd = write(os.path.join(folder, "odd.pkl"), pickle.dumps({"W1": np.zeros((3, 1, 4, 4), np.float32)}, protocol=4))
    images = common.read_idx(IDX_PAIR[0])
    fewer = [os.path.join(folder, f"fewer-{part}-ubyte") for part in ("images-idx3", "labels-idx1")]
    common.write_idx(fewer[0], images[:10])
    common.write_idx(fewer[1], np.zeros(9, np.uint8))
    below_a_file = os.path.join(garbage, "out.safetensors")
    nowhere = os.path.join(folder, "no", "such", "folder", "out.safetensors")

    cases = [
        ("no arguments", [convert], [USAGE]),
        ("an unknown option", [convert, PICKLE, "-o", out, "--no-such-option"], [USAGE]),
        ("no output", [convert, PICKLE], [USAGE]),
        ("an option's bad value", [infer, "--model", model, "--top-k", "many", PNG], [USAGE]),
        ("unknown bytes", [convert, garbage, "-o", out], [BAD_DATA]),
        ("an empty file", [convert, empty, "-o", out], [BAD_DATA]),
        ("a pickle that calls posix.system", [convert, hostile, "-o", out], [BAD_DATA]),
        ("an unrecognised architecture", [convert, odd, "-o", out], [BAD_DATA]),
        ("fewer labels than images", [convert, *fewer, "-o", out], [BAD_DATA]),
        ("a missing input", [convert, missing, "-o", out], [NO_INPUT]),
        ("a missing model", [infer, "--model", missing, PNG], [NO_INPUT]),
        ("a missing file to inspect", [inspect, missing], [NO_INPUT]),
        ("a folder as input", [convert, folder, "-o", out], [BAD_DATA, NO_INPUT]),
        ("a model that is none", [infer, "--model", garbage, PNG], [BAD_DATA]),
        ("an output below a file", [convert, PICKLE, "-o", below_a_file], [CANNOT_CREATE]),
        ("an output in a missing folder", [convert, PICKLE, "-o", nowhere], [CANNOT_CREATE]),
        ("filters of a missing model", [paths["cnn-export-filters"], missing, "-o", out + ".png"], [NO_INPUT]),
    ]
    for what, command, expected in cases:
        code, stdout, message = status(command)
        wanted = " or ".join(map(str, expected))
        report.check(
            code in expected and message.strip() and not stdout and not os.path.exists(out),
            f"{what}: exit {code}, expected {wanted}: {message.strip().splitlines()[0] if message.strip() else 'no message'}",
        )

    code, stdout, message = status([infer, "--model", model, PNG, bad_png, PNG])
    lines = stdout.decode().splitlines()
    report.check(
        code == 1 and len(lines) == 2 and len(message.strip().splitlines()) == 1,
        f"one bad picture of three: exit {code}, {len(lines)} lines of results, {message.strip()!r}",
    )
    for name in tools:
        for flag in ("--help", "--version"):
            code, stdout, message = status([paths[name], flag])
            report.check(code == 0 and stdout and not message, f"{name} {flag}: exit {code}, on standard output")
    many = [os.path.join(folder, f"many-{part}-ubyte") for part in ("images-idx3", "labels-idx1")]
    common.write_idx(many[0], np.tile(images, (10, 1, 1)))
    common.write_idx(many[1], np.zeros(10 * len(images), np.uint8))
    command = [infer, "--model", model, "--logits", *many]  # far more than a pipe holds
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.readline()
    process.stdout.close()
    message = process.stderr.read().decode(errors="replace")
    code = process.wait()
    report.check(not message and code in (0, -signal.SIGPIPE), f"a closed pipe ends quietly: exit {code} {message.strip()!r}")


def check_flips(report, bin_dir, folder, options):
    """One bit changed anywhere: `cnn-inspect --verify` refuses. Half of the changes fall into the header."""
    inspect = common.tool_path(bin_dir, "cnn-inspect")
    original_path = os.path.join(folder, "small.safetensors")
    common.run([common.tool_path(bin_dir, "mnist-convert"), small_pickle(original_path + ".pkl"), "-o", original_path])
    common.run([inspect, "--verify", original_path])
    original = read(original_path)
    header_bits = 8 * (8 + struct.unpack_from("<Q", original)[0])
    all_bits = 8 * len(original)

    def job(number):
        """The changes of one job that were not refused with exit status 65 and a message."""
        choice = random.Random(f"{options.seed} {number}")
        path = write(os.path.join(folder, f"flipped-{number}.safetensors"), original)
        accepted = []
        with open(path, "r+b", buffering=0) as file:
            for index in range(number, options.flips, options.jobs):
                bit = choice.randrange(header_bits if index % 2 else all_bits)
                byte = bit // 8
                os.pwrite(file.fileno(), bytes([original[byte] ^ 1 << bit % 8]), byte)
                code, _, message = status([inspect, "--verify", path])
                os.pwrite(file.fileno(), original[byte : byte + 1], byte)
                if code != BAD_DATA or not message.strip():
                    accepted.append((byte, bit % 8, code))
        unchanged = read(path) == original and status([inspect, "--verify", path])[0] == 0
        return accepted, unchanged

    started = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(job, range(options.jobs)))
    accepted = [flip for part, _ in results for flip in part]
    seconds = time.perf_counter() - started
    report.check(
        not accepted and all(unchanged for _, unchanged in results),
        f"{options.flips - len(accepted)} of {options.flips} single-bit changes of {len(original)} bytes refused"
        f" (seed {options.seed}, {seconds:.0f} s){'; (byte, bit, exit) ' + str(accepted[:5]) if accepted else ''}",
    )

    accepted = []
    choice = random.Random(f"{options.seed} cuts")
    path = os.path.join(folder, "cut.safetensors")
    for length in [0, 1, 7, 8, 9, len(original) - 1, *(choice.randrange(len(original)) for _ in range(50))]:
        code, _, _ = status([inspect, "--verify", write(path, original[:length])])
        if code != BAD_DATA:
            accepted.append((length, code))
    report.check(not accepted, f"cut anywhere, it is refused{': ' + str(accepted[:5]) if accepted else ''}")
    code, _, _ = status([inspect, "--verify", write(path, original + b"\0")])
    report.check(code == BAD_DATA, f"with a byte after the end, it is refused: exit {code}")


def check_kills(report, convert, folder, options):
    """SIGKILL at random moments: no output or all of it, and the old file or the new one."""
    source = large_pickle(os.path.join(folder, "large.pkl"))
    work = os.path.join(folder, "kills")
    os.mkdir(work)
    output = os.path.join(work, "out.safetensors")
    started = time.perf_counter()
    common.run([convert, source, "-o", output])
    duration = time.perf_counter() - started
    complete = read(output)
    old = b"the old file"
    choice = random.Random(f"{options.seed} kills")
    outcomes = {"nothing": 0, "old": 0, "complete": 0, "partial": 0}
    killed = while_writing = leftovers = 0

    for index in range(options.kills):
        for name in os.listdir(work):
            os.remove(os.path.join(work, name))
        force = index % 2 == 1
        if force:
            write(output, old)
        process = subprocess.Popen(
            [convert, source, "-o", output, *(["--force"] if force else [])],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if index % 4 < 2:  # any moment of the run
            time.sleep(choice.uniform(0, duration))
        else:  # soon after a temporary file has appeared
            count = len(os.listdir(work))
            while process.poll() is None and len(os.listdir(work)) == count:
                pass
            time.sleep(choice.uniform(0, 0.1 * duration))
        process.kill()
        killed += process.wait() == -signal.SIGKILL
        names = set(os.listdir(work)) - {"out.safetensors"}
        leftovers += len(names)
        while_writing += bool(names)
        found = read(output) if os.path.exists(output) else None
        if found is None and not force:
            outcomes["nothing"] += 1
        elif found == complete:
            outcomes["complete"] += 1
        elif found == old and force:
            outcomes["old"] += 1
        else:
            outcomes["partial"] += 1
    for name in os.listdir(work):
        os.remove(os.path.join(work, name))
    os.remove(source)
    report.check(
        outcomes["partial"] == 0 and killed > 0,
        f"{options.kills} kills within {duration:.2f} s ({killed} before the end, {while_writing} with a temporary"
        f" file half written, {leftovers} such left behind): "
        + ", ".join(f"{count} {what}" for what, count in outcomes.items()),
    )


def main():
    parser = common.parser(__doc__, shared=False)
    parser.add_argument("--flips", type=int, default=10000, help="single-bit changes to try (10000)")
    parser.add_argument("--kills", type=int, default=20, help="times that the writer is killed (20)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="changes tried at a time (one a core)")
    parser.add_argument("--seed", type=int, default=20, help="of the random choices (20)")
    options = parser.parse_args()
    if options.jobs < 1 or options.flips < 1 or options.kills < 1:
        parser.error("--flips, --kills and --jobs are at least 1")
    report = common.Report()
    folder = common.temporary_folder()
    convert = common.tool_path(options.bin_dir, "mnist-convert")
    check_same_bytes(report, convert, folder)
    check_odd_outputs(report, convert, folder)
    check_overwriting(report, convert, folder)
    check_statuses(report, options.bin_dir, folder)
    check_kills(report, convert, folder, options)
    check_flips(report, options.bin_dir, folder, options)
    report.finish()


if __name__ == "__main__":
    main()
