"""Write the files in Tests/CNNCodecsTests/Fixtures/torch: what torch.save writes, and what is in it.

    python make_torch_goldens.py       # with PyTorch

Beside each sound file NAME stands NAME.txt with one line a tensor: the way to it, element type, shape, and its
elements in hexadecimal, row by row, lowest byte first. Files of the folder `refused` have no such list.
Only needed to change the fixtures.
"""

import collections
import os
import tempfile
import zipfile

import numpy as np
import torch

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "CNNCodecsTests", "Fixtures", "torch")
DTYPES = ["float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"]
NEW_DTYPES = ["uint16", "uint32", "uint64"]


def tensors(value, path=""):
    """The tensors and arrays in a value with the way to each, as the reader names them."""
    if isinstance(value, (torch.Tensor, np.ndarray)):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            step = key if isinstance(key, str) else f"[{key}]"
            yield from tensors(item, path + ("." if path and not step.startswith("[") else "") + step)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from tensors(item, f"{path}[{index}]")


def raw(tensor):
    if isinstance(tensor, np.ndarray):
        return np.ascontiguousarray(tensor).tobytes()
    return tensor.detach().contiguous().view(-1).view(torch.uint8).numpy().tobytes() if tensor.numel() else b""


def describe(value):
    lines = []
    for path, tensor in tensors(value):
        shape = ",".join(map(str, tensor.shape))
        lines.append(f"{path} {str(tensor.dtype).removeprefix('torch.')} [{shape}] {raw(tensor).hex()}\n")
    return "".join(lines)


def save(name, value, containers=("zip", "legacy"), **options):
    for container in containers:
        path = os.path.join(FOLDER, f"{name}-{container}.pt")
        torch.save(value, path, _use_new_zipfile_serialization=container == "zip", **options)
    if containers == ("zip",):
        return
    with open(os.path.join(FOLDER, f"{name}.txt"), "w") as file:
        file.write(describe(value))


def filled(dtype, shape=(2, 3)):
    numbers = torch.arange(1, 1 + int(np.prod(shape))).reshape(shape)
    return (numbers % 2 == 1) if dtype == "bool" else numbers.to(getattr(torch, dtype))


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(1, 2, 3)
        self.bn1 = torch.nn.BatchNorm2d(2)
        self.fc1 = torch.nn.Linear(8, 3)

    def forward(self, x):
        return self.fc1(torch.flatten(torch.relu(self.bn1(self.conv1(x))), 1))


def repacked(source, target, method=zipfile.ZIP_STORED, change=lambda name, data: data, root="archive"):
    """A copy of an archive by Python's zipfile, which compresses or changes it."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", method) as new:
        for entry in old.infolist():
            name = entry.filename.split("/", 1)[1]
            data = change(name, old.read(entry))
            if data is not None:
                info = zipfile.ZipInfo(f"{root}/{name}", (1980, 1, 1, 0, 0, 0))
                info.compress_type = method
                new.writestr(info, data)


def main():
    torch.manual_seed(1)
    os.makedirs(os.path.join(FOLDER, "refused"), exist_ok=True)
    net = Net()
    state = net.state_dict()
    save("state-dict", state)
    save("types", {dtype: filled(dtype) for dtype in DTYPES + NEW_DTYPES})

    base = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    save("views", collections.OrderedDict([
        ("whole", base), ("row", base[1]), ("transposed", base[0].t()), ("permuted", base.permute(1, 0, 2)),
        ("reversed", base.permute(2, 1, 0)), ("steps", base[:, ::2, 1::2]), ("column", base[:, 0, 3]),
        ("last", base[1, 2, 3]), ("expanded", base[:, :1, :1].expand(2, 2, 3)), ("empty", base[2:, 1:]),
        ("scalar", torch.tensor(7.5)), ("channels_last", torch.arange(16.0).reshape(1, 2, 2, 4).to(
            memory_format=torch.channels_last)),
        ("narrow_ints", torch.arange(10, dtype=torch.int16)[3::3]),
    ]))

    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, [2, 4])
    net(torch.ones(1, 1, 4, 4).repeat(2, 1, 1, 1)).sum().backward()
    optimizer.step()
    save("checkpoint", {
        "epoch": 12, "best": np.float64(0.5), "name": "lenet", "done": False, "nothing": None,
        "state_dict": net.state_dict(), "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict(),
        "size": torch.Size([1, 28, 28]), "device": torch.device("cpu"), "dtype": torch.float32,
        "mean": np.array([0.25, 0.75]), "loss": torch.tensor(0.125), "hyper": {"lr": 0.01, "steps": [1, 2]},
    })
    with_state = torch.nn.Parameter(torch.tensor([3.0]))
    with_state.tag = "x"
    save("parameters", {"weight": net.fc1.bias, "tied": net.fc1.bias, "with_state": with_state})
    save("list", [torch.tensor([1, 2]), (torch.tensor([3.0]), {"a": torch.tensor(True)})])
    save("tensor", torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    save("wrapped", {"epoch": 3, "model": {"_orig_mod.module." + name: value for name, value in state.items()}})
    save("halves", {"left": {"a.weight": torch.tensor([1.0])}, "right": {"b.weight": torch.tensor([2.0])}})
    # As torchvision wrote its training.pt and test.pt.
    pictures = torch.arange(4 * 28 * 28).remainder(251).to(torch.uint8).reshape(4, 28, 28)
    labels = torch.tensor([3, 1, 4, 1])
    save("pictures", (pictures, labels))
    # Other ways of keeping a data set, and weights without names.
    one_hot = torch.nn.functional.one_hot(labels.flip(0), 5)
    save("splits", ((pictures, labels), (pictures.reshape(4, 1, 28, 28) / 255, one_hot)), containers=("zip",))
    save("named-pictures", {
        "x_train": pictures, "y_train": labels, "epoch": 3, "extra": {"mean": torch.tensor(0.5)}}, containers=("zip",))
    save("nested-pictures", {
        split: {"data": pictures, "targets": labels} for split in ("train", "test")}, containers=("zip",))
    save("unlabelled-pictures", (pictures, labels[:3]), containers=("zip",))
    layers = torch.nn.Linear(4, 3), torch.nn.Linear(3, 2)
    save("parameter-list", [layers[0].weight, layers[0].bias], containers=("zip",))
    save("parameter-pairs", [[layer.weight, layer.bias] for layer in layers], containers=("zip",))
    save("protocol4", {"a": torch.tensor([1.0, 2.0])}, pickle_protocol=4)

    source = os.path.join(FOLDER, "state-dict-zip.pt")
    repacked(source, os.path.join(FOLDER, "state-dict-deflated.pt"), zipfile.ZIP_DEFLATED, root="any name")


    # As a machine with big-endian numbers would have written it: floats, and one counter of 8 bytes.
    def swapped(name, data):
        if name == "byteorder":
            return b"big"
        if name.startswith("data/"):
            width = 8 if len(data) == 8 and name == f"data/{list(state).index('bn1.num_batches_tracked')}" else 4
            return b"".join(data[i:i + width][::-1] for i in range(0, len(data), width))
        return data

    repacked(source, os.path.join(FOLDER, "state-dict-big.pt"), change=swapped)
    repacked(source, os.path.join(FOLDER, "state-dict-1.6.pt"),
             change=lambda name, data: data if name in ("data.pkl", "version") or name.startswith("data/") else None)

    with_tag = torch.tensor([1.0])
    with_tag.tag = 1
    refused = {
        "module": net, "sparse": torch.eye(2).to_sparse(), "csr": torch.eye(2).to_sparse_csr(),
        "complex": torch.zeros(2, dtype=torch.complex64), "conjugated": torch.zeros(2, dtype=torch.complex64).conj(),
        "quantized": torch.quantize_per_tensor(torch.zeros(2), 0.1, 0, torch.qint8),
        "float8": torch.zeros(2).to(torch.float8_e4m3fn), "meta": torch.zeros(2, device="meta"),
        "nested": torch.nested.nested_tensor([torch.zeros(2), torch.zeros(3)]), "attributes": with_tag,
        "negated": torch.zeros(2, dtype=torch.complex64).conj().imag, "storage": torch.zeros(2).untyped_storage(),
        "numbers": {"epoch": 1},
    }
    for name, value in refused.items():
        torch.save(value, os.path.join(FOLDER, "refused", f"{name}.pt"))
    # Without the notes for debugging, which have paths of the machine in them.
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "script.pt")
        torch.jit.save(torch.jit.script(torch.nn.ReLU()), path)
        repacked(path, os.path.join(FOLDER, "refused", "script.pt"),
                 change=lambda name, data: None if name.endswith(".debug_pkl") else data)


if __name__ == "__main__":
    main()
