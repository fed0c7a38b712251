"""Which seeds are paired, and which test can resolve a difference of so many of them.

Whether two candidates are paired follows from how many seeds there are and never from what came out.
"""

import itertools
from collections.abc import Iterable
from functools import lru_cache

from aecli.comparison.statistics.intervals import ALPHA
from aecli.comparison.statistics.permutation import RESAMPLES, count_ways, smallest_p


def common_seeds(candidate: Iterable[int], baseline: Iterable[int], comparisons: int = 1) -> list[int]:
    """The seeds by which two candidates are paired: the common ones where these can decide, or are all that one has.

    Otherwise none: ten seeds each of which two are common say more unpaired. Where pairs are alike, leaving them
    unpaired makes the test careful, not bold.

    Example:
        >>> common_seeds(range(8), range(2, 10)), common_seeds(range(10), range(8, 18)), common_seeds(range(10), [3, 4])
        ([2, 3, 4, 5, 6, 7], [], [3, 4])
    """
    ours, theirs = set(candidate), set(baseline)
    seeds = sorted(ours & theirs)
    return seeds if len(seeds) >= min(fewest_seeds(comparisons), len(ours), len(theirs)) else []


@lru_cache(maxsize=1000)
def fewest_seeds(comparisons: int, *, is_paired: bool = True) -> int:
    """The fewest seeds with which the test can reach the level at all, after the correction.

    Example:
        >>> fewest_seeds(1), fewest_seeds(15), fewest_seeds(1, is_paired=False)
        (6, 10, 4)
    """
    sizes = ((n,) if is_paired else (n, n) for n in itertools.count(2))
    return next(
        size[0] for size in sizes if not does_permute(comparisons, *size) or smallest_p(*size) * comparisons < ALPHA
    )


def does_permute(comparisons: int, *sizes: int) -> bool:
    """Whether to permute so many pairs, or two samples: where all ways can be tried, or random ones can be enough."""
    return count_ways(*sizes) <= RESAMPLES or smallest_p(*sizes) * comparisons < ALPHA
