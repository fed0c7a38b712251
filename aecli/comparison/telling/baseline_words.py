"""What the others are compared with, in plain English: in which sense it is the best."""

from collections.abc import Sequence

from aecli.comparison.evidence.measures import Measure
from aecli.comparison.statistics.intervals import NO_SPREAD, Estimate
from aecli.comparison.telling.lists import listing
from aecli.comparison.verdicts.group import Group
from aecli.comparison.verdicts.ranking import estimate_of
from aecli.comparison.verdicts.verdict import BETTER


def baseline_words(group: Group) -> str:
    """What the verdicts compare with."""
    why = "; ".join([*best_words(group), "--baseline names another"]) if group.was_chosen else "as asked"
    return f"against {group.baseline.label} ({why}):"


def best_words(group: Group) -> list[str]:
    """In which sense the chosen baseline is the best, and that of more than two the intervals take no account of the choice."""
    limits = ["p is corrected for this choice, the intervals are not"] if len(group.candidates) > 2 else []
    return [*sense_words(group), *limits]


def sense_words(group: Group) -> list[str]:
    """In which sense the chosen baseline is the best, and what seems to contradict it."""
    metric, (single, others) = group.metrics[0], seemingly_better(group)
    rivals = [one.candidate for one in group.verdicts if one.metric == metric and one.kind == BETTER]
    if rivals:
        return [
            f"the best mean {metric.name} over all of its own seeds",
            f"over the seeds of the verdicts no config beats all others, {listing(rivals)} this one",
        ]
    first = f"the best by {metric.name}{' with more than one seed' if single else ''}{' over the seeds that the verdicts rest on' if others else ''}"
    told = [
        f"{listing(some)} {have(some)} a better {what}"
        for some, what in ((single, "single run"), (others, "mean over all of its own"))
        if some
    ]
    return [first, *told]


def seemingly_better(group: Group) -> tuple[list[str], list[str]]:
    """Who has a better mean than the baseline by the first metric: those with a single seed, and the others."""
    metric = group.metrics[0]
    own = estimate_of(group.baseline, metric)
    ahead = [
        (one.label, estimate.n)
        for one in group.candidates
        if own and (estimate := estimate_of(one, metric)) and is_ahead(metric, estimate, own)
    ]
    is_single = own is not None and own.n > 1
    return [label for label, n in ahead if n == 1 and is_single], [
        label for label, n in ahead if n > 1 or not is_single
    ]


def is_ahead(metric: Measure, estimate: Estimate, own: Estimate) -> bool:
    """Whether a mean is better by more than rounding."""
    return metric.loss_like(estimate.mean - own.mean) < -NO_SPREAD * abs(own.mean)


def have(labels: Sequence[str]) -> str:
    """`has`, of several `have`."""
    return "has" if len(labels) == 1 else "have"
