"""How one goal moves with the dose: a verdict for each dose, up to where it is free, and where the cliff is.

The reference is the smallest dose for which the goal was measured. Every other dose gets the verdict that `compare`
would give it, corrected for the doses of one metric. No words; see `dose_words`.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aecli.comparison.dose.doses import DoseGroup
from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.statistics.differences import edges_of_band
from aecli.comparison.statistics.intervals import Estimate, mean_interval
from aecli.comparison.verdicts.decide import reach_verdicts
from aecli.comparison.verdicts.verdict import BETTER, EQUIVALENT, UNDECIDED, WORSE, Verdict
from aecli.components.evaluation.scales import RATIO

REFERENCE, NO_WORSE = "reference", "not worse"
FREE = (REFERENCE, BETTER, EQUIVALENT, NO_WORSE)
CLIFF = 10
"""Bands of practical equivalence by which the mean is behind from the cliff on."""


@dataclass(frozen=True)
class DoseStep:
    """One dose, by one goal."""

    dose: float
    label: str
    estimate: Estimate
    kind: str
    """A verdict's word, `reference`, or `not worse` where it can only not be equivalent because it may be better."""
    verdict: Verdict | None
    """None for the reference."""
    behind: float
    """How many bands the mean is behind the reference; below 0 it is ahead."""

    @property
    def worst(self) -> float:
        """The bad end of the interval of the difference, behind the reference above 0; infinite where there is none."""
        return math.inf if self.verdict is None else worst_end(self.verdict)


@dataclass(frozen=True)
class Cliff:
    """From where on a goal is lost."""

    before: str
    """The dose before it."""
    start: str
    """The first dose behind it; as far as it is shown, see `shown`."""
    shown: str | None
    """The first dose from which on all are shown to be worse; None where it only looks so."""


@dataclass(frozen=True)
class GoalResponse:
    """How one goal moves with the dose."""

    metric: Measure
    steps: tuple[DoseStep, ...]
    """Rising in dose; the first one is the reference."""
    free: str | None
    """The largest dose up to which every dose is free; None where none is."""
    open_to: str | None
    """The largest dose up to which no loss is shown, where that is more than is free."""
    cliff: Cliff | None
    saturated: str | None = None
    """The dose above which nothing more changes, though something had changed up to it; None where there is none."""
    is_flat: bool = False
    """Whether no dose changes anything, and there is none of 0 that would tell what that means."""

    def at(self, label: str) -> int:
        """The place of a dose among the steps."""
        return [step.label for step in self.steps].index(label)


def respond_by(group: DoseGroup, metric: Measure, rope: Rope) -> GoalResponse:
    """The response of one goal; the doses for which it was not measured have no part in it."""
    there = [(dose, one) for dose, one in zip(group.doses, group.candidates, strict=True) if one.values(metric)]
    dose, reference = there[0]
    verdicts = reach_verdicts([one for _, one in there], reference, [metric], rope, was_chosen=False)
    steps = [
        DoseStep(
            dose=dose,
            label=reference.label,
            estimate=measured_estimate(reference, metric),
            kind=REFERENCE,
            verdict=None,
            behind=0.0,
        )
    ]
    for (dose, one), verdict in zip(there[1:], verdicts, strict=True):
        steps.append(make_step(dose, one, reference, verdict, rope))
    cliff = find_cliff(steps)
    before_cliff = steps[: [step.label for step in steps].index(cliff.start)] if cliff else steps
    free, open_to = last_of(before_cliff, FREE), last_of(before_cliff, (*FREE, UNDECIDED))
    return GoalResponse(
        metric=metric,
        steps=tuple(steps),
        free=free,
        open_to=None if open_to == free else open_to,
        cliff=cliff,
        saturated=find_saturation(steps, lambda mean: rope.half_width(mean, metric.scale)),
        is_flat=is_flat(steps, lambda mean: rope.half_width(mean, metric.scale)),
    )


def measured_estimate(candidate: Candidate, metric: Measure) -> Estimate:
    """The mean over the seeds, of which there is at least one, with its interval."""
    return mean_interval(list(candidate.values(metric).values()))


def make_step(dose: float, one: Candidate, reference: Candidate, verdict: Verdict, rope: Rope) -> DoseStep:
    """What one dose did to one goal."""
    kind, behind = verdict.kind, 0.0
    if kind == UNDECIDED and is_no_worse(verdict, one, reference, rope):
        kind = NO_WORSE
    if verdict.difference is not None and verdict.band:
        behind = verdict.metric.loss_like(verdict.difference.estimate.mean) / verdict.band
    return DoseStep(
        dose=dose,
        label=one.label,
        estimate=measured_estimate(one, verdict.metric),
        kind=kind,
        verdict=verdict,
        behind=behind,
    )


def is_no_worse(verdict: Verdict, one: Candidate, reference: Candidate, rope: Rope) -> bool:
    """Whether the whole interval is on the good side of the band's bad edge, however uncertain that edge is."""
    metric = verdict.metric
    if verdict.band is None or not worst_end(verdict) <= verdict.band:
        return False
    if not rope.is_relative or metric.scale != RATIO:
        return True
    below, above = edges_of_band(one.values(metric), reference.values(metric), rope.size)
    if metric.better == "lower":
        return above.high is not None and above.high <= 0
    return below.low is not None and below.low >= 0


def interval_of(verdict: Verdict) -> tuple[float, float] | None:
    """The interval of the difference; None where there is none."""
    estimate = verdict.difference.estimate if verdict.difference else None
    if estimate is None or estimate.low is None or estimate.high is None:
        return None
    return estimate.low, estimate.high


def worst_end(verdict: Verdict) -> float:
    """The bad end of the interval of the difference, turned so that smaller is better; infinite where there is none."""
    interval = interval_of(verdict)
    return math.inf if interval is None else max(verdict.metric.loss_like(end) for end in interval)


def find_cliff(steps: Sequence[DoseStep]) -> Cliff | None:
    """The cliff, found from the largest dose down."""
    shown = seen = len(steps)
    while seen > 1 and falls(steps[seen - 1]):
        seen -= 1
        if shown == seen + 1 and steps[seen].kind == WORSE:
            shown = seen
    if seen == len(steps):
        return None
    return Cliff(
        before=steps[seen - 1].label,
        start=steps[seen].label,
        shown=steps[shown].label if shown < len(steps) else None,
    )


def find_saturation(steps: Sequence[DoseStep], band: Callable[[float], float]) -> str | None:
    """The smallest dose that moved the mean by more than a band, which no larger one moves by another.

    Args:
        steps: rising in dose.
        band: from a mean to the half width of its band: where all is lost, the level is far from the reference.
    """
    for index, step in enumerate(steps[1:-1], start=1):
        if not is_near(steps[0], step, band) and all(is_near(step, later, band) for later in steps[index + 1 :]):
            return step.label
    return None


def is_flat(steps: Sequence[DoseStep], band: Callable[[float], float]) -> bool:
    """Whether all of several doses above 0 have the same mean, within a band."""
    return len(steps) > 1 and steps[0].dose > 0 and all(is_near(steps[0], step, band) for step in steps[1:])


def is_near(one: DoseStep, other: DoseStep, band: Callable[[float], float]) -> bool:
    """Whether the mean of another dose is within the band of the mean of one."""
    return abs(other.estimate.mean - one.estimate.mean) <= band(one.estimate.mean)


def falls(step: DoseStep) -> bool:
    """Whether a dose is far behind, by an interval that leaves out 0."""
    interval = interval_of(step.verdict) if step.verdict else None
    return step.behind > CLIFF and interval is not None and not interval[0] <= 0 <= interval[1]


def last_of(steps: Sequence[DoseStep], kinds: Sequence[str]) -> str | None:
    """The last dose above the reference up to which all are of some kinds; None where the first one is not."""
    last = None
    for step in steps[1:]:
        if step.kind not in kinds:
            break
        last = step.label
    return last
