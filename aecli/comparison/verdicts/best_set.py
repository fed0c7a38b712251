"""Which is best? Everybody who is not shown to be worse than the best one."""

from collections.abc import Sequence
from dataclasses import dataclass

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.verdicts.decide import reach_verdicts
from aecli.comparison.verdicts.ranking import best_candidate, rank
from aecli.comparison.verdicts.verdict import BETTER, WORSE, Verdict


@dataclass(frozen=True)
class BestSet:
    """By one metric, every candidate in one of three places, the best mean first."""

    members: tuple[str, ...]
    """The best one, and who is not shown to be worse; holds the true best in at least 95 % of tables."""
    worse: tuple[str, ...]
    not_judged: tuple[str, ...]
    """Who has too few seeds for a verdict, or no number."""


def find_best_set(
    candidates: Sequence[Candidate],
    metric: Measure,
    rope: Rope,
    *,
    level: float,
    known: tuple[Candidate, Sequence[Verdict]] | None = None,
) -> BestSet:
    """Who may be the best by a metric.

    Args:
        candidates: all of them.
        metric: with a known direction.
        rope: band of practical equivalence.
        level: what a corrected p-value has to be below.
        known: the best one with the verdicts on the others by this metric, where these were reached already.
    """
    best, verdicts = known or (best_candidate(candidates, metric), None)
    if verdicts is None:
        verdicts = reach_verdicts(candidates, best, [metric], rope, was_chosen=True, level=level)
    if better := {one.candidate for one in verdicts if one.kind == BETTER}:
        best = rank([one for one in candidates if one.label in better], metric)[0]
        verdicts = reach_verdicts(candidates, best, [metric], rope, was_chosen=True, level=level)
    by_label = {one.candidate: one for one in verdicts}
    judged = [one.label for one in candidates if one is best or by_label[one.label].p_corrected is not None]
    worse = [label for label in judged if label != best.label and by_label[label].kind == WORSE]
    return BestSet(
        members=(best.label, *(label for label in judged if label not in worse and label != best.label)),
        worse=tuple(worse),
        not_judged=tuple(one.label for one in candidates if one.label not in judged),
    )
