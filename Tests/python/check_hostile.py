"""Both tools over the whole hostile corpus: exit status, sentence, nothing left behind, time and memory.

Usage: check_hostile.py BIN_DIR [--jobs N] [--no-memory] [--large MEGABYTES] [--under COMMAND]

The corpus is the committed one (Tests/ToolTests/Fixtures). Each tool gets each file in a folder of its own. Peak memory is
that of the process, as the kernel has it; at most 50 MB and 128 bytes for each byte of the file, decompressed where it
is compressed, are allowed. `--large` instead makes pickles and JSON files of that many megabytes, of the smallest objects
there are, and gives them to cnn-inspect. `--under` puts a command in front, as valgrind; `--no-memory` is for builds with
sanitizers, which need far more. Only Python's standard library is needed.
"""

import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import threading
import urllib.parse
import zlib

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FIXTURES = os.path.join(ROOT, "Tests", "ToolTests", "Fixtures")
FLOOR = 50 << 20
# Bytes of memory for each byte of a file.
ALLOWANCE = 128
# A hang is told by this.
LONGEST = 120


def load():
    """(name, fields of the table, bytes) of all cases."""
    with tarfile.open(os.path.join(FIXTURES, "hostile.tar.gz"), encoding="utf-8") as archive:
        files = {entry.name: archive.extractfile(entry).read() for entry in archive}
    with open(os.path.join(FIXTURES, "hostile.tsv"), encoding="utf-8") as table:
        rows = [line.rstrip("\n").split("\t") for line in table][1:]
    return [(name, row, files[name]) for row in rows for name in [urllib.parse.unquote(row[0])]]


def expanded(data):
    """How many bytes the file has, decompressed if it is a gzip file."""
    if data[:2] != b"\x1f\x8b":
        return len(data)
    try:
        return len(data) + len(zlib.decompressobj(31).decompress(data))
    except zlib.error:
        return len(data)


# The kernel's peak of a process counts what it was before it became the tool, so a small process starts the tools.
LAUNCHER = """
import json, os, signal, sys, time
for line in sys.stdin:
    command, errors, longest = json.loads(line)
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 2)
            signal.alarm(longest)
            os.execvp(command[0], [os.fsencode(word) for word in command])
        finally:
            os._exit(127)
    _, status, usage = os.wait4(child, 0)
    answer = [os.waitstatus_to_exitcode(status), time.monotonic() - start, usage.ru_maxrss]
    print(json.dumps(answer), flush=True)
"""
launchers = threading.local()


def run(command, folder):
    """(exit status or minus the signal, standard error, seconds, peak memory in bytes)."""
    if not hasattr(launchers, "process"):
        launchers.process = subprocess.Popen(
            [sys.executable, "-S", "-E", "-c", LAUNCHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
    errors = os.path.join(folder, "errors")
    words = [os.fsdecode(word) for word in command]
    launchers.process.stdin.write(json.dumps([words, errors, LONGEST]).encode() + b"\n")
    launchers.process.stdin.flush()
    code, seconds, kilobytes = json.loads(launchers.process.stdout.readline())
    with open(errors, "rb") as file:
        text = file.read().decode("utf-8", "replace")
    os.remove(errors)
    return code, text, seconds, kilobytes << 10


def check(case, options):
    """The problems of a case, and (peak memory, seconds, tool, name) of both tools."""
    name, row, data = case
    problems, figures = [], []
    with tempfile.TemporaryDirectory(prefix="cnn-hostile-") as folder:
        inside = os.path.join(folder, "files")
        os.mkdir(inside)
        path = os.path.join(os.fsencode(inside), name.encode())
        with open(path, "wb") as file:
            file.write(data)
        for tool, extra, status, sentence in [
            ("cnn-inspect", [], int(row[2]), row[4]),
            ("mnist-convert", ["-o", os.path.join(inside, "output.safetensors")], int(row[3]), row[5]),
        ]:
            command = [*options.under.split(), os.path.join(options.bin_dir, tool), path, *extra]
            code, text, seconds, memory = run(command, folder)
            figures.append((memory, seconds, tool, row[0]))
            if code != status:
                problems.append(f"{tool} ends with {code} instead of {status}: {text.strip()[:2000]}")
            elif sentence not in ("-", "*") and sentence not in text:
                problems.append(f"{tool} says {text.strip()[:500]}, and not: {sentence}")
            if not options.no_memory and memory > FLOOR + ALLOWANCE * expanded(data):
                problems.append(f"{tool} takes {memory >> 20} MB for {expanded(data)} bytes")
            left = os.listdir(os.fsencode(inside))
            if left != [name.encode()]:
                problems.append(f"{tool} leaves {left}")
                break
    return [f"{row[0]} ({row[6]}): {problem}" for problem in problems], figures


def large_files(megabytes):
    """(name, pieces) of files of small objects; pieces are written one behind the other."""
    block = 1 << 20

    def repeated(start, piece, end, size=megabytes << 20):
        count = (size - len(start) - len(end)) // len(piece)
        per_block = block // len(piece)
        yield start
        for _ in range(count // per_block):
            yield piece * per_block
        yield piece * (count % per_block) + end

    start = b"\x80\x04"
    # More JSON than this is refused unread.
    json_size = min(megabytes, 63) << 20
    yield "none.pkl", repeated(start + b"(", b"N", b"l.")
    yield "numbers.pkl", repeated(start + b"(", b"K\x07", b"l.")
    yield "floats.pkl", repeated(start + b"(", b"G@\t!\xfbTD-\x18", b"l.")
    yield "lists.pkl", repeated(start + b"(", b"]", b"l.")
    yield "texts.pkl", repeated(start + b"(", b"\x8c\x0ctwelve bytes", b"l.")
    yield "tuples.pkl", repeated(start + b")", b"\x85", b".")
    yield "marks.pkl", repeated(start, b"(", b"")
    yield "memo.pkl", repeated(start + b"N", b"\x94", b".")
    yield "duplicates.pkl", repeated(start + b"(N", b"2", b"l.")
    yield "empty-tuples.pkl", repeated(start + b"(", b")", b"t.")
    yield "appended.pkl", repeated(start + b"]", b"Na", b".")
    yield "pickles.pkl", repeated(b"", b"\x80\x02N.", b"")
    yield "numbers.json", repeated(b'{"sizes":[1', b",1", b"]}", json_size)
    yield "lists.json", repeated(b'{"sizes":[[]', b",[]", b"]}", json_size)
    yield "texts.json", repeated(b'{"sizes":[""', b',""', b"]}", json_size)
    yield "objects.json", repeated(b'{"sizes":[{}', b",{}", b"]}", json_size)
    yield "members.json", repeated(b'{"sizes":[{"":1}', b',{"":1}', b"]}", json_size)


def check_large(options):
    """Problems with large files of small objects; prints the memory of each."""
    problems = []
    with tempfile.TemporaryDirectory(prefix="cnn-hostile-") as folder:
        for name, pieces in large_files(options.large):
            path = os.path.join(folder, name)
            with open(path, "wb") as file:
                file.writelines(pieces)
            size = os.path.getsize(path)
            code, text, seconds, memory = run([os.path.join(options.bin_dir, "cnn-inspect"), path], folder)
            os.remove(path)
            said = text.strip().split(": ", 2)[-1][:100]
            print(f"{name:18} {size >> 20:4} MB: {memory >> 20:5} MB, {memory / size:6.1f} a byte, {seconds:5.1f} s: {said or 'read'}", flush=True)
            if memory > FLOOR + ALLOWANCE * size or code not in (0, 65):
                problems.append(f"{name}: {memory >> 20} MB for {size >> 20}, exit status {code}")
                print(f"FAILED  {problems[-1]}")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("bin_dir", metavar="BIN_DIR", help="folder of the built tools, as .build/release")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="files at a time (one a core)")
    parser.add_argument("--no-memory", action="store_true", help="don't check peak memory")
    parser.add_argument("--large", type=int, metavar="MEGABYTES", help="large files of small objects instead")
    parser.add_argument("--under", default="", metavar="COMMAND", help="a command to put in front of the tools")
    options = parser.parse_args()
    for tool in ["cnn-inspect"] if options.large else ["cnn-inspect", "mnist-convert"]:
        if not os.access(os.path.join(options.bin_dir, tool), os.X_OK):
            parser.error(f"no {tool} in {options.bin_dir}")
    if options.large:
        sys.exit(1 if check_large(options) else 0)
    cases = load()
    problems, figures = [], []
    with concurrent.futures.ThreadPoolExecutor(max(1, options.jobs)) as pool:
        for found, measured in pool.map(lambda case: check(case, options), cases):
            problems += found
            figures += measured
            for problem in found:
                print(f"FAILED  {problem}", flush=True)
    print(f"{len(cases)} files, both tools: {len(problems)} problems")
    slowest = sorted(figures, key=lambda figure: -figure[1])[:3]
    print("the slowest:", ", ".join(f"{name} {seconds:.2f} s" for _, seconds, _, name in slowest))
    if not options.no_memory:
        print("the most memory:")
        for memory, _, tool, name in sorted(figures, reverse=True)[:10]:
            print(f"  {memory / (1 << 20):6.1f} MB  {tool} {name}")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
