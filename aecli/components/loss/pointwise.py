"""Losses of single pixels, from squares to lines: mean and median, and what lies between.

Shapes: B batch, P pixels. e = x_hat - x.
"""

import math

from aecli.components.loss import gradients
from aecli.components.loss.registration import POINTWISE, Positive, loss, pixel_mean
from aecli.lazy import F, Tensor, torch  # noqa: F401  torch is what the examples use


@loss(kind=POINTWISE, gradient=gradients.mse, referees=("mse",))
def mse(x_hat_BP: Tensor, x_BP: Tensor) -> Tensor:
    """Mean squared error: pulls towards the conditional mean.

    e^2

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.

    Returns: (B,) loss per image, >= 0, zero iff x_hat equals x.
    Use when: in doubt: try it first and hold the others against it. A few large errors weigh most.
    Source: Legendre 1805; the article's main loss.
    Example:
        >>> mse(torch.tensor([[1.1, 1.9, 2.9, 4.1]]), torch.tensor([[1.0, 2.0, 3.0, 4.0]]))
        tensor([0.0100])
    """
    return pixel_mean(F.mse_loss(x_hat_BP, x_BP, reduction="none"))


@loss(kind=POINTWISE, gradient=gradients.mae, referees=("mae",))
def mae(x_hat_BP: Tensor, x_BP: Tensor) -> Tensor:
    """Mean absolute error: pulls towards the conditional median, which is black for most pixels of MNIST.

    abs(e)

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.

    Returns: (B,) loss per image, >= 0, zero iff x_hat equals x.
    Use when: the typical error matters and single large ones do not. On mostly black images it collapses:
        anneal charbonnier in its place.
    Source: Boscovich 1757; the article's second loss.
    Example:
        >>> mae(torch.tensor([[1.1, 1.9, 2.9, 4.1]]), torch.tensor([[1.0, 2.0, 3.0, 4.0]]))
        tensor([0.1000])
    """
    return pixel_mean(F.l1_loss(x_hat_BP, x_BP, reduction="none"))


@loss(kind=POINTWISE)
def huber(x_hat_BP: Tensor, x_BP: Tensor, *, delta: Positive = 0.1) -> Tensor:
    """Squared for small errors, linear for large ones.

    0.5 e^2 if abs(e) <= delta else delta (abs(e) - 0.5 delta)

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        delta: where the square becomes a line, in pixel units; at 1 and above it is half of mse.

    Returns: (B,) loss per image, >= 0, zero iff x_hat equals x.
    Use when: mse is right but for a few outliers; delta is the error from which on a pixel counts as one.
    Source: Huber 1964, doi:10.1214/aoms/1177703732
    Example:
        >>> huber(torch.tensor([[0.0, 3.0]]), torch.tensor([[0.0, 0.0]]), delta=1.0)
        tensor([1.2500])
    """
    return pixel_mean(F.huber_loss(x_hat_BP, x_BP, reduction="none", delta=delta))


@loss(kind=POINTWISE)
def smooth_l1(x_hat_BP: Tensor, x_BP: Tensor, *, beta: Positive = 0.1) -> Tensor:
    """Huber divided by its threshold: absolute error with a rounded tip.

    0.5 e^2 / beta if abs(e) < beta else abs(e) - 0.5 beta

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        beta: where the square becomes a line, in pixel units; at 1 and above it is mse / (2 beta).

    Returns: (B,) loss per image, >= 0, zero iff x_hat equals x.
    Use when: as huber, with a pull that stays as strong when beta becomes small.
    Source: Girshick 2015, arXiv:1504.08083
    Example:
        >>> smooth_l1(torch.tensor([[0.1, 0.6]]), torch.tensor([[0.0, 0.0]]), beta=0.2)
        tensor([0.2625])
    """
    return pixel_mean(F.smooth_l1_loss(x_hat_BP, x_BP, reduction="none", beta=beta))


@loss(kind=POINTWISE)
def log_cosh(x_hat_BP: Tensor, x_BP: Tensor, *, c: Positive = 0.1) -> Tensor:
    """A Huber loss without a corner.

    c^2 log cosh(e / c)

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        c: scale in pixel units: about e^2 / 2 below it, about c abs(e) above it.

    Returns: (B,) loss per image, >= 0, zero iff x_hat equals x.
    Use when: as huber, where the second derivative should not jump.
    Source: Green 1990, doi:10.1109/42.52985
    Example:
        >>> log_cosh(torch.tensor([[0.1]]), torch.tensor([[0.0]]), c=1.0)
        tensor([0.0050])
    """
    a_BP = ((x_hat_BP - x_BP) / c).abs()
    return (c * c * (a_BP + F.softplus(-2.0 * a_BP) - math.log(2.0))).mean(1)
