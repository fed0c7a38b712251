"""Negative log-likelihoods of pixels, computed from what goes into the output activation.

Shapes: B batch, P pixels.
"""

import math

from aecli.components.loss import gradients
from aecli.components.loss.registration import LIKELIHOOD, loss, pixel_mean
from aecli.lazy import F, Tensor, torch


@loss(kind=LIKELIHOOD, from_logits=True, gradient=gradients.bce, referees=("bce_nats",))
def bce(logits_BP: Tensor, x_BP: Tensor) -> Tensor:
    """Binary cross-entropy of pixels read as probabilities, computed from logits.

    -(x log x_hat + (1 - x) log(1 - x_hat)), x_hat = sigmoid(logit)

    Args:
        logits_BP: what goes into the sigmoid of the output.
        x_BP: target in [0, 1].

    Returns: (B,) nats per pixel for each image, smallest where x_hat equals x; that floor is the entropy of the
        target, not 0.
    Use when: pixels are mostly near 0 or 1, as in MNIST, or are probabilities. It is never 0: read it as the excess
        over its floor.
    Note: its floor on the MNIST test set is .05808 nats per pixel; metrics also show the excess over the floor.
    Source: Good 1952; torch.nn.functional.binary_cross_entropy_with_logits
    Example:
        >>> bce(torch.tensor([[0.0, 0.0]]), torch.tensor([[1.0, 0.0]]))
        tensor([0.6931])
    """
    return pixel_mean(F.binary_cross_entropy_with_logits(logits_BP, x_BP, reduction="none"))


@loss(kind=LIKELIHOOD, from_logits=True, minimum_at_target=False, nonnegative=False)
def continuous_bernoulli(logits_BP: Tensor, x_BP: Tensor) -> Tensor:
    """Negative log-likelihood of the continuous Bernoulli: cross-entropy made a density on [0, 1].

    bce - log C(x_hat), C = logit / tanh(logit / 2)

    Args:
        logits_BP: what goes into the sigmoid of the output.
        x_BP: target in [0, 1].

    Returns: (B,) nats per pixel for each image; may be negative, since a density may exceed 1.
    Use when: a likelihood of grey values in [0, 1] is wanted, as in variational autoencoders; else bce.
    Note: the sigmoid output is the parameter lambda of the density, not its mean; errors are measured on lambda.
    Source: Loaiza-Ganem & Cunningham 2019, arXiv:1907.06845; torch.distributions.ContinuousBernoulli
    Example:
        >>> continuous_bernoulli(torch.tensor([[0.0]]), torch.tensor([[1.0]])).abs() < 1e-6
        tensor([True])
    """
    return bce(logits_BP, x_BP) - log_normalizer(logits_BP).mean(1)


def log_normalizer(logits_BP: Tensor) -> Tensor:
    """log C of the continuous Bernoulli: log(z / tanh(z / 2)), by its series near z = 0 where that is 0 / 0."""
    near_BP = logits_BP.abs() < 0.05
    z_BP = torch.where(near_BP, torch.ones_like(logits_BP), logits_BP)  # keeps the gradient of the other branch finite
    z2_BP = logits_BP.square()
    series_BP = math.log(2.0) + z2_BP / 12.0 - 7.0 * z2_BP.square() / 1440.0
    return torch.where(near_BP, series_BP, torch.log(z_BP / torch.tanh(0.5 * z_BP)))
