"""Trains a preset network as one does it in PyTorch: all of MNIST in memory, Adam, shuffled batches. The peer in run.

    train_digits.py NET EPOCHS IMAGES.gz LABELS.gz OUTPUT.pt [--batch N] [--threads N] [--variant nchw|channels_last]
"""

import argparse
import gzip

import numpy as np
import peers
import torch


def idx(path, header):
    """The bytes of an IDX file behind its header."""
    with gzip.open(path) as file:
        return torch.from_numpy(np.frombuffer(file.read(), np.uint8, offset=header).copy())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("net")
    parser.add_argument("epochs", type=int)
    parser.add_argument("images")
    parser.add_argument("labels")
    parser.add_argument("output")
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--variant", default="nchw", choices=("nchw", "channels_last"))
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    images = idx(options.images, 16).reshape(-1, 1, 28, 28).float() / 255
    labels = idx(options.labels, 8).long()
    module = peers.torch_module(options.net)
    if options.variant == "channels_last":
        module, images = (it.to(memory_format=torch.channels_last) for it in (module, images))
    module.train()
    loss, optimizer = torch.nn.CrossEntropyLoss(), torch.optim.Adam(module.parameters(), lr=0.001)
    for _ in range(options.epochs):
        for chosen in torch.randperm(len(images)).split(options.batch):
            optimizer.zero_grad()
            loss(module(images[chosen]), labels[chosen]).backward()
            optimizer.step()
    torch.save(module.state_dict(), options.output)


if __name__ == "__main__":
    main()
