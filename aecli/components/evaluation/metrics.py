"""Loss-neutral metrics: one function each, from per-image errors to one number.

A metric is computed once from the errors of *all* images, never as a mean over batches of different sizes. It says
which direction is better, on which scale differences of it are told, and which per-image quantities it needs;
per_image.py measures those.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aecli.components import requirements
from aecli.components.evaluation.per_image import QUANTITIES, PerImage
from aecli.components.evaluation.scales import DECIBEL, POINTS, RATIO, SCALES, Direction, Scale
from aecli.components.requirements import Requirement, Rows
from aecli.registry import Facts, Function, Registry, unknown_name

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, kw_only=True)
class MetricFacts(Facts):
    """What a metric says of itself beside its formula."""

    better: Direction
    needs: tuple[str, ...]
    """The per-image quantities that it is made of."""
    scale: Scale = RATIO
    """What a difference of it is told in."""
    quantity: str | None = None
    """The per-image quantity of whose mean over the images it is a monotone function, if there is one."""
    monotone_of: str | None = None
    """Another metric that orders nets on the same data as this one does."""
    requires: Requirement | None = None
    """What it needs of the data."""

    def told(self) -> dict[str, object]:
        """The direction."""
        return {"better": self.better}


METRICS: Registry[MetricFacts] = Registry("metric", symbols="x: an image; x_hat: its reconstruction")
USUAL = "mse"
"""The one where nobody names one."""


def metric(
    *,
    better: Direction,
    needs: tuple[str, ...],
    scale: Scale = RATIO,
    quantity: str | None = None,
    monotone_of: str | None = None,
    requires: Requirement | None = None,
) -> Callable[[Function], Function]:
    """Decorator: enrol a metric; the arguments are the fields of MetricFacts.

    Raises:
        ValueError: the direction or the scale is none, or a quantity or the other metric is not registered.
    """
    if better not in ("lower", "higher"):
        raise ValueError(f'better must be "lower" or "higher", got {better!r}')
    if scale not in SCALES:
        raise ValueError(f"scale must be one of {', '.join(SCALES)}, got {scale!r}")
    for name in (*needs, *([quantity] if quantity else [])):
        if name not in QUANTITIES:
            raise ValueError(f"per-image quantity {unknown_name(name, QUANTITIES)}")
    if monotone_of is not None and monotone_of not in METRICS:
        raise ValueError(f"metric {unknown_name(monotone_of, METRICS)}")
    return METRICS.register(
        MetricFacts(
            better=better, needs=needs, scale=scale, quantity=quantity, monotone_of=monotone_of, requires=requires
        )
    )


def unit_range(rows: Rows) -> str | None:
    """For what is defined on pixels in [0, 1]."""
    return None if rows.unit_range else "needs values in [0, 1]"


def unit_images(rows: Rows) -> str | None:
    """For what looks at windows of such pixels."""
    return requirements.windows(rows) or unit_range(rows)


@metric(better="lower", needs=("squared",), quantity="squared")
def mse(errors: PerImage) -> float:
    """Mean squared error per pixel.

    mean over images and pixels of (x_hat - x)^2

    Use when: in doubt; but where mse is also a loss of the comparison, look at mae or ssim too.
    """
    return mean(errors["squared"])


@metric(better="lower", needs=("absolute",), quantity="absolute")
def mae(errors: PerImage) -> float:
    """Mean absolute error per pixel.

    mean over images and pixels of abs(x_hat - x)

    Use when: the typical error matters, in units of a pixel, and not a few large ones.
    """
    return mean(errors["absolute"])


@metric(better="lower", needs=("squared",), quantity="squared", monotone_of="mse")
def rmse(errors: PerImage) -> float:
    """Root of the mean squared error, in pixel units.

    sqrt(mse)

    Use when: the mse is wanted in units of a pixel; it ranks nets exactly as mse does.
    """
    return math.sqrt(mse(errors))


@metric(better="higher", needs=("squared",), scale=DECIBEL, quantity="squared", monotone_of="mse", requires=unit_range)
def psnr_db(errors: PerImage) -> float:
    """Peak signal-to-noise ratio of the mean MSE, in decibels, for a data range of 1.

    -10 log10(mse), the MSE averaged over all images first

    Use when: numbers are held against papers on images; it ranks nets exactly as mse does.
    """
    value = mse(errors)
    return -10.0 * math.log10(value) if value > 0 else math.inf


@metric(better="higher", needs=("ssim",), scale=POINTS, quantity="ssim", requires=unit_images)
def ssim(errors: PerImage) -> float:
    """Structural similarity, mean over images.

    mean SSIM; Gaussian window 11, sigma 1.5, valid region, data range 1

    Use when: what people see matters: edges and contrast.
    Source: Wang et al. 2004, doi:10.1109/TIP.2003.819861
    """
    return mean(errors["ssim"])


@metric(better="lower", needs=("bce",), quantity="bce", requires=unit_range)
def bce_nats(errors: PerImage) -> float:
    """Binary cross-entropy in nats per pixel, of reconstructions clipped to [1e-7, 1 - 1e-7].

    mean of -(x log x_hat + (1 - x) log(1 - x_hat))

    Use when: nets are read as models of black and white pixels; its least value is not 0, see bce_excess_nats.
    """
    return mean(errors["bce"])


@metric(better="lower", needs=("bce", "entropy"), quantity="bce", monotone_of="bce_nats", requires=unit_range)
def bce_excess_nats(errors: PerImage) -> float:
    """Binary cross-entropy above its floor, the entropy of the targets themselves, in nats per pixel.

    bce_nats - mean of -(x log x + (1 - x) log(1 - x))

    Use when: a cross-entropy is to be read at all: this one is 0 for a perfect reconstruction.
    """
    return mean(errors["bce"]) - mean(errors["entropy"])


@metric(better="lower", needs=("squared", "deviation"), quantity="squared", monotone_of="mse")
def fvu(errors: PerImage) -> float:
    """Fraction of variance unexplained: 1 for the mean training image, 0 for a perfect reconstruction.

    sum (x_hat - x)^2 / sum (mean training image - x)^2

    Use when: errors on different data, or in different units, are compared. Where the images are nearly equal it is
        large though every error is small: what varies is then mostly noise.
    """
    spread = mean(errors["deviation"])
    return mse(errors) / spread if spread > 0 else math.nan


def mean(values_N: "np.ndarray") -> float:
    """The mean in double precision."""
    return float(values_N.mean(dtype="float64"))


def needed(names: Iterable[str]) -> set[str]:
    """The per-image quantities that these metrics are made of."""
    return {quantity for name in names for quantity in METRICS[name].facts.needs}


def applicable(rows: Rows) -> list[str]:
    """The metrics that mean something on this data.

    Example:
        >>> applicable(Rows("csv", 3, None, False, False))
        ['mse', 'mae', 'rmse', 'fvu']
    """
    facts = {name: entry.facts for name, entry in METRICS.items()}
    return [name for name, own in facts.items() if own.requires is None or own.requires(rows) is None]


def compute(errors: PerImage, names: Iterable[str]) -> dict[str, float]:
    """Each metric by name."""
    return {name: METRICS[name].function(errors) for name in names}


def loss_like(name: str, value: float) -> float:
    """A metric's value turned so that smaller is better."""
    return value if METRICS[name].facts.better == "lower" else -value
