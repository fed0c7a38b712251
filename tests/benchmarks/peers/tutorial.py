"""PyTorch as its tutorials teach it, torchvision's data set with ToTensor in a DataLoader: tutorial.py FOLDER"""

import sys

import torch
from contract import BATCH, LEARNING_RATE, WIDTHS, Turns
from torch.utils.data import DataLoader
from torch_model import make_model
from torchvision import datasets
from torchvision.transforms import ToTensor


def main(folder: str) -> None:
    """Train until the driver is done."""
    images = datasets.MNIST(root=folder, train=True, download=False, transform=ToTensor())
    loader = DataLoader(images, batch_size=BATCH, shuffle=True)
    model = make_model()
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    loss_fn = torch.nn.MSELoss()
    turns = Turns("torch", "torchvision")
    while True:
        turns.wait()
        model.train()
        for x, _ in loader:
            x = x.view(-1, WIDTHS[0])
            loss = loss_fn(model(x), x)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
        turns.done(loss=loss.item())


if __name__ == "__main__":
    main(*sys.argv[1:])
