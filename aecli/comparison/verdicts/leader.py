"""What the candidate that the others are held against leads by: rivals, and who seems better all the same."""

from aecli.comparison.evidence.measures import Measure
from aecli.comparison.statistics.intervals import NO_SPREAD, Estimate
from aecli.comparison.verdicts.group import Group
from aecli.comparison.verdicts.ranking import estimate_of
from aecli.comparison.verdicts.verdict import BETTER


def rivals(group: Group) -> list[str]:
    """Who is better than the baseline by the first metric, over the seeds that the verdicts rest on."""
    return [one.candidate for one in group.verdicts if one.metric == group.metrics[0] and one.kind == BETTER]


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
