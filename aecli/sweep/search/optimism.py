"""How much of the best of many is luck: what a search's winner gains by being chosen, were all settings equally good.

The numbers of N equally good settings spread by their seeds alone, and the best of them lies E[max of N normal draws]
of those standard deviations ahead of what it would come to again. Settings that differ leave less to luck, so it is the
most that is to be expected, not a correction.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Optimism:
    """What being the best of many is worth by itself."""

    settings: int
    """Among which the winner was chosen."""
    seeds: int
    """Of each."""
    deviations: float
    """By which the best of so many equal ones is ahead, in standard deviations."""
    optimism: float | None
    """The same in the units of the objective; None with one seed each, which tells nothing about the spread."""


def deviations_of_best(count: int) -> float:
    """Expected largest of so many standard normal draws, to about 1 % (4 % for two).

    Source: Blom 1958, Statistical Estimates and Transformed Beta-Variables.

    Example:
        >>> round(deviations_of_best(1), 2), round(deviations_of_best(10), 2), round(deviations_of_best(50), 2)
        (0.0, 1.55, 2.24)
    """
    return statistics.NormalDist().inv_cdf((count - 0.375) / (count + 0.25))


def optimism_of_best(values: Sequence[Sequence[float]], settings: int) -> Optimism:
    """The luck in the best setting, as `search.json` tells it.

    Args:
        values: of the objective, the settings best first, each with one value for each seed.
        settings: how many the winner was chosen among, with those that were stopped early.

    Example:
        >>> optimism_of_best([[1.0, 3.0], [2.0, 4.0], [9.0, 90.0]], 3)
        Optimism(settings=3, seeds=2, deviations=0.8..., optimism=0.8...)
    """
    seeds = min(map(len, values), default=0)
    deviations = deviations_of_best(settings) if settings else 0.0
    if seeds < 2:
        return Optimism(settings, seeds, deviations, None)
    better = values[: (len(values) + 1) // 2]  # bad settings spread more, and have no chance to be chosen
    variance = statistics.fmean(statistics.variance(one) for one in better)
    return Optimism(settings, seeds, deviations, deviations * math.sqrt(variance / seeds))
