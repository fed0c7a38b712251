"""How far a new run of an unchanged config may be off by its seed alone, and how often a limit takes it for worse."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from aecli.comparison.statistics.intervals import ALPHA, mean_and_sd, t_quantile
from aecli.components.evaluation.scales import DECIBEL, RATIO, Scale

TYPICAL_SDS = (0.035, 0.047)
"""Standard deviation over seeds as a share of an error's mean: measured on MNIST, for five losses."""
DECIBELS = 10 / math.log(10)
"""Of a small relative change of an error."""


@dataclass(frozen=True)
class Reference:
    """What a run is held against by one metric."""

    mean: float
    runs: int
    sd: float
    """Over seeds; 0 of a single run, of which nothing is known."""

    @property
    def error(self) -> float:
        """Standard error of a new run minus the mean of these."""
        return self.sd * math.sqrt(1 + 1 / self.runs)

    def reach(self, metrics: int) -> float:
        """How far a new run may be off, one-sided, so that it fails by any of so many metrics in 5 % at most.

        Source: Hahn and Meeker 1991, Statistical Intervals, section 4.7
        """
        return t_quantile(self.runs - 1, 2 * ALPHA / metrics) * self.error if self.error > 0 else 0.0


def refer(values: Sequence[float | None]) -> Reference | None:
    """The values of the baseline runs in short; None where one of them is no number."""
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    return Reference(known[0], 1, 0.0) if len(known) == 1 else Reference(*in_short(known))


def in_short(values: Sequence[float]) -> tuple[float, int, float]:
    """Mean, number and standard deviation."""
    mean, sd = mean_and_sd(values)
    return mean, len(values), sd


def alarm_rate(reference: Reference, allowed: float) -> float | None:
    """The chance that an unchanged run is worse than the mean by more than this; None where nothing is known.

    Example:
        >>> round(alarm_rate(Reference(1.0, 5, 0.035), 0.0), 2), round(alarm_rate(Reference(1.0, 5, 0.035), 0.1), 3)
        (0.5, 0.03)
    """
    if reference.runs < 2 or reference.error <= 0:
        return None
    from scipy.special import stdtr

    return float(stdtr(reference.runs - 1, -allowed / reference.error))


def typical_alarm_rates(allowed: float, mean: float, scale: Scale) -> tuple[float, float] | None:
    """The chance that one of two equal single runs is worse than the other by more than this, at typical spreads.

    Example:
        >>> [round(rate, 2) for rate in typical_alarm_rates(0.02, 1.0, RATIO)]
        [0.34, 0.38]
    """
    unit = {RATIO: abs(mean), DECIBEL: DECIBELS}.get(scale)
    if not unit:
        return None
    low, high = (math.erfc(allowed / (2 * sd * unit)) / 2 for sd in TYPICAL_SDS)
    return low, high
