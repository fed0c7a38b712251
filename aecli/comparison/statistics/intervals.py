"""Means with intervals: of one sample the hull of Student's and Hall's, of two samples Welch's.

Why not a bootstrap: in 4,000 simulations BCa intervals covered 89 % at n = 10 and 93 % at n = 30 of normal differences
(86 % and 90 % of heavy-tailed ones), Student's covered 95 % (96 %). Why the hull: of lopsided differences Student's
covers 91 % (exponential) and 84 % (lognormal) at n = 10, the hull 94 % and 90 %; it is 5 to 16 % wider.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from aecli.lazy import np

ALPHA = 0.05
CONFIDENCE = 1 - ALPHA
NO_SPREAD = 1e-12
"""A standard deviation below this share of the mean is rounding, and counts as 0."""
FEWEST_FOR_SKEWNESS = 6
"""Values below which the skewness of a sample says nothing, and would widen its interval without bound."""
NO_LEAN = 1e-6
"""Skewness over the root of n below which an interval is symmetric."""
Values: TypeAlias = "Sequence[float] | np.ndarray"


@dataclass(frozen=True)
class Estimate:
    """A mean with its 95 % interval."""

    mean: float
    n: int
    low: float | None = None
    """None with one value: nothing is known about the spread."""
    high: float | None = None

    @property
    def half_width(self) -> float | None:
        """Half the width of the interval."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of the interval; where there is none, both are the mean."""
        return (self.mean, self.mean) if self.low is None or self.high is None else (self.low, self.high)


def mean_interval(values: Values, alpha: float = ALPHA) -> Estimate:
    """The mean and its interval of confidence 1 - alpha.

    Example:
        >>> mean_interval([1.0, 2.0, 3.0])
        Estimate(mean=2.0, n=3, low=-0.484..., high=4.484...)
        >>> mean_interval([0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 5.0])  # lopsided: further on the side of the tail
        Estimate(mean=1.0, n=8, low=-0.41..., high=6.00...)
    """
    (mean, sd), n = mean_and_sd(values), len(values)
    if n < 2:
        return Estimate(mean, n)
    return hull(mean, n, sd / math.sqrt(n), t_quantile(n - 1, alpha), skewness(values))


def hull(mean: float, n: int, error: float, quantile: float, skew: float) -> Estimate:
    """The hull of Student's interval and of Hall's, which allows for the skewness of the sample.

    Args:
        mean: of n values.
        n: how many.
        error: standard error of the mean.
        quantile: of Student's t, for the confidence that is asked for.
        skew: skewness of the values.

    Source: Hall 1992, Journal of the Royal Statistical Society B 54, "On the removal of skewness by transformation"
    """
    half = quantile * error
    low, high = mean - half, mean + half
    lean = skew / math.sqrt(n)
    if abs(lean) > NO_LEAN:
        ends = [mean - error * straighten(y, lean) for y in (quantile, -quantile)]
        low, high = min(low, *ends), max(high, *ends)
    return Estimate(mean, n, low, high)


def straighten(y: float, lean: float) -> float:
    """Hall's transformation, inverted: what a quantile of a symmetric statistic is for a lopsided one."""
    return 3 / lean * (math.cbrt(1 + lean * (y - lean / 6)) - 1)


def skewness(values: Values) -> float:
    """Third central moment over the 1.5th power of the second (divisor n); 0 without spread, and of too few to tell."""
    if len(values) < FEWEST_FOR_SKEWNESS or not (sd := mean_and_sd(values)[1]):
        return 0.0
    array = np.asarray(values, float)
    z = (array - array.mean()) / sd
    return float((z**3).mean() / (z**2).mean() ** 1.5)


def mean_and_sd(values: Values) -> tuple[float, float]:
    """Mean and standard deviation, of a single value 0; squares of huge values do not overflow nor tiny ones vanish."""
    if len(values) == 1:
        return float(
            values[0]
        ), 0.0  # a thousand runs without other seeds ask so often that arrays would cost half a second
    array = np.asarray(values, float)
    exponent = math.frexp(float(np.abs(array).max()))[1]
    scaled = np.ldexp(array, -exponent)  # by a power of two: nothing is rounded
    sd = float(scaled.std(ddof=1))
    sd = 0.0 if sd < NO_SPREAD * abs(scaled.mean()) else sd
    with np.errstate(over="ignore"):
        mean, sd = np.ldexp([scaled.mean(), sd], exponent)
    return float(mean), float(sd)


def around(mean: float, n: int, error: float, degrees: float) -> Estimate:
    """A mean with its interval, from its standard error."""
    half = t_quantile(degrees) * error
    return Estimate(mean, n, mean - half, mean + half)


@lru_cache(maxsize=1000)
def t_quantile(degrees: float, alpha: float = ALPHA) -> float:
    """The value that Student's t exceeds with probability alpha / 2."""
    from scipy.special import stdtrit  # scipy.stats would take half a second, and a plain table needs no more

    return float(stdtrit(degrees, 1 - alpha / 2))


def t_p(mean: float, error: float, degrees: float) -> float:
    """Two-sided p-value of Student's t; without any spread 0, or 1 where the mean is 0."""
    from scipy.special import stdtr

    return 2 * float(stdtr(degrees, -abs(mean) / error)) if error > 0 else float(mean == 0)


def welch(candidate: Values, baseline: Values) -> tuple[Estimate, float, float]:
    """Difference of two means with Welch's interval, its standard error, and the degrees of freedom."""
    (mean, sd), (other_mean, other_sd) = mean_and_sd(candidate), mean_and_sd(baseline)
    one, other = sd / math.sqrt(len(candidate)), other_sd / math.sqrt(len(baseline))
    error = math.hypot(one, other)
    shares = ((one / error) ** 2, (other / error) ** 2) if error else (0.5, 0.5)
    degrees = 1 / (shares[0] ** 2 / (len(candidate) - 1) + shares[1] ** 2 / (len(baseline) - 1))
    return around(mean - other_mean, min(len(candidate), len(baseline)), error, degrees), error, degrees
