"""What the benchmarks share: building, finding data, saying what machine this is, tables. Standard library only."""

import datetime
import os
import platform
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RUNS = os.path.join(ROOT, "Benchmarks", "runs")
SHARED = os.path.join(os.path.dirname(ROOT), "shared")
USAGE, NO_INPUT = 64, 66


def fail(message, status=1):
    """End the script with a message."""
    print(f"{os.path.basename(sys.argv[0])}: {message}", file=sys.stderr)
    sys.exit(status)


def note(message):
    """Say what is going on, without disturbing the result."""
    print(message, file=sys.stderr, flush=True)


def build():
    """Build everything in release, without debug checks; where the tools are."""
    note("building (the first time takes a minute or two) ...")
    command = ["swift", "build", "-c", "release", "--package-path", ROOT]
    if sys.platform != "darwin":
        # As scripts/install builds them.
        static = subprocess.run([os.path.join(ROOT, "scripts", "static-flags")], stdout=subprocess.PIPE, text=True, check=True)
        command += [*static.stdout.split(), "--scratch-path", os.path.join(ROOT, ".build-benchmark")]
    try:
        built = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError:
        fail("there is no swift; install it, or name a folder of built tools with --tools", 69)
    if built.returncode:
        fail("the build failed:\n" + built.stdout)
    return subprocess.run([*command, "--show-bin-path"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def tool(folder, name):
    """A tool's path in a folder of built ones."""
    path = os.path.join(os.path.abspath(folder), name)
    if not os.access(path, os.X_OK):
        fail(f"there is no {name} in {folder}", NO_INPUT)
    return path


def data_files(folder, what, option):
    """The IDX files of a data set's folder: training pictures and labels, test pictures and labels."""
    if not os.path.isdir(folder):
        fail(f"there is no {folder}; say with {option} FOLDER where the IDX files of {what} are", NO_INPUT)
    files = sorted(os.listdir(folder))
    found = []
    for split in ("train", "(?:t10k|test)"):
        for part in ("images-idx3", "labels-idx1"):
            fitting = [name for name in files if re.fullmatch(rf"{split}-{part}-ubyte(\.gz)?", name)]
            if not fitting:
                fail(f"{folder} has no IDX file {split}-{part}-ubyte of {what} ({option})", NO_INPUT)
            found.append(os.path.join(folder, fitting[0]))
    return found


def processor():
    """The processor's name and how many of it this process may use."""
    name = platform.processor() or platform.machine()
    family = ""
    try:
        with open("/proc/cpuinfo") as file:
            fields = dict(re.findall(r"^([^\t\n]+?)\s*: (.*)$", file.read(), re.MULTILINE))
        name = fields.get("model name", name)
        if "cpu family" in fields:
            family = f" (family {fields['cpu family']}, model {fields.get('model', '?')})"
    except OSError:
        if sys.platform == "darwin":
            command = ["sysctl", "-n", "machdep.cpu.brand_string"]
            name = subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout.strip() or name
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return name, family, count


def machine():
    """One line about the machine."""
    name, family, count = processor()
    release = ".".join(platform.release().split("-")[0].split(".")[:2])
    return f"{count} x {name}{family}, {platform.system()} {release}"


def machine_slug():
    """A short name of the machine for file names."""
    name, _, count = processor()
    return re.sub(r"[^a-z0-9]+", "-", f"{name} x{count}".lower()).strip("-")


def commit():
    """The commit that was measured, and whether there were changes on top of it."""
    def git(*arguments):
        return subprocess.run(
            ["git", "-C", ROOT, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ).stdout.strip()

    return (git("rev-parse", "--short=12", "HEAD") or "unknown") + (
        " with changes" if git("status", "--porcelain", "--untracked-files=no") else ""
    )


def swift_version():
    """The compiler's version."""
    try:
        result = subprocess.run(["swift", "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    except FileNotFoundError:
        return "none"
    found = re.search(r"Swift version (\S+)", result.stdout)
    return found.group(1) if found else "unknown"


def today():
    """The date, for file names."""
    return datetime.date.today().isoformat()


def table(head, rows):
    """A Markdown table."""
    def line(cells):
        return "| " + " | ".join(str(cell) for cell in cells) + " |"

    return "\n".join([line(head), line("---" for _ in head), *map(line, rows)])


def save(name, text):
    """Write, or add to, a file in Benchmarks/runs."""
    os.makedirs(RUNS, exist_ok=True)
    path = os.path.join(RUNS, name)
    is_new = not os.path.exists(path)
    with open(path, "a") as file:
        file.write(text if is_new else "\n" + text)
    note(f"{'wrote' if is_new else 'added to'} {os.path.relpath(path, ROOT)}")
