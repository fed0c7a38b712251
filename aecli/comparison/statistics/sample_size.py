"""How many seeds would decide: how many are likely to if the truth is what was seen."""

import math
from functools import lru_cache

from aecli.comparison.statistics.intervals import ALPHA, t_quantile
from aecli.comparison.statistics.pairing import FEWEST
from aecli.lazy import np

POWER = 0.8
MOST_SEEDS = 10_000
SPREADS = 50
"""Values of the spread that a sample may show, over which the power is averaged."""


def seeds_to_decide(
    difference: float,
    sd: float,
    band: float,
    level: float = ALPHA,
    *,
    inner: float = ALPHA,
    edge_sd: float | None = None,
    is_paired: bool = True,
) -> int | None:
    """About how many seeds would decide, if the truth were what was seen, with a power of 80 %.

    Args:
        difference: seen mean difference.
        sd: seen standard deviation of the differences.
        band: half width of the band of practical equivalence.
        level: of the test, after the correction for others of its family.
        inner: one minus the confidence of the interval that has to fit into the band.
        edge_sd: seen standard deviation of the distance to the edges of the band, where these are not certain.
        is_paired: the differences are those of pairs.

    Returns: number of seeds in all; None if more than 10,000.
    """

    def is_enough(n: int) -> bool:
        return power(n, difference, sd, band, level, inner=inner, edge_sd=edge_sd, is_paired=is_paired) >= POWER

    if not is_enough(MOST_SEEDS):
        return None
    low, high = 1, MOST_SEEDS  # not enough, enough
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


def power(
    n: int,
    difference: float,
    sd: float,
    band: float,
    level: float = ALPHA,
    *,
    inner: float = ALPHA,
    edge_sd: float | None = None,
    is_paired: bool = True,
) -> float:
    """The chance that n seeds decide: the interval fits into the band, or a t test at the corrected level succeeds.

    The mean of n differences is normal, and the spread that they show is as likely below as above each of its
    quantiles; the chance is averaged over these.
    """
    from scipy.special import ndtr

    if n < FEWEST or (sd == 0 and difference == 0):
        return float(n >= FEWEST)
    sd = sd or abs(difference) * 1e-9
    degrees, error = (n - 1) * (1 if is_paired else 2), sd / math.sqrt(n)
    reach = reach_of_test(n, level, is_paired) * shown_spreads(degrees)
    fits = band / error - t_quantile(degrees, inner) * shown_spreads(degrees) * ((edge_sd or sd) / sd)
    shift, inside = abs(difference) / error, np.clip(np.minimum(fits, reach), 0, None)
    differs = float((ndtr(shift - reach) + ndtr(-shift - reach)).mean())
    return differs + float((ndtr(inside - shift) - ndtr(-inside - shift)).mean())


@lru_cache(maxsize=1000)
def shown_spreads(degrees: int) -> "np.ndarray":
    """Standard deviations that normal samples show, as shares of the true one: quantiles, equally likely."""
    from scipy.special import gammaincinv

    quantiles: np.ndarray = gammaincinv(degrees / 2, (np.arange(SPREADS) + 0.5) / SPREADS)
    return np.sqrt(quantiles * 2 / degrees)


@lru_cache(maxsize=1000)
def reach_of_test(n: int, level: float, is_paired: bool) -> float:
    """How many standard errors a difference must be away from 0; infinitely many where there are too few seeds."""
    return t_quantile((n - 1) * (1 if is_paired else 2), level) if n >= FEWEST else math.inf
