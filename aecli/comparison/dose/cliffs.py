"""Where a goal falls off a cliff: shown, possible, or excluded, by the intervals of what each dose loses.

A cliff is claimed from the largest dose down: each dose in turn has to be worse, and the interval of its loss has to
lie above the limit, until one does not. In such an order the doses need no correction for each other, the goals do.
That no dose is behind a cliff needs none either, since every interval has to lie below the limit. The last dose before
a cliff is sought among all, and its interval allows for all. Where the reference lost seeds, those that are left are
better than it is, and no cliff is claimed.

Source: Hsu and Berger 1999, Journal of the American Statistical Association 94, 468
"""

from collections.abc import Sequence
from dataclasses import dataclass

from aecli.comparison.dose.steps import DoseStep
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.verdicts.verdict import WORSE
from aecli.components.evaluation.scales import RATIO

CLIFF = 10
"""Bands of practical equivalence that are lost from the cliff on."""


@dataclass(frozen=True)
class Cliff:
    """From where on a goal is lost."""

    before: str
    """The last dose that is shown to be before it."""
    start: str
    """The first dose from which on every dose is shown to be behind it."""


@dataclass(frozen=True)
class Cliffs:
    """What can be said about a cliff."""

    limit: float
    """Loss above which a dose is behind a cliff: a share of the reference's mean, or in units of the goal."""
    is_share: bool
    found: Cliff | None = None
    may_start: str | None = None
    """The dose that may be the first one behind a cliff where none is shown; None where one is, or none can be."""
    is_open: bool = False
    """Whether a cliff is neither shown nor excluded."""


def is_shared_limit(rope: Rope, scale: str) -> bool:
    """Whether losses are shares of the reference's mean."""
    return rope.is_relative and scale == RATIO


def find_cliffs(steps: Sequence[DoseStep], rope: Rope, scale: str) -> Cliffs:
    """What the doses above the reference allow to say.

    Args:
        steps: rising in dose, the first one is the reference.
        rope: band of practical equivalence.
        scale: of the goal.
    """
    is_share = is_shared_limit(rope, scale)
    limit = CLIFF * (rope.size if is_share else rope.half_width(1.0, scale))
    start = len(steps)
    while start > 1 and is_behind(steps[start - 1], limit) and not steps[0].broken:
        start -= 1
    if start < len(steps):
        before = max(at for at in range(start) if at == 0 or is_before(steps[at], limit))
        return Cliffs(limit, is_share, Cliff(before=steps[before].label, start=steps[start].label))
    if all(one.loss is not None and one.loss.ends[1] < limit and not one.broken for one in steps[1:]):
        return Cliffs(limit, is_share)
    seen = len(steps)
    while seen > 1 and looks_behind(steps[seen - 1], limit):
        seen -= 1
    return Cliffs(limit, is_share, None, steps[seen].label if seen < len(steps) else None, is_open=True)


def is_behind(step: DoseStep, limit: float) -> bool:
    """Whether a dose is shown to lose more than the limit."""
    return step.kind == WORSE and step.loss is not None and step.loss.ends[0] > limit


def is_before(step: DoseStep, limit: float) -> bool:
    """Whether a dose is shown to lose less than the limit, in view of all the doses that could have been chosen."""
    return step.loss is not None and step.loss.most < limit and not step.broken


def looks_behind(step: DoseStep, limit: float) -> bool:
    """Whether a dose is worse by an interval that reaches above the limit."""
    return step.loss is not None and step.loss.ends[0] > 0 and limit < step.loss.ends[1]
