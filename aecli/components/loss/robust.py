"""Losses of single pixels under which large errors count linearly at most, or not at all; Barron's family; quantiles.

Shapes: B batch, P pixels. e = x_hat - x, u = e / c.
"""

import math
from typing import Annotated

from annotated_types import Gt, Le, Lt

from aecli.components.loss.registration import ROBUST, Positive, loss
from aecli.lazy import Tensor, torch


@loss(kind=ROBUST)
def charbonnier(x_hat_BP: Tensor, x_BP: Tensor, *, eps: Positive = 0.05) -> Tensor:
    """A differentiable absolute error; annealed from a large eps it avoids the collapse of mae.

    sqrt(e^2 + eps^2) - eps

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        eps: width of the rounded tip, in pixel units.

    Returns: (B,) loss per image, >= 0, zero iff x_hat equals x.
    Use when: absolute errors are wanted without the collapse of mae: anneal eps from 0.5 to 0.01.
    Source: Charbonnier et al. 1994, doi:10.1109/ICIP.1994.413553
    Example:
        >>> charbonnier(torch.tensor([[0.3]]), torch.tensor([[0.0]]), eps=0.4)
        tensor([0.1000])
    """
    return ((x_hat_BP - x_BP).square() + eps * eps).sqrt().mean(1) - eps


@loss(kind=ROBUST)
def cauchy(x_hat_BP: Tensor, x_BP: Tensor, *, c: Positive = 0.1) -> Tensor:
    """Grows with the logarithm of the error: large errors pull ever less.

    log(1 + u^2 / 2), u = e / c

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        c: scale in pixel units; an error of sqrt(2) c pulls hardest.

    Returns: (B,) loss per image, >= 0, zero iff x_hat equals x.
    Use when: many pixels are corrupted, and large errors should still pull a little.
    Source: Barron 2019, arXiv:1701.03077, alpha = 0
    Example:
        >>> cauchy(torch.tensor([[0.1]]), torch.tensor([[0.0]]), c=1.0)
        tensor([0.0050])
    """
    return torch.log1p(0.5 * ((x_hat_BP - x_BP) / c).square()).mean(1)


@loss(kind=ROBUST)
def geman_mcclure(x_hat_BP: Tensor, x_BP: Tensor, *, c: Positive = 0.2) -> Tensor:
    """Bounded by 2: outliers hardly count.

    2 u^2 / (u^2 + 4), u = e / c

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        c: scale in pixel units; an error of 1.15 c pulls hardest.

    Returns: (B,) loss per image, in [0, 2), zero iff x_hat equals x.
    Use when: some pixels are garbage that the net should not learn; anneal c from 0.5 down.
    Source: Geman & McClure 1985; Barron 2019, arXiv:1701.03077, alpha = -2
    Example:
        >>> geman_mcclure(torch.tensor([[0.2]]), torch.tensor([[0.0]]), c=0.1)
        tensor([1.])
    """
    u2_BP = ((x_hat_BP - x_BP) / c).square()
    return (2.0 * u2_BP / (u2_BP + 4.0)).mean(1)


@loss(kind=ROBUST)
def welsch(x_hat_BP: Tensor, x_BP: Tensor, *, c: Positive = 0.3) -> Tensor:
    """Bounded by 1: the correntropy loss with sigma = c.

    1 - exp(-u^2 / 2), u = e / c

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        c: scale in pixel units; an error of c pulls hardest.

    Returns: (B,) loss per image, in [0, 1], zero iff x_hat equals x.
    Use when: as geman_mcclure, with errors beyond 3 c all but ignored.
    Source: Dennis & Welsch 1978; Qi et al. 2014, doi:10.1109/ICASSP.2014.6854900
    Example:
        >>> welsch(torch.tensor([[0.1]]), torch.tensor([[0.0]]), c=0.1)
        tensor([0.3935])
    """
    return -torch.expm1(-0.5 * ((x_hat_BP - x_BP) / c).square()).mean(1)


@loss(kind=ROBUST)
def tukey(x_hat_BP: Tensor, x_BP: Tensor, *, c: Positive = 0.5) -> Tensor:
    """Tukey's biweight: errors beyond c do not pull at all.

    (c^2 / 6) (1 - (1 - u^2)^3) if abs(u) <= 1 else c^2 / 6, u = e / c

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        c: where the loss becomes flat, in pixel units.

    Returns: (B,) loss per image, in [0, c^2 / 6], zero iff x_hat equals x.
    Use when: errors beyond a known size are certainly garbage; start with c at 0.5 or more, or nothing is learned.
    Source: Beaton & Tukey 1974, doi:10.1080/00401706.1974.10489171
    Example:
        >>> tukey(torch.tensor([[0.5, 9.0]]), torch.tensor([[0.0, 0.0]]), c=0.5)
        tensor([0.0417])
    """
    inside_BP = (1.0 - ((x_hat_BP - x_BP) / c).square()).clamp(min=0.0)
    return (c * c / 6.0) * (1.0 - inside_BP.pow(3)).mean(1)


@loss(kind=ROBUST)
def barron(
    x_hat_BP: Tensor,
    x_BP: Tensor,
    *,
    alpha: Annotated[float, Le(2), "may be infinite"] = 1.0,
    c: Positive = 0.1,
) -> Tensor:
    """The general robust loss: a family from mse (alpha 2) over charbonnier (1) and cauchy (0) to welsch (-inf).

    (abs(alpha - 2) / alpha) ((u^2 / abs(alpha - 2) + 1)^(alpha / 2) - 1), u = e / c

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        alpha: shape: 2 squared, 1 charbonnier, 0 cauchy, -2 geman_mcclure, -.inf welsch.
        c: scale in pixel units.

    Returns: (B,) loss per image, >= 0, zero iff x_hat equals x.
    Use when: the kind of robustness is the question: sweep alpha in place of trying the others one by one.
    Source: Barron 2019, arXiv:1701.03077
    Example:
        >>> barron(torch.tensor([[0.1]]), torch.tensor([[0.0]]), alpha=1.0, c=0.1)
        tensor([0.4142])
    """
    u2_BP = ((x_hat_BP - x_BP) / c).square()
    if alpha == 2.0:
        return 0.5 * u2_BP.mean(1)
    if alpha == -math.inf:
        return -torch.expm1(-0.5 * u2_BP).mean(1)
    b = abs(alpha - 2.0)
    log_BP = torch.log1p(u2_BP / b)
    if abs(alpha) < 1e-6:  # the limit; the general form divides by alpha
        return (0.5 * b * log_BP).mean(1)
    return (b / alpha) * torch.expm1(0.5 * alpha * log_BP).mean(1)


@loss(kind=ROBUST)
def pinball(x_hat_BP: Tensor, x_BP: Tensor, *, tau: Annotated[float, Gt(0), Lt(1)] = 0.5) -> Tensor:
    """The quantile loss: pulls towards the conditional tau-quantile; tau = 0.5 is mae / 2.

    max(tau (x - x_hat), (tau - 1) (x - x_hat))

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        tau: the quantile; above 0.5 a pixel that is too dark costs more than one too bright.

    Returns: (B,) loss per image, >= 0, zero iff x_hat equals x.
    Use when: too dark and too bright do not cost the same, or a quantile is wanted and not the middle.
    Source: Koenker & Bassett 1978, doi:10.2307/1913643
    Example:
        >>> pinball(torch.tensor([[0.0, 1.0]]), torch.tensor([[1.0, 0.0]]), tau=0.9)
        tensor([0.5000])
    """
    e_BP = x_BP - x_hat_BP
    return torch.maximum(tau * e_BP, (tau - 1.0) * e_BP).mean(1)
