"""Bootstrap of means over images: how much numbers would move with other images of the same kind.

The trained model is held fixed, so an interval holds *data variance* and says nothing about another seed.

Shapes: N images, Q quantities of each, R resamples.
"""

import math
from typing import TypedDict

import numpy as np

RESAMPLES = 2000
CONFIDENCE = 0.95
Values = float | np.ndarray
"""One value, or its value in every resample."""


class Estimate(TypedDict):
    """A value with its percentile interval."""

    value: float | None
    interval: list[float] | None


def resampled_means(values_NQ: np.ndarray, rng: np.random.Generator, count: int = RESAMPLES) -> np.ndarray:
    """Bootstrap distribution of the means of several quantities, drawn jointly, (R, Q).

    The images of a resample are counted instead of gathered: 60,000 images cost a millisecond each time. A single
    image tells nothing of its kind: its means are not numbers.
    """
    size = len(values_NQ)
    means_RQ = np.full((count, values_NQ.shape[1]), np.nan)
    for means_Q in means_RQ if size > 1 else ():
        counts_N = np.bincount(rng.integers(0, size, size), minlength=size)
        means_Q[:] = counts_N @ values_NQ / size
    return means_RQ


def estimate(value: Values, draws_R: Values) -> Estimate:
    """A value with its percentile interval; None for what is not finite."""
    tail = (1.0 - CONFIDENCE) / 2.0
    ends = np.quantile(draws_R, [tail, 1.0 - tail]).tolist() if np.isfinite(draws_R).all() else None
    return {"value": float(value) if math.isfinite(value) else None, "interval": ends}


def relative(value: Values, base: Values) -> Values:
    """Difference as a share of the base; not a number where the base is 0."""
    return np.divide(np.subtract(value, base), np.abs(base))
