"""Which seeds two candidates are paired by, and how many of them a verdict needs.

Whether two candidates are paired follows from how many seeds they share, and neither from what came out nor from how
many others are compared beside them.
"""

from collections.abc import Iterable

FEWEST = 3
"""Seeds below which nothing can be decided: two differences say next to nothing about their spread."""


def common_seeds(candidate: Iterable[int], baseline: Iterable[int]) -> list[int]:
    """The seeds by which two candidates are paired: the common ones where they are enough, or all that one has.

    Enough are three that are also half of what the one with fewer has: ten seeds each of which two are common say more
    unpaired. Where pairs are alike, leaving them unpaired makes the test careful, not bold.

    Example:
        >>> common_seeds(range(8), range(2, 10)), common_seeds(range(10), range(8, 18)), common_seeds(range(10), [3, 4])
        ([2, 3, 4, 5, 6, 7], [], [3, 4])
    """
    ours, theirs = set(candidate), set(baseline)
    seeds = sorted(ours & theirs)
    fewer = min(len(ours), len(theirs))
    return seeds if len(seeds) >= min(max(FEWEST, fewer / 2), fewer) else []
