#!/usr/bin/env python3
"""Evaluates a model on what make_reallife.py and make_lines.py made, and prints a table in Markdown.

    evaluate.py CNN_INFER FOLDER [--lines FOLDER] [--model MODEL] [-- more options for cnn-infer]
"""

import argparse
import pathlib
import re
import subprocess


def accuracy(command, folder):
    result = subprocess.run([*command, "--evaluate", str(folder)], capture_output=True, text=True)
    match = re.match(r"accuracy \S+ \((\d+)/(\d+)\)", result.stdout)
    if not match:
        raise SystemExit(f"{folder}: {result.stderr}")
    return int(match[1]), sum(1 for _ in folder.rglob("*.png"))


def read_lines(command, folder):
    """How many lines are read without error, by how far apart the digits stand."""
    truth = dict(line.split("\t") for line in (folder / "truth.tsv").read_text().splitlines())
    result = subprocess.run(
        [*command, "--digits", *(str(folder / name) for name in truth)], capture_output=True, text=True)
    found = {}
    for line in result.stdout.splitlines():
        path, number, *_ = line.split("\t")
        found[pathlib.Path(path).name] = number
    return sum(found.get(name) == number for name, number in truth.items()), len(truth)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cnn_infer")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--model")
    parser.add_argument("--lines", type=pathlib.Path)
    parser.add_argument("--kinds", nargs="+")
    parser.add_argument("options", nargs="*")
    arguments = parser.parse_args()
    command = [arguments.cnn_infer, *(["--model", arguments.model] if arguments.model else []), *arguments.options]
    kinds = sorted((path for path in arguments.folder.iterdir() if path.is_dir() and (not arguments.kinds or path.name in arguments.kinds)), key=lambda path: path.name != "clean")
    print("| kind | right | of | accuracy | to clean |\n| --- | --- | --- | --- | --- |")
    clean = None
    for kind in kinds:
        right, count = accuracy(command, kind)
        share = 100 * right / count
        clean = share if clean is None else clean
        print(f"| {kind.name} | {right} | {count} | {share:.1f} % | {share - clean:+.1f} |", flush=True)
    if arguments.lines:
        print("\n| lines | right | of | share |\n| --- | --- | --- | --- |")
        for spacing in sorted(path for path in arguments.lines.iterdir() if path.is_dir()):
            right, count = read_lines(command, spacing)
            print(f"| {spacing.name} | {right} | {count} | {100 * right / count:.1f} % |", flush=True)


if __name__ == "__main__":
    main()
