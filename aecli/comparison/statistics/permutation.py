"""A permutation test of two samples: their values swapped; p-values as scipy defines them.

Owned here and not left to `scipy.stats.permutation_test`, which gives the same numbers but takes 70 ms for thirteen
values, after half a second for its import: comparing a thousand runs would wait for it. Here the arrangements of a size
are laid out once, and a test is one product with them.
"""

import itertools
import math
from functools import lru_cache

from aecli.comparison.statistics.intervals import ALPHA
from aecli.lazy import np

RESAMPLES = 9999
"""Arrangements that are drawn where there are more than this."""
ROUNDING = 1e-12
"""Statistics that are closer than this, relative to their size, are ties."""


def swap_p(first: "np.ndarray", second: "np.ndarray") -> float:
    """Two-sided p-value of the difference of the means of two samples: what if the values had been dealt out otherwise?

    Exact where both samples come from one distribution; too small where the smaller sample has the larger spread.

    Source: Pitman 1937, Supplement to the Journal of the Royal Statistical Society 4, 119
    Example:
        >>> round(swap_p(np.array([1.0, 2.0, 3.0, 4.0]), np.array([5.0, 6.0, 7.0, 8.0])), 4)  # 2 of 70
        0.0286
    """
    pooled = np.concatenate([first, second])
    pooled = pooled - pooled.mean()  # then the sum of the first sample tells the difference
    return two_sided(deals(len(first), len(second)) @ pooled, float(np.abs(pooled).sum()))


def two_sided(statistics: "np.ndarray", scale: float) -> float:
    """Twice the smaller share of the statistics that are at least as extreme as the first one, which was observed."""
    tie = ROUNDING * scale
    tail = min(np.mean(statistics >= statistics[0] - tie), np.mean(statistics <= statistics[0] + tie))
    return min(1.0, 2 * float(tail))


@lru_cache(maxsize=4)
def deals(first: int, second: int) -> "np.ndarray":
    """Rows of 0 and 1 that deal values out to a first sample (1) and a second one, the first row as they were."""
    n = first + second
    if math.comb(n, first) <= RESAMPLES:
        chosen = np.array(list(itertools.combinations(range(n), first)))
    else:
        drawn = np.random.default_rng(0).permuted(np.tile(np.arange(n), (RESAMPLES, 1)), axis=1)
        chosen = np.concatenate([np.arange(n)[None], drawn])[:, :first]
    is_first = np.zeros((len(chosen), n))
    np.put_along_axis(is_first, chosen, 1.0, axis=1)
    return is_first


def can_resolve(first: int, second: int, comparisons: int) -> bool:
    """Whether a permutation test of samples of these sizes can come out below the level, after the correction."""
    return smallest_p(first, second) * comparisons < ALPHA


def smallest_p(first: int, second: int) -> float:
    """The p-value below which no data of two samples can go.

    Example:
        >>> round(smallest_p(4, 4), 3), smallest_p(100, 100)
        (0.029, 0.0002)
    """
    ways = math.comb(first + second, first)
    return min(1.0, 2 / ways if ways <= RESAMPLES else 2 / (RESAMPLES + 1))
