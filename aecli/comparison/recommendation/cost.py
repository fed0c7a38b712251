"""What a candidate is worth on the test split: its numbers beside the baselines, and how far it is behind in each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aecli.comparison.evidence.baseline_numbers import baseline_rows
from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.opinions import GOALS
from aecli.comparison.recommendation.goal_terms import GoalTerm, measured_terms
from aecli.comparison.recommendation.scores import SMALLEST_ERROR
from aecli.comparison.statistics.intervals import Estimate, mean_interval
from aecli.components.evaluation.scales import POINTS, RATIO, Scale


@dataclass(frozen=True)
class GoalNumber:
    """One measure of one candidate."""

    goal: str
    is_asked: bool
    """The goal is among those that were chosen for."""
    name: str
    title: str
    """The name with the direction that is better."""
    estimate: Estimate
    baselines: Mapping[str, float]
    """Predictor without training -> its number, where it is known."""
    best: str
    """The candidate with the best mean; itself where nobody else was measured."""
    behind: Estimate | None
    """Distance to the best over their common seeds; None where it is the best itself."""
    unit: Scale
    """Of `behind`: `ratio` for errors (value / best - 1), `points` for what is better when higher (best - value)."""
    corrected: float | None = None
    """The mean without the luck of being chosen; None where that is not known."""


def measure_leader(
    leader: Candidate, candidates: Sequence[Candidate], weights: Mapping[str, float], place: str
) -> tuple[GoalNumber, ...]:
    """Everything that is known about a candidate on a split, the goals that were asked for first."""
    goals = [*weights, *(goal for goal in GOALS if goal not in weights)]
    terms = [term for goal in goals for term in measured_terms(goal, place, [leader])]
    return tuple(number_of(leader, candidates, term, term.goal in weights) for term in terms)


def number_of(leader: Candidate, candidates: Sequence[Candidate], term: GoalTerm, is_asked: bool) -> GoalNumber:
    """One number of a candidate beside the baselines and the best candidate."""
    measured = [candidate for candidate in candidates if term.values(candidate)]
    repeated = [candidate for candidate in measured if len(term.values(candidate)) > 1]
    best = min(repeated if leader in repeated else measured, key=lambda one: term.measure.loss_like(mean_of(one, term)))
    if mean_of(best, term) == mean_of(leader, term):
        best = leader
    return GoalNumber(
        goal=term.goal,
        is_asked=is_asked,
        name=term.name,
        title=term.title,
        estimate=mean_interval(list(term.values(leader).values())),
        baselines={} if term.over else baseline_means(leader, term),
        best=best.label,
        behind=None if best is leader else distance(leader, best, term),
        unit=RATIO if term.is_error else POINTS,
    )


def mean_of(candidate: Candidate, term: GoalTerm) -> float:
    """The mean over all its seeds."""
    return mean_interval(list(term.values(candidate).values())).mean


def baseline_means(candidate: Candidate, term: GoalTerm) -> dict[str, float]:
    """Baseline -> its number, the mean over the runs that have it."""
    found: dict[str, list[float]] = {}
    for run in candidate.runs:
        for label, numbers in baseline_rows(run, [term.measure]).items():
            found.setdefault(label, []).append(numbers[term.measure.name])
    return {label: mean_interval(values).mean for label, values in found.items()}


def distance(ours: Candidate, best: Candidate, term: GoalTerm) -> Estimate:
    """How far a candidate is behind another: over the common seeds with an interval, else between the means."""
    own, others = term.values(ours), term.values(best)
    seeds = sorted(own.keys() & others.keys())
    if len(seeds) < 2:
        own, others, seeds = {0: mean_of(ours, term)}, {0: mean_of(best, term)}, [0]
    sign = 1 / max(mean_interval([others[seed] for seed in seeds]).mean, SMALLEST_ERROR) if term.is_error else -1.0
    return mean_interval([sign * (own[seed] - others[seed]) for seed in seeds])
