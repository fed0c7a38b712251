"""PyTorch by hand: all images resident in memory, a permutation cut into batches, fused Adam: eager.py FOLDER

The `bare` loop of tests/benchmarks/epoch.py.
"""

import sys

import torch
from contract import BATCH, LEARNING_RATE, Turns, read_images
from torch.nn.functional import mse_loss
from torch_model import make_model


def main(folder: str) -> None:
    """Train until the driver is done."""
    images = torch.from_numpy(read_images(folder))
    model = make_model()
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, fused=True)
    turns = Turns("torch")
    while True:
        turns.wait()
        for rows in torch.randperm(len(images)).split(BATCH):
            x = images[rows]
            loss = mse_loss(model(x), x)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        turns.done(loss=loss.item())


if __name__ == "__main__":
    main(*sys.argv[1:])
