"""Goldens for optimisers, schedules and losses from PyTorch: Tests/CNNEngineTests/Fixtures/optimizers.json.

Inputs are decimals that are read as float32; PyTorch computes in float64. The file:

    {"made_with": "...",
     "weights": [8 numbers], "gradients": [[8 numbers] for each of ten steps],
     "optimizers": [{"text", "learning_rate", "weight_decay", "expected": [[8 numbers] after each step],
                     "slots": {"exp_avg": [8 numbers after the last step], ...}}],
     "schedules": [{"text", "base", "steps_per_epoch", "total_steps", "expected": [the rate of each step],
                    "validation_losses": [one an epoch, null for NaN; for plateaus only]}],
     "losses": [{"text", "classes", "logits", "labels", "rows": [the loss of each row], "mean", "gradient"}]}

`text` is what the command line takes. Everything is flat, last index fastest.

Usage: make_optimizer_goldens.py [OUTPUT.json]
"""

import json
import os
import sys

import numpy as np

import common

try:
    import torch
    import torch.nn.functional as F
    from torch.optim import lr_scheduler
except ImportError as error:
    common.skip(f"this Python has no {error.name}")

OUTPUT = os.path.join(common.ROOT, "Tests", "CNNEngineTests", "Fixtures", "optimizers.json")
random = np.random.Generator(np.random.PCG64(11))
torch.set_default_dtype(torch.float64)


def single(values):
    """The float32 numbers nearest to `values`, in a tensor of float64."""
    return torch.from_numpy(np.asarray(values, dtype=np.float32).astype(np.float64))


def rounded(tensor):
    """Numbers with nine digits, more than a float32 has."""
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


# --- optimisers ----------------------------------------------------------------------------------------------------

WEIGHTS = [0.5, -1.25, 2, 0, -0.01, 3.5, 1, -0.75]
# By element: ordinary, alternating, large, small, of the size of the epsilons, mostly zero, growing, always zero.
GRADIENTS = [
    [
        round(float(random.normal()), 2),
        (-1) ** step * 0.25,
        round(float(100 * random.normal()), 1),
        round(float(random.normal()), 2) * 1e-4,
        2e-8,
        3.0 if step == 4 else 0,
        0.1 * 2**step,
        0,
    ]
    for step in range(10)
]

OPTIMIZERS = {
    "sgd": lambda p, **o: torch.optim.SGD(p, **o),
    "momentum": lambda p, **o: torch.optim.SGD(p, momentum=0.9, **o),
    "momentum:0.5": lambda p, **o: torch.optim.SGD(p, momentum=0.5, **o),
    "nesterov": lambda p, **o: torch.optim.SGD(p, momentum=0.9, nesterov=True, **o),
    "adagrad": lambda p, **o: torch.optim.Adagrad(p, **o),
    "adagrad:0.001": lambda p, **o: torch.optim.Adagrad(p, eps=1e-3, **o),
    "rmsprop": lambda p, **o: torch.optim.RMSprop(p, **o),
    "rmsprop:0.9:0.001": lambda p, **o: torch.optim.RMSprop(p, alpha=0.9, eps=1e-3, **o),
    "adadelta": lambda p, **o: torch.optim.Adadelta(p, **o),
    "adadelta:0.95:0.001": lambda p, **o: torch.optim.Adadelta(p, rho=0.95, eps=1e-3, **o),
    "adam": lambda p, **o: torch.optim.Adam(p, **o),
    "adam:0.8:0.95:0.001": lambda p, **o: torch.optim.Adam(p, betas=(0.8, 0.95), eps=1e-3, **o),
    "adamw": lambda p, **o: torch.optim.AdamW(p, **o),
}
RATES = {"sgd": 0.01, "momentum": 0.01, "nesterov": 0.01, "adadelta": 1.0}


def optimizer_case(text, decay):
    """Ten steps with the gradients above."""
    weights = torch.nn.Parameter(single(WEIGHTS))
    rate = RATES.get(text.split(":")[0], 0.02)
    optimizer = OPTIMIZERS[text]([weights], lr=rate, weight_decay=decay)
    expected = []
    for gradient in GRADIENTS:
        weights.grad = single(gradient)
        optimizer.step()
        expected.append(rounded(weights))
    slots = {
        name: rounded(value)
        for name, value in optimizer.state[weights].items()
        if torch.is_tensor(value) and value.shape == weights.shape
    }
    return {"text": text, "learning_rate": rate, "weight_decay": decay, "expected": expected, "slots": slots}


# --- schedules -----------------------------------------------------------------------------------------------------


def stepped(base, steps_per_epoch, total_steps, by_step=(), by_epoch=()):
    """The rates under schedulers that are told of every step, and others that are told of every epoch."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=base)
    by_step = [make(optimizer) for make in by_step]
    by_epoch = [make(optimizer) for make in by_epoch]
    rates = []
    for step in range(total_steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        last = step + 1 == total_steps
        for scheduler in [] if last else by_step:
            scheduler.step()
        if (step + 1) % steps_per_epoch == 0:
            for scheduler in by_epoch:
                scheduler.step()
    return rates


def schedule_case(text, base, steps_per_epoch, total_steps, **schedulers):
    """The rate of every step."""
    expected = stepped(base, steps_per_epoch, total_steps, **schedulers)
    return {
        "text": text,
        "base": base,
        "steps_per_epoch": steps_per_epoch,
        "total_steps": total_steps,
        "expected": expected,
    }


def warm_up(steps):
    """Rises linearly; the first step has 1 / steps of the rate."""
    return lambda o: lr_scheduler.LinearLR(o, start_factor=1 / steps, total_iters=steps - 1)


def warm_up_then_cosine(steps, total):
    """One after the other."""
    return lambda o: lr_scheduler.SequentialLR(
        o, [warm_up(steps)(o), lr_scheduler.CosineAnnealingLR(o, total - steps)], milestones=[steps]
    )


def one_cycle(peak, steps):
    """Without the cycle of the momentum."""
    return lambda o: lr_scheduler.OneCycleLR(o, 0.3, total_steps=steps, pct_start=peak, cycle_momentum=False)


# Rises, stays, gets better by less than the threshold, by more, is NaN once.
LOSSES = [2, 1, 1.1, 1.2, 1.3, 0.9, 0.89995, 0.8999, 0.89985, 0.5, None, 0.6, 0.5, 0.7, 0.4, 0.4, 0.4, 0.4]
LOSSES += [0.41] * 14 + [0.1] + [0.2] * 7


def plateau_case(text, base, **options):
    """The rate of every epoch, which has one step."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=base)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, **options)
    rates = []
    for loss in LOSSES:
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step(float("nan") if loss is None else loss)
    return {
        "text": text,
        "base": base,
        "steps_per_epoch": 1,
        "total_steps": len(LOSSES),
        "expected": rates,
        "validation_losses": LOSSES,
    }


SCHEDULES = [
    schedule_case("constant", 0.05, 3, 7),
    schedule_case("step:2:0.1", 0.3, 3, 20, by_epoch=[lambda o: lr_scheduler.StepLR(o, 2, 0.1)]),
    schedule_case("exponential:0.9", 0.005, 4, 22, by_epoch=[lambda o: lr_scheduler.ExponentialLR(o, 0.9)]),
    schedule_case("cosine", 0.1, 5, 23, by_step=[lambda o: lr_scheduler.CosineAnnealingLR(o, 23)]),
    schedule_case("cosine:0.1", 0.1, 5, 23, by_step=[lambda o: lr_scheduler.CosineAnnealingLR(o, 23, eta_min=0.01)]),
    schedule_case("one-cycle", 0.3, 5, 25, by_step=[one_cycle(0.3, 25)]),
    schedule_case("one-cycle:0.1", 0.3, 7, 17, by_step=[one_cycle(0.1, 17)]),
    schedule_case("one-cycle:0", 0.3, 7, 6, by_step=[one_cycle(0.0, 6)]),
    schedule_case("one-cycle:1", 0.3, 7, 6, by_step=[one_cycle(1.0, 6)]),
    schedule_case("warm-up:5+constant", 0.3, 3, 9, by_step=[warm_up(5)]),
    schedule_case(
        "warm-up:5+exponential:0.5",
        0.3,
        2,
        9,
        by_step=[warm_up(5)],
        by_epoch=[lambda o: lr_scheduler.ExponentialLR(o, 0.5)],
    ),
    schedule_case("warm-up:4+cosine", 0.3, 3, 15, by_step=[warm_up_then_cosine(4, 15)]),
    plateau_case("plateau:0.1:2", 0.3, factor=0.1, patience=2),
    plateau_case("plateau", 0.3),
    plateau_case("plateau:0.5:0", 0.01, factor=0.5, patience=0),
    plateau_case("plateau:0.5:1:0.05", 0.3, factor=0.5, patience=1, min_lr=0.05),
    plateau_case("plateau:0.5:1:0:3", 0.3, factor=0.5, patience=1, cooldown=3),
    plateau_case("plateau:0.1:0", 1e-6, factor=0.1, patience=0),
    plateau_case("plateau:0.5:0:0.1", 0.01, factor=0.5, patience=0, min_lr=0.1),
]

# --- losses --------------------------------------------------------------------------------------------------------


def loss_case(text, logits, labels):
    """A batch, with labels that go round when there are too few."""
    logits = single(logits).requires_grad_()
    count, classes = logits.shape
    labels = torch.tensor([labels[row % len(labels)] for row in range(count)])
    if text == "mean-squared-error":
        wanted = F.one_hot(labels, classes).to(logits.dtype)
        rows = F.mse_loss(logits, wanted, reduction="none").mean(dim=1)
        mean = F.mse_loss(logits, wanted)
    else:
        smoothing = float(text.partition(":")[2] or 0)
        rows = F.cross_entropy(logits, labels, label_smoothing=smoothing, reduction="none")
        mean = F.cross_entropy(logits, labels, label_smoothing=smoothing)
    mean.backward()
    return {
        "text": text,
        "classes": classes,
        "logits": rounded(logits),
        "labels": labels.tolist(),
        "rows": rows.tolist(),
        "mean": mean.item(),
        "gradient": rounded(logits.grad),
    }


ORDINARY = np.round(3 * random.normal(size=(5, 10)), 2)
EXTREME = [
    [1e4, -1e4, 0, 9999],
    [3e38, -3e38, 0, 1],
    [-3e38, -3e38, -3e38, -3e38],
    [88.8, 88.8, -103.9, 0],
    [1e-30, 0, -1e-30, 0],
    [700, 710, 690, 709.75],
]
LOSS_TEXTS = ["cross-entropy", "cross-entropy:0.1", "cross-entropy:1", "mean-squared-error"]


def write(path):
    """One case a line."""

    def lines(cases):
        return "[\n" + ",\n".join(json.dumps(case, allow_nan=False) for case in cases) + "\n]"

    version = torch.__version__.partition("+")[0]
    parts = [
        f'"made_with": "PyTorch {version}, Tests/python/make_optimizer_goldens.py"',
        f'"weights": {json.dumps(WEIGHTS)}',
        f'"gradients": {lines([rounded(single(gradient)) for gradient in GRADIENTS])}',
        f'"optimizers": {lines([optimizer_case(text, decay) for text in OPTIMIZERS for decay in (0, 0.1)])}',
        f'"schedules": {lines(SCHEDULES)}',
        f'"losses": {lines([loss_case(t, x, [1, 0, 3, 2]) for t in LOSS_TEXTS for x in (ORDINARY, EXTREME)])}',
    ]
    with open(path, "w", encoding="utf-8") as file:
        file.write("{" + ",\n".join(parts) + "}\n")
    print(f"wrote {path}")


if __name__ == "__main__":
    write(sys.argv[1] if len(sys.argv) > 1 else OUTPUT)
