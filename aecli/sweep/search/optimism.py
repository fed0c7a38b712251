"""How much of the best of many is luck: what a search's winner gains by being chosen.

The numbers of N equally good settings spread by their seeds alone, and the best of them lies E[max of N normal draws]
of those standard deviations ahead of what it would come to again. Settings that differ leave less to luck, so that is
the most to be expected; the corrected value takes off what these settings leave. All settings have the same seeds, and
what a seed does to all of them chooses none: only the residual of the two-way layout counts.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from aecli.chosen import deviations_of_best, residual_variance, without_luck
from aecli.lazy import np


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
    corrected: float | None = None
    """The value of the winner without the luck of being chosen; None with one seed each, or one setting."""


def optimism_of_best(values: Sequence[Sequence[float]], settings: int) -> Optimism:
    """The luck in the best setting, as `search.json` tells it.

    Args:
        values: of the objective, the settings best first, each with one value for each seed.
        settings: how many the winner was chosen among, with those that were stopped early.

    Example:
        >>> optimism_of_best([[1.0, 3.0], [2.0, 3.0], [9.0, 90.0]], 3)
        Optimism(settings=3, seeds=2, deviations=0.8..., optimism=0.3..., corrected=2.0...)
    """
    seeds = min(map(len, values), default=0)
    deviations = deviations_of_best(settings) if settings else 0.0
    if seeds < 2:
        return Optimism(settings, seeds, deviations, None)
    if len(values) < 2:
        return Optimism(settings, seeds, deviations, 0.0 if settings == 1 else None)
    table = [one[:seeds] for one in values]
    better = table[: max((len(table) + 1) // 2, 2)]  # bad settings spread more, and have no chance to be chosen
    error = math.sqrt(residual_variance(better) / seeds)
    means_K = np.array(table, float).mean(axis=1)
    sign = 1 if means_K[0] <= means_K[-1] else -1  # best first
    ones_K = np.ones(len(table))
    corrected = sign * without_luck(sign * means_K, error * ones_K, sign * means_K, ones_K)
    return Optimism(settings, seeds, deviations, deviations * error, corrected)
