"""Training on the real digits: the same bytes for any number of threads, and however often it was killed.

Usage: check_training.py BIN_DIR [SHARED_DIR] [--examples N] [--steps N] [--kills N] [--seed N] [--only NAME]

Each of three networks is trained with 1, 2 and 3 threads, and once more with kills at random moments: SIGKILL, SIGTERM
and SIGINT in turns, the training being gone on with after each of them. All model files must be equal to the last byte.
"""

import os
import random
import signal
import subprocess
import time

import common

# (name, options): every network with something that a careless resume would lose.
RUNS = [
    ("lenet", ["--optimizer", "momentum", "--lr", "0.01", "--schedule", "cosine", "--average", "0.99"]),
    ("deep-convnet", ["--augment", "digits", "--weight-decay", "0.0001", "--validation", "0.1", "--patience", "3"]),
    ("mlp:100:bn", ["--schedule", "plateau", "--validation", "0.1", "--average", "0.99", "--loss", "cross-entropy:0.1"]),
]
STATUSES = {signal.SIGKILL: -signal.SIGKILL, signal.SIGTERM: 143, signal.SIGINT: 130}


def read(path):
    """A file's bytes."""
    with open(path, "rb") as file:
        return file.read()


def interrupted(command, folder, inspect, model, options, seconds, dice):
    """Trains with kills at random moments until that many have hit. Gives (hits, resumes, whether all was in order).

    In order means: the status that the signal calls for, nothing left but a checkpoint, and that one whole.
    """
    path, checkpoint = (os.path.join(folder, f"model{part}.safetensors") for part in ("", ".checkpoint"))
    hits, resumes, sound = 0, 0, True
    for _ in range(5 * options.kills):
        if hits == options.kills:
            break
        resume = ["--resume"] if os.path.exists(checkpoint) else []
        chosen = dice.choice(list(STATUSES))
        # A quarter of a training at most: some come before the first checkpoint, most between two.
        moment = dice.uniform(0.02, 0.25) * seconds
        process = subprocess.Popen(
            [*command, *resume, "--threads", str(dice.randint(1, 3))],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            process.wait(timeout=moment)
        except subprocess.TimeoutExpired:
            process.send_signal(chosen)
        error = process.communicate()[1].decode(errors="replace").strip()
        if os.path.exists(path):
            # The training was over before the signal, or too far on to stop: begin anew.
            if read(path) != model:
                print(f"  finished with other bytes after {hits} kills")
                return hits, resumes, False
            for name in os.listdir(folder):
                os.remove(os.path.join(folder, name))
            continue
        hits += 1
        resumes += len(resume)
        left = os.listdir(folder)
        whole = left == []
        if left == [os.path.basename(checkpoint)]:
            whole = subprocess.run([inspect, "--verify", "-q", checkpoint]).returncode == 0
        said = error.splitlines()[-1] if error else "nothing"
        print(f"  {chosen.name} after {moment:.2f} s: status {process.returncode}, {left or 'nothing'} left, said: {said}")
        sound &= whole and process.returncode == STATUSES[chosen] and len(error.splitlines()) <= 1
    return hits, resumes, sound


def main():
    arguments = common.parser(__doc__)
    arguments.add_argument("--examples", type=int, default=6400, help="training digits (6400)")
    arguments.add_argument("--steps", type=int, default=300, help="steps of 128 digits (300)")
    arguments.add_argument("--kills", type=int, default=10, help="kills of each training (10)")
    arguments.add_argument("--seed", type=int, help="of the moments (a new one, which is printed)")
    arguments.add_argument("--only", help="this network alone")
    options = arguments.parse_args()
    seed = options.seed if options.seed is not None else random.randrange(1 << 32)
    print(f"seed {seed}")
    report = common.Report()
    dice = random.Random(seed)
    train, inspect = (common.tool_path(options.bin_dir, f"cnn-{name}") for name in ("train", "inspect"))
    data = [
        common.data_path(options.shared_dir, f"mnist/{split}-{part}-ubyte.gz")
        for split in ("train", "t10k") for part in ("images-idx3", "labels-idx1")
    ]
    # Reading the digits once instead of at every start leaves more of the time to training.
    dataset = os.path.join(common.temporary_folder(), "digits.safetensors")
    common.convert(options.bin_dir, data, dataset)

    for name, more in RUNS:
        if options.only not in (None, name):
            continue
        folder = common.temporary_folder()
        path = os.path.join(folder, "model.safetensors")
        command = [
            train, dataset, "-o", path, "--architecture", name, "--steps", str(options.steps), "--limit-train",
            str(options.examples), "--limit-test", "1000", "--seed", "7", "-q", *more,
        ]
        models, seconds = [], []
        for threads in (1, 2, 3):
            start = time.monotonic()
            common.run(command + ["--threads", str(threads)])
            seconds.append(time.monotonic() - start)
            models.append(read(path))
            os.remove(path)
        report.check(
            models[0] == models[1] == models[2],
            f"{name}: the same {len(models[0])} bytes with 1, 2 and 3 threads, {options.steps} steps in"
            f" {', '.join(f'{s:.1f}' for s in seconds)} s",
        )
        report.check(not os.listdir(folder), f"{name}: nothing but the model was left")

        hits, resumes, sound = interrupted(command, folder, inspect, models[0], options, min(seconds), dice)
        report.check(hits == options.kills and resumes > 0 and sound,
                     f"{name}: killed {hits} times and gone on with {resumes} times, each time from a whole checkpoint")
        resume = ["--resume"] if os.listdir(folder) else []
        common.run(command + resume)
        report.check(read(path) == models[0], f"{name}: in the end the bytes of the training that nobody stopped")
        report.check(os.listdir(folder) == ["model.safetensors"], f"{name}: no checkpoint stays")
    report.finish()


if __name__ == "__main__":
    main()
