"""Loss-neutral metrics: one function each, from per-image errors to one number.

A metric is computed once from the errors of *all* images, never as a mean over batches of different sizes. It says
which direction is better and which per-image quantities it needs; per_image.py measures those.
"""

import math

from aecli.components.evaluation.per_image import PerImage
from aecli.registry import Registry

METRICS = Registry("metric")
metric = METRICS.register


@metric(better="lower", needs=("squared",))
def mse(errors: PerImage) -> float:
    """Mean squared error per pixel.

    mean over images and pixels of (x_hat - x)^2
    """
    return mean(errors["squared"])


@metric(better="lower", needs=("absolute",))
def mae(errors: PerImage) -> float:
    """Mean absolute error per pixel.

    mean over images and pixels of abs(x_hat - x)
    """
    return mean(errors["absolute"])


@metric(better="lower", needs=("squared",))
def rmse(errors: PerImage) -> float:
    """Root of the mean squared error, in pixel units.

    sqrt(mse)
    """
    return math.sqrt(mse(errors))


@metric(better="higher", needs=("squared",), requires="unit_range")
def psnr_db(errors: PerImage) -> float:
    """Peak signal-to-noise ratio of the mean MSE, in decibels, for a data range of 1.

    -10 log10(mse), the MSE averaged over all images first
    """
    value = mse(errors)
    return -10.0 * math.log10(value) if value > 0 else math.inf


@metric(better="higher", needs=("ssim",), requires="image")
def ssim(errors: PerImage) -> float:
    """Structural similarity, mean over images.

    mean SSIM; Gaussian window 11, sigma 1.5, valid region, data range 1

    Source: Wang et al. 2004, doi:10.1109/TIP.2003.819861
    """
    return mean(errors["ssim"])


@metric(better="lower", needs=("bce",), requires="unit_range")
def bce_nats(errors: PerImage) -> float:
    """Binary cross-entropy in nats per pixel, of reconstructions clipped to [1e-7, 1 - 1e-7].

    mean of -(x log x_hat + (1 - x) log(1 - x_hat))
    """
    return mean(errors["bce"])


@metric(better="lower", needs=("bce", "entropy"), requires="unit_range")
def bce_excess_nats(errors: PerImage) -> float:
    """Binary cross-entropy above its floor, the entropy of the targets themselves, in nats per pixel.

    bce_nats - mean of -(x log x + (1 - x) log(1 - x))
    """
    return mean(errors["bce"]) - mean(errors["entropy"])


@metric(better="lower", needs=("squared", "deviation"))
def fvu(errors: PerImage) -> float:
    """Fraction of variance unexplained: 1 for the mean training image, 0 for a perfect reconstruction.

    sum (x_hat - x)^2 / sum (mean training image - x)^2
    """
    spread = mean(errors["deviation"])
    return mse(errors) / spread if spread > 0 else math.nan


def mean(values_N: "object") -> float:
    """The mean in double precision."""
    return float(values_N.mean(dtype="float64"))


def needed(names: "list[str] | tuple[str, ...]") -> set[str]:
    """The per-image quantities that these metrics are made of."""
    return {quantity for name in names for quantity in METRICS[name].trait("needs")}


def applicable(*, is_image: bool, unit_range: bool) -> list[str]:
    """The metrics that mean something on this data.

    Args:
        is_image: whether rows are images of at least 11 x 11 pixels.
        unit_range: whether all values lie in [0, 1].

    Example:
        >>> applicable(is_image=False, unit_range=False)
        ['mse', 'mae', 'rmse', 'fvu']
    """
    given = {"unit_range": unit_range, "image": is_image and unit_range, None: True}
    return [name for name, entry in METRICS.items() if given[entry.trait("requires")]]


def compute(errors: PerImage, names: "list[str]") -> dict[str, float]:
    """Each metric by name."""
    return {name: METRICS[name].function(errors) for name in names}


def loss_like(name: str, value: float) -> float:
    """A metric's value turned so that smaller is better."""
    return value if METRICS[name].trait("better") == "lower" else -value
