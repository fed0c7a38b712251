"""How many seeds would decide: how many are likely to if the truth is what was seen, and between which that may lie."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

from aecli.comparison.statistics.intervals import ALPHA, t_quantile
from aecli.comparison.statistics.pairing import FEWEST
from aecli.lazy import np

POWER = 0.8
MOST_SEEDS = 10_000
SPREADS = 50
"""Values of the spread that a sample may show, over which the power is averaged."""
RANGE = 0.8
"""Confidence of the range in which the needed number lies."""
STEPS = 3
"""Differences within the band that are looked at: in its middle neither of the two answers comes soon."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A difference as a sample shows it, and what it takes to decide about it."""

    difference: float
    sd: float
    """Standard deviation of the differences over seeds."""
    band: float
    """Half width of the band of practical equivalence."""
    level: float = ALPHA
    """Of the test, after the correction for others of its family."""
    inner: float = ALPHA
    """One minus the confidence of the interval that has to fit into the band."""
    edge_sd: float | None = None
    """Standard deviation of the distance to the edges of the band, where these are not certain."""
    is_paired: bool = True
    """The differences are those of pairs."""
    degrees_each: float | None = None
    """Degrees of freedom of the test that each seed after the first one adds; of its own pair or sample if None."""
    image_error: float = 0.0
    """What the draw of the test images adds to the standard error, however many seeds there are."""

    @property
    def own_degrees_each(self) -> int:
        """Degrees of freedom that each seed after the first one adds to the spread of the pair or the samples alone."""
        return 1 if self.is_paired else 2


@dataclass(frozen=True)
class Needed:
    """How many seeds would decide, in all; None where more than 10,000."""

    likely: int | None
    low: int | None
    high: int | None


def seeds_to_decide(seen: Seen) -> int | None:
    """About how many seeds would decide, if the truth were what was seen, with a power of 80 %.

    Returns: number of seeds in all; None if more than 10,000.
    """
    if power(MOST_SEEDS, seen) < POWER:
        return None
    low, high = 1, MOST_SEEDS  # not enough, enough
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle, seen) >= POWER else (middle, high)
    return high


def range_of_needed(seen: Seen, n: int, degrees: float) -> Needed:
    """How many seeds would decide, and between which numbers that lies, since a sample shows the truth only so well.

    The number goes with the square of the spread and, outside of the band, against that of the difference. The
    logarithms of what each of the two leaves open (80 % each) are put together as the sides of a right angle.

    Args:
        seen: the difference.
        n: seeds that have shown it.
        degrees: of freedom of its spread.

    Returns: all three more than n.

    Source: Zou and Donner 2008, Statistics in Medicine 27, 1693 (method of variance estimates recovery)
    """
    from scipy.special import chdtri

    likely, size = seeds_to_decide(seen), abs(seen.difference)
    half = t_quantile(degrees, 1 - RANGE) * seen.sd / math.sqrt(n)
    nearest, furthest = max(size - half, 0.0), size + half
    sizes = [nearest, furthest]
    if nearest < seen.band:
        sizes += np.linspace(nearest, min(furthest, seen.band), STEPS + 2)[1:-1].tolist()
    counts = [log_count(seeds_to_decide(replace(seen, difference=one))) for one in sizes]
    centre = log_count(likely)
    tails = ((1 - RANGE) / 2, (1 + RANGE) / 2)
    fewer, more = (abs(math.log(degrees / float(chdtri(degrees, tail)))) if seen.sd else 0.0 for tail in tails)
    low = centre - math.hypot(max(centre - min(counts), 0.0), fewer)
    high = centre + math.hypot(max(max(counts) - centre, 0.0), more)
    ends = (None if end > math.log(MOST_SEEDS) else round(math.exp(end)) for end in (low, high))
    least, most = (None if end is None else max(end, n + 1) for end in ends)
    return Needed(likely if likely is None else max(likely, n + 1), least, most)


def log_count(count: int | None) -> float:
    """The logarithm of a number of seeds, or of the most that is looked at."""
    return math.log(count or MOST_SEEDS * 1.001)


def power(n: int, seen: Seen) -> float:
    """The chance that n seeds decide: the interval fits into the band, or a t test at the corrected level succeeds.

    The mean of n differences is normal, and the spread that they show is as likely below as above each of its
    quantiles; the chance is averaged over these.
    """
    from scipy.special import ndtr

    difference, sd = abs(seen.difference), seen.sd
    if n < FEWEST or (sd == 0 and difference == 0):
        return float(n >= FEWEST)
    sd = sd or difference * 1e-9
    error = sd / math.sqrt(n)
    own = (n - 1) * seen.own_degrees_each
    degrees = (n - 1) * (seen.degrees_each or seen.own_degrees_each)
    reach = t_quantile(degrees, seen.level) * np.hypot(shown_spreads(degrees), seen.image_error / error)
    fits = seen.band / error - t_quantile(own, seen.inner) * shown_spreads(own) * ((seen.edge_sd or sd) / sd)
    shift, inside = difference / error, np.clip(np.minimum(fits, reach), 0, None)
    differs = float((ndtr(shift - reach) + ndtr(-shift - reach)).mean())
    return differs + float((ndtr(inside - shift) - ndtr(-inside - shift)).mean())


@lru_cache(maxsize=1000)
def shown_spreads(degrees: float) -> "np.ndarray":
    """Standard deviations that normal samples show, as shares of the true one: quantiles, equally likely."""
    from scipy.special import gammaincinv

    quantiles: np.ndarray = gammaincinv(degrees / 2, (np.arange(SPREADS) + 0.5) / SPREADS)
    return np.sqrt(quantiles * 2 / degrees)
