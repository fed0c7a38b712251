"""Dense networks of the article's widths and of small ones."""

from types import SimpleNamespace

import torch
from nets import make_model

DOCUMENT = (784, 128, 64, 32)
SMALL = (20, 12, 8, 5)


def net(widths=SMALL, *, seed=0, mean_image=None, **changes):
    config = {
        "activation": "relu",
        "code_activation": "relu",
        "output_activation": "sigmoid",
        "tied": False,
        "normalization": None,
        "init": "glorot_uniform",
        "output_bias": "zero",
    }
    mean_image = torch.full((widths[0],), 0.2) if mean_image is None else mean_image
    return make_model(SimpleNamespace(**config | changes), widths, seed, mean_image)


def pixels(count, width=20, seed=0):
    return torch.rand(count, width, generator=torch.Generator().manual_seed(seed))


def parameter_count(model):
    return sum(parameter.numel() for parameter in model.parameters())
