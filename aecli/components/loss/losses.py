"""Reconstruction losses: one function each.

Every loss takes the reconstruction and the target, `(B, P)` each, and returns `(B,)`: one value per image, the mean
over its pixels. Weights, sums and the mean over the batch are formed in objective.py and nowhere else. Scales are in
pixel units, for pixels in [0, 1]; the defaults mean something there.

A loss registered with `from_logits=True` receives what goes *into* the output activation; one with `needs_image=True`
receives the shape of the images as `image_shape`. `gradient` may name a function of gradients.py, which saves time; without
it autograd finds the gradient.

Shapes: B batch, P pixels, C channels, H height, W width. e = x_hat - x, u = e / c.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated

from annotated_types import Ge, Gt, Le, Lt

from aecli.components.loss import gradients
from aecli.lazy import F, Tensor, torch
from aecli.registry import Context, Registry

LOSSES = Registry("loss")
loss = LOSSES.register

Positive = Annotated[float, Gt(0)]
ImageShape = Annotated[tuple[int, int, int] | None, Context]
"""Channels, height and width of one image."""

WINDOW_PIXELS = 11
"""Side of the Gaussian window of SSIM."""


def pixel_mean(values_BP: Tensor) -> Tensor:
    """The mean over pixels, (B,). Written as a sum, whose gradient is not spread out in memory: 2 % of an epoch."""
    return values_BP.sum(1) / values_BP.shape[1]


@loss(gradient=gradients.mse)
def mse(x_hat_BP: Tensor, x_BP: Tensor) -> Tensor:
    """Mean squared error: pulls towards the conditional mean.

    e^2

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.

    Returns: (B,) loss per image, >= 0, zero iff x_hat equals x.
    Source: Legendre 1805; the article's main loss.
    Example:
        >>> mse(torch.tensor([[1.1, 1.9, 2.9, 4.1]]), torch.tensor([[1.0, 2.0, 3.0, 4.0]]))
        tensor([0.0100])
    """
    return pixel_mean(F.mse_loss(x_hat_BP, x_BP, reduction="none"))


@loss(gradient=gradients.mae)
def mae(x_hat_BP: Tensor, x_BP: Tensor) -> Tensor:
    """Mean absolute error: pulls towards the conditional median, which is black for most pixels of MNIST.

    abs(e)

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.

    Returns: (B,) loss per image, >= 0, zero iff x_hat equals x.
    Source: Boscovich 1757; the article's second loss.
    Example:
        >>> mae(torch.tensor([[1.1, 1.9, 2.9, 4.1]]), torch.tensor([[1.0, 2.0, 3.0, 4.0]]))
        tensor([0.1000])
    """
    return pixel_mean(F.l1_loss(x_hat_BP, x_BP, reduction="none"))


@loss()
def huber(x_hat_BP: Tensor, x_BP: Tensor, *, delta: Positive = 0.1) -> Tensor:
    """Squared for small errors, linear for large ones.

    0.5 e^2 if abs(e) <= delta else delta (abs(e) - 0.5 delta)

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        delta: where the square becomes a line, in pixel units; at 1 and above it is half of mse.

    Returns: (B,) loss per image, >= 0, zero iff x_hat equals x.
    Source: Huber 1964, doi:10.1214/aoms/1177703732
    Example:
        >>> huber(torch.tensor([[0.0, 3.0]]), torch.tensor([[0.0, 0.0]]), delta=1.0)
        tensor([1.2500])
    """
    return pixel_mean(F.huber_loss(x_hat_BP, x_BP, reduction="none", delta=delta))


@loss()
def smooth_l1(x_hat_BP: Tensor, x_BP: Tensor, *, beta: Positive = 0.1) -> Tensor:
    """Huber divided by its threshold: absolute error with a rounded tip.

    0.5 e^2 / beta if abs(e) < beta else abs(e) - 0.5 beta

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        beta: where the square becomes a line, in pixel units; at 1 and above it is mse / (2 beta).

    Returns: (B,) loss per image, >= 0, zero iff x_hat equals x.
    Source: Girshick 2015, arXiv:1504.08083
    Example:
        >>> smooth_l1(torch.tensor([[0.1, 0.6]]), torch.tensor([[0.0, 0.0]]), beta=0.2)
        tensor([0.2625])
    """
    return pixel_mean(F.smooth_l1_loss(x_hat_BP, x_BP, reduction="none", beta=beta))


@loss()
def log_cosh(x_hat_BP: Tensor, x_BP: Tensor, *, c: Positive = 0.1) -> Tensor:
    """A Huber loss without a corner.

    c^2 log cosh(e / c)

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        c: scale in pixel units: about e^2 / 2 below it, about c abs(e) above it.

    Returns: (B,) loss per image, >= 0, zero iff x_hat equals x.
    Source: Green 1990, doi:10.1109/42.52985
    Example:
        >>> log_cosh(torch.tensor([[0.1]]), torch.tensor([[0.0]]), c=1.0)
        tensor([0.0050])
    """
    a_BP = ((x_hat_BP - x_BP) / c).abs()
    return (c * c * (a_BP + F.softplus(-2.0 * a_BP) - math.log(2.0))).mean(1)


@loss()
def charbonnier(x_hat_BP: Tensor, x_BP: Tensor, *, eps: Positive = 0.05) -> Tensor:
    """A differentiable absolute error; annealed from a large eps it avoids the collapse of mae.

    sqrt(e^2 + eps^2) - eps

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        eps: width of the rounded tip, in pixel units.

    Returns: (B,) loss per image, >= 0, zero iff x_hat equals x.
    Source: Charbonnier et al. 1994, doi:10.1109/ICIP.1994.413553
    Example:
        >>> charbonnier(torch.tensor([[0.3]]), torch.tensor([[0.0]]), eps=0.4)
        tensor([0.1000])
    """
    return ((x_hat_BP - x_BP).square() + eps * eps).sqrt().mean(1) - eps


@loss()
def cauchy(x_hat_BP: Tensor, x_BP: Tensor, *, c: Positive = 0.1) -> Tensor:
    """Grows with the logarithm of the error: large errors pull ever less.

    log(1 + u^2 / 2)

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        c: scale in pixel units; an error of sqrt(2) c pulls hardest.

    Returns: (B,) loss per image, >= 0, zero iff x_hat equals x.
    Source: Barron 2019, arXiv:1701.03077, alpha = 0
    Example:
        >>> cauchy(torch.tensor([[0.1]]), torch.tensor([[0.0]]), c=1.0)
        tensor([0.0050])
    """
    return torch.log1p(0.5 * ((x_hat_BP - x_BP) / c).square()).mean(1)


@loss()
def geman_mcclure(x_hat_BP: Tensor, x_BP: Tensor, *, c: Positive = 0.2) -> Tensor:
    """Bounded by 2: outliers hardly count.

    2 u^2 / (u^2 + 4)

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        c: scale in pixel units; an error of 1.15 c pulls hardest.

    Returns: (B,) loss per image, in [0, 2), zero iff x_hat equals x.
    Source: Geman & McClure 1985; Barron 2019, arXiv:1701.03077, alpha = -2
    Example:
        >>> geman_mcclure(torch.tensor([[0.2]]), torch.tensor([[0.0]]), c=0.1)
        tensor([1.])
    """
    u2_BP = ((x_hat_BP - x_BP) / c).square()
    return (2.0 * u2_BP / (u2_BP + 4.0)).mean(1)


@loss()
def welsch(x_hat_BP: Tensor, x_BP: Tensor, *, c: Positive = 0.3) -> Tensor:
    """Bounded by 1: the correntropy loss with sigma = c.

    1 - exp(-u^2 / 2)

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        c: scale in pixel units; an error of c pulls hardest.

    Returns: (B,) loss per image, in [0, 1], zero iff x_hat equals x.
    Source: Dennis & Welsch 1978; Qi et al. 2014, doi:10.1109/ICASSP.2014.6854900
    Example:
        >>> welsch(torch.tensor([[0.1]]), torch.tensor([[0.0]]), c=0.1)
        tensor([0.3935])
    """
    return -torch.expm1(-0.5 * ((x_hat_BP - x_BP) / c).square()).mean(1)


@loss()
def tukey(x_hat_BP: Tensor, x_BP: Tensor, *, c: Positive = 0.5) -> Tensor:
    """Tukey's biweight: errors beyond c do not pull at all.

    (c^2 / 6) (1 - (1 - u^2)^3) if abs(u) <= 1 else c^2 / 6

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        c: where the loss becomes flat, in pixel units.

    Returns: (B,) loss per image, in [0, c^2 / 6], zero iff x_hat equals x.
    Source: Beaton & Tukey 1974, doi:10.1080/00401706.1974.10489171
    Example:
        >>> tukey(torch.tensor([[0.5, 9.0]]), torch.tensor([[0.0, 0.0]]), c=0.5)
        tensor([0.0417])
    """
    inside_BP = (1.0 - ((x_hat_BP - x_BP) / c).square()).clamp(min=0.0)
    return (c * c / 6.0) * (1.0 - inside_BP.pow(3)).mean(1)


@loss()
def barron(
    x_hat_BP: Tensor,
    x_BP: Tensor,
    *,
    alpha: Annotated[float, Le(2), "may be infinite"] = 1.0,
    c: Positive = 0.1,
) -> Tensor:
    """The general robust loss: a family from mse (alpha 2) over charbonnier (1) and cauchy (0) to welsch (-inf).

    (abs(alpha - 2) / alpha) ((u^2 / abs(alpha - 2) + 1)^(alpha / 2) - 1)

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        alpha: shape: 2 squared, 1 charbonnier, 0 cauchy, -2 geman_mcclure, -.inf welsch.
        c: scale in pixel units.

    Returns: (B,) loss per image, >= 0, zero iff x_hat equals x.
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


@loss()
def pinball(x_hat_BP: Tensor, x_BP: Tensor, *, tau: Annotated[float, Gt(0), Lt(1)] = 0.5) -> Tensor:
    """The quantile loss: pulls towards the conditional tau-quantile; tau = 0.5 is mae / 2.

    max(tau (x - x_hat), (tau - 1) (x - x_hat))

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        tau: the quantile; above 0.5 a pixel that is too dark costs more than one too bright.

    Returns: (B,) loss per image, >= 0, zero iff x_hat equals x.
    Source: Koenker & Bassett 1978, doi:10.2307/1913643
    Example:
        >>> pinball(torch.tensor([[0.0, 1.0]]), torch.tensor([[1.0, 0.0]]), tau=0.9)
        tensor([0.5000])
    """
    e_BP = x_BP - x_hat_BP
    return torch.maximum(tau * e_BP, (tau - 1.0) * e_BP).mean(1)


@loss(from_logits=True, gradient=gradients.bce)
def bce(logits_BP: Tensor, x_BP: Tensor) -> Tensor:
    """Binary cross-entropy of pixels read as probabilities, computed from logits.

    -(x log x_hat + (1 - x) log(1 - x_hat)), x_hat = sigmoid(logit)

    Args:
        logits_BP: what goes into the sigmoid of the output.
        x_BP: target in [0, 1].

    Returns: (B,) nats per pixel for each image, smallest where x_hat equals x; that floor is the entropy of the
        target, not 0.
    Note: its floor on the MNIST test set is .05808 nats per pixel; metrics also show the excess over the floor.
    Source: Good 1952; torch.nn.functional.binary_cross_entropy_with_logits
    Example:
        >>> bce(torch.tensor([[0.0, 0.0]]), torch.tensor([[1.0, 0.0]]))
        tensor([0.6931])
    """
    return pixel_mean(F.binary_cross_entropy_with_logits(logits_BP, x_BP, reduction="none"))


@loss(from_logits=True, minimum_at_target=False, nonnegative=False)
def continuous_bernoulli(logits_BP: Tensor, x_BP: Tensor) -> Tensor:
    """Negative log-likelihood of the continuous Bernoulli: cross-entropy made a density on [0, 1].

    bce - log C(x_hat), C = logit / tanh(logit / 2)

    Args:
        logits_BP: what goes into the sigmoid of the output.
        x_BP: target in [0, 1].

    Returns: (B,) nats per pixel for each image; may be negative, since a density may exceed 1.
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


@loss(needs_image=True)
def ssim(x_hat_BP: Tensor, x_BP: Tensor, *, image_shape: ImageShape = None) -> Tensor:
    """Structural dissimilarity: compares local means, contrasts and structure instead of pixels.

    1 - SSIM; Gaussian window 11, sigma 1.5, valid region, data range 1, C1 = 0.01^2, C2 = 0.03^2

    Args:
        x_hat_BP: reconstruction.
        x_BP: target in [0, 1].
        image_shape: (channels, height, width), at least 11 x 11; a square grey image if not given.

    Returns: (B,) loss per image, in [0, 2], zero iff x_hat equals x.
    Source: Wang et al. 2004, doi:10.1109/TIP.2003.819861
    Example:
        >>> ssim(torch.full((1, 784), 0.5), torch.full((1, 784), 0.5))
        tensor([0.])
    """
    # of s = x_hat + x and d = x_hat - x: mean_s^2 - mean_d^2 = 4 mean_hat mean, mean_s^2 + mean_d^2 = 2 (mean_hat^2 +
    # mean^2), and so do the variances; four filtered maps instead of five, and d = 0 gives 1 exactly
    sum_BCHW, difference_BCHW = as_images(x_hat_BP + x_BP, image_shape), as_images(x_hat_BP - x_BP, image_shape)
    mean_s2, mean_d2 = filter_window(sum_BCHW).square(), filter_window(difference_BCHW).square()
    variance_s = filter_window(sum_BCHW.square()).sub_(mean_s2).add_(2.0 * 0.03**2)
    variance_d = filter_window(difference_BCHW.square()).sub_(mean_d2)
    mean_s2 = mean_s2.add_(2.0 * 0.01**2)
    numerator = (mean_s2 - mean_d2) * (variance_s - variance_d)
    denominator = (mean_s2 + mean_d2) * (variance_s + variance_d)
    return 1.0 - (numerator / denominator).mean(0)


def filter_window(x_BCHW: Tensor) -> Tensor:
    """The Gaussian mean around every pixel that has a whole window, (C (H - 10) (W - 10), B).

    The images are the last axis, so that each direction is a product with one long matrix and not with many small ones.
    """
    batch, channels, height, width = x_BCHW.shape
    rows = gaussian_window(height, x_BCHW.dtype, x_BCHW.device)
    columns = gaussian_window(width, x_BCHW.dtype, x_BCHW.device)
    lines_HWB = torch.bmm(columns.expand(channels * height, -1, -1), x_BCHW.permute(1, 2, 3, 0).flatten(0, 1))
    return torch.matmul(rows, lines_HWB.view(channels, height, -1)).view(-1, batch)


@lru_cache(maxsize=8)
def gaussian_window(size: int, dtype: "torch.dtype", device: "torch.device") -> Tensor:
    """The valid Gaussian filter of one axis as a matrix, (size - 10, size); each row sums to 1."""
    with torch.inference_mode(False):  # it is kept, and a tensor made in inference mode could not be trained through
        offsets = torch.arange(WINDOW_PIXELS, dtype=torch.float64) - WINDOW_PIXELS // 2
        weights = torch.exp(-0.5 * (offsets / 1.5).square())
        matrix = torch.zeros(size - WINDOW_PIXELS + 1, size, dtype=torch.float64)
        for row in range(len(matrix)):
            matrix[row, row : row + WINDOW_PIXELS] = weights / weights.sum()
        return matrix.to(device=device, dtype=dtype)


@loss(needs_image=True)
def focal_frequency(
    x_hat_BP: Tensor, x_BP: Tensor, *, alpha: Annotated[float, Ge(0)] = 1.0, image_shape: ImageShape = None
) -> Tensor:
    """Squared error in the frequency domain, heavier where the spectrum is still wrong.

    mean(w abs(F(x_hat) - F(x))^2), F = orthonormal fft2, w = abs(F(x_hat) - F(x))^alpha / its maximum, held constant

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        alpha: how much the worst frequencies are preferred; 0 is mse.
        image_shape: (channels, height, width); a square grey image if not given.

    Returns: (B,) loss per image, >= 0, zero iff x_hat equals x.
    Source: Jiang et al. 2021, arXiv:2012.12821
    Example:
        >>> focal_frequency(torch.full((1, 4), 0.5), torch.zeros(1, 4), alpha=0.0)
        tensor([0.2500])
    """
    spectrum_BCHW = torch.fft.fft2(as_images(x_hat_BP - x_BP, image_shape), norm="ortho")
    power_BCHW = spectrum_BCHW.real.square() + spectrum_BCHW.imag.square()
    weight_BCHW = power_BCHW.detach().pow(0.5 * alpha)
    largest_B111 = weight_BCHW.amax(dim=(1, 2, 3), keepdim=True).clamp(min=torch.finfo(x_BP.dtype).tiny)
    return (weight_BCHW / largest_B111 * power_BCHW).flatten(1).mean(1)


def as_images(x_BP: Tensor, image_shape: tuple[int, int, int] | None) -> Tensor:
    """Reshape (B, P) to (B, C, H, W); without a shape, to a square grey image.

    Raises:
        ValueError: no shape is given and P is not a square.
    """
    if image_shape is None:
        side = math.isqrt(x_BP.shape[1])
        if side * side != x_BP.shape[1]:
            raise ValueError(f"{x_BP.shape[1]} pixels are no square image; give image_shape=(channels, height, width)")
        image_shape = (1, side, side)
    return x_BP.unflatten(1, image_shape)


def make_loss(name: str, **params: float | tuple[int, int, int]) -> Callable[[Tensor, Tensor], Tensor]:
    """A reconstruction loss by its name in the YAML, as a function `(x_hat_BP, x_BP) -> (B,)`.

    Losses that are computed from logits take probabilities here too: they are clamped to [1e-7, 1 - 1e-7] and turned
    into logits. Parameters are checked as in a config.

    Args:
        name: a name from `aecli list losses`.
        params: the loss's own parameters; `image_shape` for ssim and focal_frequency.

    Returns: a function of the reconstruction and the target, (B, P) each, giving one loss per image, (B,).

    Raises:
        ConfigError: the name is unknown, or a parameter is unknown or out of range.
    Example:
        >>> make_loss("huber", delta=0.5)(torch.tensor([[0.3]]), torch.tensor([[0.0]]))
        tensor([0.0450])
    """
    from aecli.config.load import check_loss

    takes_shape = name in LOSSES and LOSSES[name].trait("needs_image") and "image_shape" in params
    shape = {"image_shape": params.pop("image_shape")} if takes_shape else {}
    checked = check_loss(name, params) | shape
    entry = LOSSES[name]

    def function(x_hat_BP: Tensor, x_BP: Tensor) -> Tensor:
        prediction_BP = torch.logit(x_hat_BP, eps=1e-7) if entry.trait("from_logits") else x_hat_BP
        return entry.function(prediction_BP, x_BP, **checked)

    return function
