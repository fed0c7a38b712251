"""The measures of a goal on one split, and for which seeds of a candidate they were taken.

Every measure exists on two splits: candidates are chosen on the validation split and reported on the test split.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import Measure, measure
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.opinions import GOALS


@dataclass(frozen=True)
class GoalTerm:
    """One measure of a goal, on one split."""

    goal: str
    name: str
    """As in GOALS, without the split."""
    measure: Measure
    over: Measure | None = None
    """What the measure is divided by."""

    @property
    def is_error(self) -> bool:
        """Whether less of it is better; regret is then a ratio, and a difference otherwise."""
        return self.measure.better == "lower"

    @property
    def title(self) -> str:
        """Its name with the direction that is better."""
        return f"{self.name} {self.measure.arrow}"

    def values(self, candidate: Candidate) -> dict[int, float]:
        """Seed -> value, where it was measured."""
        values = candidate.values(self.measure)
        if self.over is None:
            return values
        over = candidate.values(self.over)
        return {seed: value / over[seed] for seed, value in values.items() if over.get(seed, 0) > 0}

    def missing_in(self, run: RunRecord) -> bool:
        """Whether a run lacks it."""
        return self.measure.value(run) is None or (self.over is not None and not self.over.value(run))


def terms_of(goal: str, place: str) -> tuple[GoalTerm, ...]:
    """The measures of a goal on a split.

    Args:
        goal: one of GOALS.
        place: `validation` or `test`.

    Example:
        >>> [term.measure.name for term in terms_of("reconstruction", "validation")]
        ['validation.mse', 'validation.mae', 'validation.ssim']
    """
    terms = []
    for name in GOALS[goal]:
        own, _, over = name.partition(" / ")
        terms.append(
            GoalTerm(goal=goal, name=name, measure=measure(f"{place}.{own}"), over=measure(over) if over else None)
        )
    return tuple(terms)


def measured_terms(goal: str, place: str, candidates: Iterable[Candidate]) -> tuple[GoalTerm, ...]:
    """The terms of a goal that at least one candidate has: SSIM, for one, does not exist for tables."""
    candidates = list(candidates)
    return tuple(term for term in terms_of(goal, place) if any(term.values(candidate) for candidate in candidates))


def measured_seeds(candidate: Candidate, terms: Iterable[GoalTerm]) -> list[int]:
    """The seeds of a candidate for which every term was measured, rising."""
    seeds = set(candidate.seeds)
    for term in terms:
        seeds &= term.values(candidate).keys()
    return sorted(seeds)
