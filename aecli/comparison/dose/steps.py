"""One dose by one goal: its verdict, whether it is at least not worse, and how much worse it is, with an interval."""

from dataclasses import dataclass, field

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.statistics.differences import difference_interval, edges_of_band
from aecli.comparison.statistics.intervals import Estimate, mean_interval
from aecli.comparison.statistics.losses import Loss, share_of_level
from aecli.comparison.verdicts.verdict import BETTER, EQUIVALENT, UNDECIDED, Verdict
from aecli.components.evaluation.scales import RATIO

REFERENCE, NO_WORSE, LOST = "reference", "not worse", "lost seeds"
FREE = (REFERENCE, BETTER, EQUIVALENT, NO_WORSE)


@dataclass(frozen=True)
class DoseStep:
    """One dose, by one goal."""

    dose: float
    label: str
    estimate: Estimate
    kind: str
    """A verdict's word, `reference`, `not worse` where it can only not be equivalent because it may be better, or `lost
    seeds` where it would be free by those seeds alone that neither diverged nor lack a number."""
    verdict: Verdict | None
    """None for the reference."""
    loss: Loss | None = None
    """How much worse than the reference; None for the reference, and where there is no difference."""
    broken: tuple[int, ...] = field(default=())
    """Seeds that diverged, or have no number."""


def measured_estimate(candidate: Candidate, metric: Measure) -> Estimate:
    """The mean over the seeds, of which there is at least one, with its interval."""
    return mean_interval(list(candidate.values(metric).values()))


def make_step(
    dose: float, pair: tuple[Candidate, Candidate], verdict: Verdict, rope: Rope, loss: Loss | None
) -> DoseStep:
    """What one dose did to one goal, against the reference, which is the second of the pair."""
    one, reference = pair
    kind, broken = verdict.kind, tuple(one.broken_seeds(verdict.metric))
    if kind == UNDECIDED and is_no_worse(verdict, one, reference, rope):
        kind = NO_WORSE
    if broken and kind in FREE:
        kind = LOST
    return DoseStep(
        dose=dose,
        label=one.label,
        estimate=measured_estimate(one, verdict.metric),
        kind=kind,
        verdict=verdict,
        loss=loss,
        broken=broken,
    )


def is_no_worse(verdict: Verdict, one: Candidate, reference: Candidate, rope: Rope) -> bool:
    """Whether the whole interval is on the good side of the band's bad edge, however uncertain that edge is.

    The interval is the one that has to fit into the band where a verdict is `equivalent`: the two belong to one family.
    """
    metric = verdict.metric
    if verdict.band is None or verdict.p_corrected is None:
        return False
    alpha = share_of_level(verdict.comparisons)
    ours, theirs = one.values(metric), reference.values(metric)
    inner = difference_interval(ours, theirs, alpha)
    if max(metric.loss_like(end) for end in inner.ends) > verdict.band:
        return False
    if not rope.is_relative or metric.scale != RATIO:
        return True
    below, above = edges_of_band(ours, theirs, rope.size, alpha)
    return above.ends[1] <= 0 if metric.better == "lower" else below.ends[0] >= 0


def may_lose(step: DoseStep) -> bool:
    """Whether the interval reaches beyond the reference to where it is worse."""
    return step.loss is None or step.loss.ends[1] > 0
