"""Images and reconstructions that losses are tested on, and the example of the article with its values."""

import pytest
import torch

from aecli.components.loss import LOSSES

SIDE = 16
PIXELS = SIDE * SIDE


def batch(name, images=5, dtype=torch.float64, seed=0):
    """Predictions and targets; predictions are logits where the loss takes logits."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.rand(images, PIXELS, generator=generator, dtype=torch.float64)
    x_hat = (x + 0.2 * torch.randn(images, PIXELS, generator=generator, dtype=torch.float64)).clamp(0.01, 0.99)
    return as_prediction(name, x_hat).to(dtype), x.to(dtype)


def as_prediction(name, x_hat):
    return torch.logit(x_hat) if LOSSES[name].facts.from_logits else x_hat


def evaluate(name, prediction, x, **params):
    return LOSSES[name].function(prediction, x, **params)


def of_error(loss, e, **params):
    """rho(e) for each of a row of errors, as losses of images with a single pixel."""
    return loss(e[:, None], torch.zeros_like(e)[:, None], **params)


X = torch.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=torch.float64)
X_HAT = torch.tensor([[1.1, 1.9], [2.9, 4.1]], dtype=torch.float64)
GOLDEN = [
    ("mse", {}, 0.01),
    ("mae", {}, 0.1),
    ("huber", {"delta": 1.0}, 0.005),
    ("smooth_l1", {"beta": 1.0}, 0.005),
    ("huber", {"delta": 0.05}, 0.00375),
    ("log_cosh", {"c": 1.0}, 0.004991688821646436),
    ("charbonnier", {"eps": 1.0}, 0.00498756211208895),
    ("cauchy", {"c": 1.0}, 0.004987541511039075),
    ("geman_mcclure", {"c": 1.0}, 0.004987531172069827),
    ("welsch", {"c": 1.0}, 0.00498752080731768),
    ("pinball", {"tau": 0.1}, 0.05),
    ("pinball", {"tau": 0.5}, 0.05),
    ("pinball", {"tau": 0.9}, 0.05),
]
GOLDEN_VALUES = pytest.mark.parametrize(
    ("name", "params", "expected"), GOLDEN, ids=[f"{name}-{params}" for name, params, _ in GOLDEN]
)
