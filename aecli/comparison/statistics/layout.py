"""Seeds times candidates: how uncertain the means of candidates are, apart from what their seeds share.

Where candidates have their seeds in common, a seed that is lucky for all of them moves no difference: what counts is
the residual of the two-way layout. Of the seeds that are not in common the whole spread counts.

Shapes: K candidates, T numbers of each run, N seeds, C weightings.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from aecli.comparison.statistics.intervals import t_quantile
from aecli.lazy import np

FAR = 5.0
SURELY = 0.001


@dataclass(frozen=True)
class Spread:
    """Covariances over seeds, of all candidates together."""

    residual_TT: "np.ndarray"
    """Of what is left without candidates and seeds."""
    within_TT: "np.ndarray"
    """Within candidates."""
    counts_K: "np.ndarray"
    """Seeds of each candidate."""
    common: int
    """Seeds by which all are paired; 0 where these are too few."""
    degrees: int
    """Of freedom."""

    def covariance(self, first_CT: "np.ndarray", second_CT: "np.ndarray") -> "np.ndarray":
        """Of two weighted sums of the means of a candidate, (C, K), apart from what all candidates share."""
        residual_C1, within_C1 = (
            np.einsum("ct,tu,cu->c", first_CT, one_TT, second_CT)[:, None]
            for one_TT in (self.residual_TT, self.within_TT)
        )
        paired_K = self.common / self.counts_K
        found_CK: np.ndarray = (paired_K * residual_C1 + (1 - paired_K) * within_C1) / self.counts_K
        return found_CK


def find_spread(values: "Sequence[np.ndarray]", seeds: Sequence[Sequence[int]]) -> Spread:
    """The spread of candidates by their seeds.

    Args:
        values: one (T, N) for each candidate, at least two, each with two seeds or more.
        seeds: of each candidate, in the order of its values.
    """
    counts_K = np.array([len(own) for own in seeds])
    common = sorted(set.intersection(*map(set, seeds)))
    if len(common) < 2 or 2 * len(common) < counts_K.max():
        common = []
    within_KTN = [one - one.mean(axis=1, keepdims=True) for one in values]
    degrees = int((counts_K - 1).sum())
    within_TT = sum(one @ one.T for one in within_KTN) / degrees
    if not common:
        return Spread(within_TT, within_TT, counts_K, 0, degrees)
    block_KTN = np.stack(
        [one[:, [list(own).index(seed) for seed in common]] for one, own in zip(values, seeds, strict=True)]
    )
    left_KTN = block_KTN - block_KTN.mean(axis=2, keepdims=True)
    left_KTN = left_KTN - left_KTN.mean(axis=0)
    degrees = (len(values) - 1) * (len(common) - 1)
    residual_TT = np.einsum("ktn,kun->tu", left_KTN, left_KTN) / degrees
    return Spread(residual_TT, within_TT, counts_K, len(common), degrees)


def contenders(values: "Sequence[np.ndarray]", seeds: Sequence[Sequence[int]]) -> list[int]:
    """Those that are not hopelessly behind, best first; smaller is better.

    Two at least. Who comes after a gap of five times the range of all before it, and of more than noise, cannot be the
    best, and would only make the spread of the others look small.

    Args:
        values: (N,) for each candidate.
        seeds: of each candidate.
    """
    means_K = np.array([one.mean() for one in values])
    order = [int(index) for index in np.argsort(means_K, kind="stable")]
    for count in range(2, len(order)):
        group = order[:count]
        spread = find_spread([values[index][None] for index in group], [seeds[index] for index in group])
        error = math.sqrt(2 * float(spread.covariance(np.ones((1, 1)), np.ones((1, 1))).max()))
        span = means_K[group[-1]] - means_K[group[0]]
        if means_K[order[count]] - means_K[group[-1]] > FAR * span + t_quantile(spread.degrees, SURELY) * error:
            return group
    return order
