"""How one goal moves with the dose: a verdict for each dose, up to where it is free, and where the cliff is.

The reference is the smallest dose for which the goal was measured. Every other dose gets the verdict that `compare`
would give it, corrected for all doses of all goals. No words; see `dose_words`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from aecli.comparison.dose.cliffs import Cliff, Cliffs, find_cliffs, is_shared_limit
from aecli.comparison.dose.doses import DoseGroup
from aecli.comparison.dose.saturation import Saturation, find_saturation, is_flat
from aecli.comparison.dose.steps import FREE, REFERENCE, DoseStep, make_step, measured_estimate
from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.statistics.losses import Loss, losses
from aecli.comparison.verdicts.decide import reach_verdicts
from aecli.comparison.verdicts.new_images import image_variances
from aecli.comparison.verdicts.verdict import UNDECIDED


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
    cliffs: Cliffs
    curves: int = 1
    """Goals of all groups, for which everything is corrected."""
    saturation: Saturation | None = None
    """The dose above which nothing more changes, though something had changed up to it; None where there is none."""
    is_flat: bool = False
    """Whether no dose changes anything, and there is none of 0 that would tell what that means."""
    gone: tuple[str, ...] = ()
    """Doses at which every run diverged."""

    def at(self, label: str) -> int:
        """The place of a dose among the steps."""
        return [step.label for step in self.steps].index(label)

    @property
    def cliff(self) -> Cliff | None:
        """The cliff, where one is shown."""
        return self.cliffs.found


def respond_by(group: DoseGroup, metric: Measure, rope: Rope, curves: int = 1) -> GoalResponse:
    """The response of one goal; the doses for which it was not measured have no part in it.

    Args:
        group: the doses.
        metric: the goal.
        rope: band of practical equivalence.
        curves: goals of all groups, for which everything is corrected.
    """
    there = [(dose, one) for dose, one in zip(group.doses, group.candidates, strict=True) if one.values(metric)]
    dose, reference = there[0]
    candidates = [one for _, one in there]
    verdicts = reach_verdicts(candidates, reference, [metric], rope, was_chosen=False, tests=curves)
    first = DoseStep(
        dose=dose,
        label=reference.label,
        estimate=measured_estimate(reference, metric),
        kind=REFERENCE,
        verdict=None,
        broken=tuple(reference.broken_seeds(metric)),
    )
    lost = find_losses(candidates[1:], reference, metric, rope, curves=curves)
    steps = [first]
    for (dose, one), verdict, loss in zip(there[1:], verdicts, lost, strict=True):
        steps.append(make_step(dose, (one, reference), verdict, rope, loss))
    cliffs = find_cliffs(steps, rope, metric.scale)
    whole = steps[: reach_of(steps, cliffs, group.gone_doses)]
    free, open_to = last_of(whole, FREE), last_of(whole, (*FREE, UNDECIDED))
    return GoalResponse(
        metric=metric,
        steps=tuple(steps),
        free=free,
        open_to=None if open_to == free else open_to,
        cliffs=cliffs,
        curves=curves,
        saturation=find_saturation(steps, candidates, metric, rope),
        is_flat=is_flat(steps, lambda mean: rope.half_width(mean, metric.scale)),
        gone=tuple(one.label for one in group.gone),
    )


def find_losses(
    others: Sequence[Candidate], reference: Candidate, metric: Measure, rope: Rope, *, curves: int
) -> list[Loss | None]:
    """What each dose loses."""
    ours, theirs = (
        [{seed: metric.loss_like(value) for seed, value in one.values(metric).items()} for one in some]
        for some in (others, [reference])
    )
    variances = image_variances(metric, others, reference)
    is_share = is_shared_limit(rope, metric.scale)
    return losses(ours, theirs[0], is_share=is_share, families=curves, image_variances=variances)


def reach_of(steps: Sequence[DoseStep], cliffs: Cliffs, gone: Sequence[float]) -> int:
    """How many steps are before what is or may be a cliff, and before the first dose at which nothing is left."""
    start = cliffs.found.start if cliffs.found else cliffs.may_start
    before = len(steps) if start is None else [step.label for step in steps].index(start)
    return sum(step.dose < min(gone, default=float("inf")) for step in steps[:before])


def last_of(steps: Sequence[DoseStep], kinds: Sequence[str]) -> str | None:
    """The last dose above the reference up to which all are of some kinds; None where the first one is not."""
    last = None
    for step in steps[1:]:
        if step.kind not in kinds:
            break
        last = step.label
    return last
