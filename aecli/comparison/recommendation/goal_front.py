"""Which candidates no other dominates, over all goals that were measured for every candidate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.opinions import GOALS
from aecli.comparison.recommendation.choice import pareto_front
from aecli.comparison.recommendation.goal_terms import GoalTerm, measured_seeds, measured_terms
from aecli.comparison.recommendation.scores import regrets
from aecli.comparison.statistics.intervals import mean_interval
from aecli.lazy import np


@dataclass(frozen=True)
class GoalFront:
    """The candidates that no other dominates."""

    goals: tuple[str, ...]
    """Those that count: measured for every candidate."""
    labels: tuple[str, ...]
    regrets: Mapping[str, Mapping[str, float]]
    """Candidate -> goal -> regret, for these goals."""


def find_goal_front(candidates: Sequence[Candidate], place: str) -> GoalFront:
    """Who is not dominated over all goals that were measured for every candidate.

    Dominated is who is at least as bad as another one in all goals and worse in one; by means over each one's seeds.
    """
    found = {goal: goal_regrets(candidates, measured_terms(goal, place, candidates)) for goal in GOALS}
    columns = {goal: column for goal, column in found.items() if column is not None}
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    on_front = pareto_front(np.array([list(row.values()) for row in rows]))
    return GoalFront(
        goals=tuple(columns),
        labels=tuple(candidate.label for candidate, is_on in zip(candidates, on_front, strict=True) if is_on),
        regrets={candidate.label: row for candidate, row in zip(candidates, rows, strict=True)},
    )


def goal_regrets(candidates: Sequence[Candidate], terms: Sequence[GoalTerm]) -> list[float] | None:
    """The regret of each candidate in one goal; None where it was not measured for all of them."""
    seeds = [measured_seeds(candidate, terms) for candidate in candidates]
    if not terms or not all(seeds):
        return None
    means = [
        [mean_interval([values[seed] for seed in own]).mean for values in (term.values(candidate) for term in terms)]
        for candidate, own in zip(candidates, seeds, strict=True)
    ]
    found = regrets(np.array(means), np.array([term.is_error for term in terms])).mean(axis=1)
    return [float(regret) for regret in found]
