"""A difference as a share of the baseline's mean, with an interval that knows that this mean is uncertain too.

Dividing the interval of the difference by the mean as if that were exact covers 66 to 95 % where the
difference is large or the seeds move both candidates together.
"""

import math
from collections.abc import Mapping

from aecli.comparison.statistics.intervals import Estimate, mean_and_sd, mean_interval, welch
from aecli.comparison.statistics.pairing import common_seeds
from aecli.lazy import np


def relative_difference(candidate: Mapping[int, float], baseline: Mapping[int, float]) -> Estimate | None:
    """candidate / baseline - 1 with its 95 % interval, over the seeds that `compare_pairs` takes.

    Paired: the interval of (d - r (b - mean b)) / mean b, whose mean is r = mean d / mean b. Unpaired: Welch's
    interval of the candidate against the baseline times the ratio of their means. Both are the delta method.

    Returns: None where the baseline's mean is 0, or so near to it that the share is no number.

    Source: Cochran 1977, Sampling Techniques, section 6.4
    Example:
        >>> relative_difference({0: 1.1, 1: 2.2, 2: 3.3}, {0: 1.0, 1: 2.0, 2: 3.0})  # 10 % with every seed
        Estimate(mean=0.1..., n=3, low=0.1..., high=0.1...)
    """
    with np.errstate(all="ignore"):
        seeds = common_seeds(candidate, baseline)
        ours, theirs = (np.array([values[seed] for seed in seeds or values], float) for values in (candidate, baseline))
        mean = mean_and_sd(theirs)[0]
        if mean == 0:
            return None
        share = (mean_and_sd(ours - theirs)[0] if seeds else mean_and_sd(ours)[0] - mean) / abs(mean)
        if not math.isfinite(share):
            return None
        if seeds:
            found = mean_interval((ours - theirs) / abs(mean) - share * (theirs / mean - 1))
        else:
            found = welch(ours / abs(mean), theirs / abs(mean) * (1 + share * math.copysign(1, mean)))[0]
    n = len(seeds) or min(len(ours), len(theirs))
    if found.low is None or found.high is None:
        return Estimate(share, n)
    ends = share + (found.low - found.mean), share + (found.high - found.mean)
    return Estimate(share, n, *ends) if all(map(math.isfinite, ends)) else None
