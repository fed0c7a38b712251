"""Above which dose nothing more changes: by the means, and whether their intervals show it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aecli.comparison.dose.steps import DoseStep
from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.statistics.differences import difference_interval
from aecli.comparison.statistics.losses import share_of_level
from aecli.comparison.statistics.pairing import FEWEST
from aecli.comparison.statistics.saturation import find_saturated


@dataclass(frozen=True)
class Saturation:
    """A dose above which nothing more seems to change."""

    label: str
    is_shown: bool
    """Whether the intervals of the differences of all larger doses from it are within the band."""


def find_saturation(
    steps: Sequence[DoseStep], candidates: Sequence[Candidate], metric: Measure, rope: Rope
) -> Saturation | None:
    """The smallest dose that moved the mean by more than a band, which no larger one moves by another.

    Args:
        steps: rising in dose.
        candidates: of the steps.
        metric: the goal.
        rope: its band is one of the saturated mean: where all is lost, that is far from the reference.
    """

    def band(mean: float) -> float:
        return rope.half_width(mean, metric.scale)

    index = find_saturated([step.estimate.mean for step in steps], band)
    if index is None:
        return None
    step, later = steps[index], candidates[index + 1 :]
    alpha, half = share_of_level(verdicts_of(step)), band(step.estimate.mean)
    return Saturation(step.label, all(fits(candidates[index], one, metric, half, alpha) for one in later))


def verdicts_of(step: DoseStep) -> int:
    """How many comparisons the step's verdict is corrected for."""
    return step.verdict.comparisons if step.verdict else 1


def fits(one: Candidate, other: Candidate, metric: Measure, half: float, alpha: float) -> bool:
    """Whether the interval of a difference is within a band, by as many seeds as a verdict needs."""
    ours, theirs = other.values(metric), one.values(metric)
    if min(len(ours), len(theirs)) < FEWEST:
        return False
    low, high = difference_interval(ours, theirs, alpha).ends
    return -half <= low and high <= half


def is_flat(steps: Sequence[DoseStep], band: Callable[[float], float]) -> bool:
    """Whether all of several doses above 0 have the same mean, within a band."""
    return len(steps) > 1 and steps[0].dose > 0 and all(is_near(steps[0], step, band) for step in steps[1:])


def is_near(one: DoseStep, other: DoseStep, band: Callable[[float], float]) -> bool:
    """Whether the mean of another dose is within the band of the mean of one."""
    return abs(other.estimate.mean - one.estimate.mean) <= band(one.estimate.mean)
