"""What being chosen as the best is worth by itself: how far the number of who was chosen is too good.

Knows numbers alone. A number is chosen by its mean over seeds, smaller is better, and part of its lead is luck.

Shapes: K that were chosen among, D draws.
"""

import statistics
from collections.abc import Sequence

from aecli.lazy import np

DRAWS = 4000
SPLIT = 0.3
"""Noise that is added to choose, in units of the noise that is there: less leaves the estimate more to chance, more
chooses worse than was chosen. Where seeds spread by 5 %, candidates are 2 to 16 and seeds 2 to 10, what is left on
average is .4 % at most: equal ones, one that leads by 5 or 10 %, true means that spread by 5 % (.4 leaves .6)."""


def deviations_of_best(count: int) -> float:
    """Expected largest of so many standard normal draws, to about 1 % (4 % for two).

    Source: Blom 1958, Statistical Estimates and Transformed Beta-Variables.

    Example:
        >>> round(deviations_of_best(1), 2), round(deviations_of_best(10), 2), round(deviations_of_best(50), 2)
        (0.0, 1.55, 2.24)
    """
    return statistics.NormalDist().inv_cdf((count - 0.375) / (count + 0.25))


def residual_variance(rows: Sequence[Sequence[float]]) -> float:
    """Mean square of what is left of a table when its rows and its columns are taken off.

    Args:
        rows: one for each candidate, at least two, with one value for each seed, the same seeds in all.

    Example:
        >>> residual_variance([[1.0, 2.0], [3.0, 4.0]]), residual_variance([[1.0, 2.0], [4.0, 3.0]])
        (0.0, 1.0)
    """
    table = np.array(rows, float)
    left = table - table.mean(axis=1, keepdims=True) - table.mean(axis=0) + table.mean()
    return float((left**2).sum() / ((table.shape[0] - 1) * (table.shape[1] - 1)))


def without_luck(
    chosen_by_K: "np.ndarray", error_K: "np.ndarray", reported_K: "np.ndarray", slope_K: "np.ndarray"
) -> float:
    """What the number of who is chosen comes to without the luck of being chosen.

    A normal number with added noise w is independent of the same number minus w (its variance over that of w): the
    first chooses, the second tells what was chosen, averaged over the noise. It is right whatever the true means are,
    of a choice by numbers whose variance is larger by a tenth.

    Args:
        chosen_by_K: the smallest is chosen.
        error_K: standard errors of these, apart from what all share.
        reported_K: what is reported of each; may be `chosen_by_K` itself.
        slope_K: of the errors of `reported_K` on those of `chosen_by_K`.

    Source: Rasines and Young 2023, doi:10.1093/biomet/asac070
    Example:
        >>> seen, certain = np.array([1.0, 2.0]), np.zeros(2)
        >>> without_luck(seen, certain, seen, np.ones(2))
        1.0
    """
    half_DK = np.random.default_rng(0).standard_normal((DRAWS // 2, len(error_K))) * error_K
    noise_DK = np.concatenate([half_DK, -half_DK])
    at_D = (chosen_by_K + SPLIT * noise_DK).argmin(axis=1)
    luck_D = noise_DK[np.arange(len(at_D)), at_D] / SPLIT
    return float((reported_K[at_D] - slope_K[at_D] * luck_D).mean())
