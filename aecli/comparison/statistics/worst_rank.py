"""Two candidates of which one has lost seeds: each lost one counted as worse than every other, by ranks.

A mean over what is left favours who loses its bad seeds. A seed that has no number still has a rank: the last.
"""

import math
from collections.abc import Collection, Mapping

from aecli.comparison.statistics.pairing import common_seeds
from aecli.comparison.statistics.permutation import swap_p
from aecli.lazy import np

EXACT = 60
"""Pairs up to which the distribution of the ranks is counted out; a normal one beyond."""
MOST = 10_000
"""Seeds beyond which nobody looks."""


def worst_rank_test(
    winner: Mapping[int, float],
    loser: Mapping[int, float],
    lost: Collection[int],
    level: float,
) -> tuple[float, int | None]:
    """Is the winner better if its lost seeds are the worst of all?

    Wilcoxon's signed ranks over the pairs of seeds; his rank sums where seeds are not paired.

    Args:
        winner: seed -> value of which smaller is better, of the seeds that are left.
        loser: the same of the other one; what it lost is left out, which is careful.
        lost: the seeds that the winner lost.
        level: what p has to be below.

    Returns: the two-sided p, 1 where the winner is not ahead by its ranks; about how many seeds would decide where as
        many in a hundred are lost and all else stays as it is, None where more than 10,000.

    Source: Lachin 1999, Controlled Clinical Trials 20, 408
    Example:
        >>> loser = dict.fromkeys(range(10), 2.0)
        >>> p, needed = worst_rank_test({seed: seed / 10 for seed in range(9)}, loser, [9], 0.05)
        >>> round(p, 3), needed
        (0.084, 20)
    """
    values = {**winner, **dict.fromkeys(lost, math.inf)}
    seeds = common_seeds(values, loser)
    if not seeds:
        pooled = ranks(np.array([*values.values(), *loser.values()]))
        ours, theirs = pooled[: len(values)], pooled[len(values) :]
        ahead = float(theirs.mean() - ours.mean())
        sizes = len(values) * len(theirs)
        unit = ahead / math.sqrt(len(pooled) ** 2 * (len(pooled) + 1) / (12 * sizes))
        return (swap_p(ours, theirs) if ahead > 0 else 1.0), needed_at(unit, max(len(values), len(theirs)), level)
    differences = np.array([values[seed] - loser[seed] for seed in seeds])
    differences = differences[differences != 0]
    ranked = ranks(np.abs(differences))
    against, total = float(ranked[differences > 0].sum()), float(ranked.sum())
    n = len(differences)
    unit = (total / 2 - against) / math.sqrt(float((ranked**2).sum()) / 4) if n else 0.0
    return signed_rank_p(ranked, against) if against < total / 2 else 1.0, needed_at(unit, len(seeds), level)


def ranks(values: "np.ndarray") -> "np.ndarray":
    """The ranks of values, from 1; those that are equal share theirs.

    Example:
        >>> ranks(np.array([3.0, 1.0, 3.0])).tolist()
        [2.5, 1.0, 2.5]
    """
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(count)
    shared: np.ndarray = (ends - (count - 1) / 2)[place]
    return shared


def signed_rank_p(ranked: "np.ndarray", against: float) -> float:
    """Two-sided p of a sum of ranks that is at most half of all: how often signs by chance give so little."""
    if len(ranked) > EXACT:
        spread = math.sqrt(float((ranked**2).sum()) / 4)
        return tail((float(ranked.sum()) / 2 - against - 0.5) / spread)
    doubled = np.rint(2 * ranked).astype(int)
    chance = np.zeros(int(doubled.sum()) + 1)
    chance[0] = 1.0
    for step in doubled:
        chance[step:] = (chance[step:] + chance[: len(chance) - step]) / 2
        chance[:step] /= 2
    return min(1.0, 2 * float(chance[: round(2 * against) + 1].sum()))


def tail(unit: float) -> float:
    """Two-sided p of a value in units of its standard deviation."""
    return math.erfc(max(unit, 0.0) / math.sqrt(2))


def needed_at(unit: float, n: int, level: float) -> int | None:
    """How many seeds, a multiple of those there are, would bring a value that grows as their root below the level."""
    multiples = (times for times in range(2, MOST // n + 1) if tail(unit * math.sqrt(times)) < level)
    return next((times * n for times in multiples), None) if unit > 0 else None
