"""Levels of verdicts that are given more than once about a sweep that grows: after ten seeds, after twenty, and so on.

What is guaranteed, under any dependence between the looks (Bonferroni: the levels are added up):

- One look, or looks at planned sizes: some false verdict at any of them in at most 5 % of sweeps. Each planned look has
  a share of the 5 %, as large as the share of the seeds that it adds: 10, 20, 40 have .0125, .0125, .025.
- A look that was not planned: the plan, or a first look without one, has spent the 5 % already. Each such look has half
  of what is left of a second 5 %: .025, .0125, .00625, ... so that some verdict at any of all looks is false in at most
  10 %, however often a sweep is extended and whatever that was decided by.

Owned here: numbers of seeds and levels. Which sweep a run belongs to is not known here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from aecli.comparison.statistics.intervals import ALPHA

RESERVE = ALPHA
"""What all looks together have that were not planned."""


@dataclass(frozen=True)
class Level:
    """At which level a verdict is given."""

    level: float = ALPHA
    """Of the family of this look."""
    total: float = ALPHA
    """Of all looks together."""
    is_planned: bool = True
    """Whether this look was planned, or is the only one."""
    look: int = 1
    """Which look it is: among the planned ones, else among all."""
    looks: int = 1
    """How many are planned."""
    before: tuple[int, ...] = ()
    """Numbers of seeds at which the sweep was looked at before."""
    seeds: int = 0
    """Number of seeds now; 0 where no sweep tells it."""
    after: float = RESERVE / 2
    """At which level the next look will be judged, with more seeds."""


def level_of(history: Sequence[int], planned: Sequence[int], seeds: int) -> Level:
    """The level at which a sweep is judged now.

    Args:
        history: numbers of seeds at which it could be looked at before it was extended, in the order of time.
        planned: numbers of seeds at which looks were planned before the first one, rising; none where none were.
        seeds: its number of seeds now.

    Returns: the level of this look, and of all of them together.

    Source: Dmitrienko et al. 2009, Multiple Testing Problems in Pharmaceutical Statistics, chapter 2 (Bonferroni)
    Example:
        >>> [level_of([], [10, 20, 40], n).level for n in (10, 20, 40)]
        [0.0125, 0.0125, 0.025]
        >>> [level_of([10, 20][:k], [], n).level for k, n in enumerate((10, 20, 25))]
        [0.05, 0.025, 0.0125]
    """
    before = tuple(dict.fromkeys(size for size in history if size != seeds))
    plan = tuple(planned) or (*before, seeds)[:1]
    strays = [size for size in before if size not in plan]
    after = level_of_next(plan, len(strays) + (seeds not in plan), seeds)
    if seeds in plan:
        look = plan.index(seeds)
        total = ALPHA + RESERVE * bool(strays)
        level = share_of(plan, look)
        return Level(level, total, not strays, look + 1, len(plan), before=before, seeds=seeds, after=after)
    level = RESERVE / 2 ** (len(strays) + 1)
    total, number = ALPHA + RESERVE, len(before) + 1
    return Level(level, total, False, number, len(planned), before=before, seeds=seeds, after=after)


def share_of(plan: Sequence[int], look: int) -> float:
    """The level of a planned look: as large a share as that of the seeds that it adds."""
    return ALPHA * (plan[look] - (plan[look - 1] if look else 0)) / plan[-1]


def level_of_next(plan: Sequence[int], strays: int, seeds: int) -> float:
    """The level of the next look: of the next planned one where there is one, else half of what is left.

    Example:
        >>> [level_of([], [10, 20, 40], n).after for n in (10, 20, 40)]
        [0.0125, 0.025, 0.025]
    """
    planned = next((look for look, size in enumerate(plan) if size > seeds), None)
    return RESERVE / 2 ** (strays + 1) if planned is None else share_of(plan, planned)
