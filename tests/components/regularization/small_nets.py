"""A small network, what a penalty sees of it, and steps on it."""

from types import SimpleNamespace

import torch
from nets import make_model

from aecli.components.regularization import Moment

WIDTHS = (10, 8, 6, 4)
CONFIG = {
    "activation": "tanh",
    "code_activation": "sigmoid",
    "output_activation": "sigmoid",
    "tied": False,
    "normalization": None,
    "init": "torch",  # biases are not zero
    "output_bias": "zero",
}


def net(seed=0, **changes):
    model = make_model(SimpleNamespace(**CONFIG | changes), WIDTHS, seed, torch.full((10,), 0.2))
    return model.double()


def pixels(count=6):
    return torch.rand(count, 10, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def moment(model, x=None):
    x = pixels() if x is None else x
    return Moment(model, x, model.encode(x))


def value(regularizer, model, **params):
    return regularizer(moment(model), **params)


def take_step(step, model, amount, parameters="weights"):
    with torch.no_grad():
        step(model, amount, parameters=parameters)


def arrays(tensors):
    return [tensor.detach().numpy().copy() for tensor in tensors]
