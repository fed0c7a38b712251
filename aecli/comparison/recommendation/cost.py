"""What a candidate is worth on the test split: its numbers beside the baselines, and how far it is behind in each goal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aecli.comparison.evidence.baseline_numbers import baseline_rows
from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.opinions import GOALS
from aecli.comparison.recommendation.choice import SMALLEST_ERROR, pareto_front, regrets
from aecli.comparison.recommendation.goals import Term, common_seeds, measured_terms
from aecli.comparison.statistics.intervals import Estimate, mean_interval
from aecli.lazy import np

RATIO, POINTS = "ratio", "points"


@dataclass(frozen=True)
class Number:
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
    unit: str
    """Of `behind`: `ratio` for errors (value / best - 1), `points` for what is better when higher (best - value)."""


def measure_leader(
    leader: Candidate, candidates: Sequence[Candidate], weights: Mapping[str, float], place: str
) -> tuple[Number, ...]:
    """Everything that is known about a candidate on a split, the goals that were asked for first."""
    goals = [*weights, *(goal for goal in GOALS if goal not in weights)]
    terms = [term for goal in goals for term in measured_terms(goal, place, [leader])]
    return tuple(judge_term(leader, candidates, term, term.goal in weights) for term in terms)


def judge_term(leader: Candidate, candidates: Sequence[Candidate], term: Term, is_asked: bool) -> Number:
    """One number of a candidate beside the baselines and the best candidate."""
    measured = [candidate for candidate in candidates if term.values(candidate)]
    repeated = [candidate for candidate in measured if len(term.values(candidate)) > 1]
    best = min(repeated or measured, key=lambda one: term.measure.loss_like(mean_of(one, term)))
    if mean_of(best, term) == mean_of(leader, term):
        best = leader
    return Number(
        term.goal,
        is_asked,
        term.name,
        term.title,
        mean_interval(list(term.values(leader).values())),
        {} if term.over else baseline_means(leader, term),
        best.label,
        None if best is leader else distance(leader, best, term),
        RATIO if term.is_error else POINTS,
    )


def mean_of(candidate: Candidate, term: Term) -> float:
    """The mean over all its seeds."""
    return mean_interval(list(term.values(candidate).values())).mean


def baseline_means(candidate: Candidate, term: Term) -> dict[str, float]:
    """Baseline -> its number, the mean over the runs that have it."""
    found: dict[str, list[float]] = {}
    for run in candidate.runs:
        for label, numbers in baseline_rows(run, [term.measure]).items():
            found.setdefault(label, []).append(numbers[term.measure.name])
    return {label: mean_interval(values).mean for label, values in found.items()}


def distance(ours: Candidate, best: Candidate, term: Term) -> Estimate:
    """How far a candidate is behind another: over the common seeds with an interval, else between the means."""
    own, others = term.values(ours), term.values(best)
    seeds = sorted(own.keys() & others.keys())
    if len(seeds) < 2:
        own, others, seeds = {0: mean_of(ours, term)}, {0: mean_of(best, term)}, [0]
    sign = 1 / max(mean_interval([others[seed] for seed in seeds]).mean, SMALLEST_ERROR) if term.is_error else -1.0
    return mean_interval([sign * (own[seed] - others[seed]) for seed in seeds])


@dataclass(frozen=True)
class Front:
    """The candidates that no other dominates."""

    goals: tuple[str, ...]
    """Those that count: measured for every candidate."""
    labels: tuple[str, ...]
    regrets: Mapping[str, Mapping[str, float]]
    """Candidate -> goal -> regret, for these goals."""


def find_front(candidates: Sequence[Candidate], place: str) -> Front:
    """Who is not dominated over all goals that were measured for every candidate: at least as bad in all and worse in one.

    Means over the seeds that the candidates have in common, over each one's own where there are none.
    """
    columns: dict[str, list[float]] = {}
    for goal in GOALS:
        terms = measured_terms(goal, place, candidates)
        seeds = [set(common_seeds(candidate, terms)) for candidate in candidates]
        if not terms or not all(seeds):
            continue
        common = set.intersection(*seeds)
        means = [
            [
                mean_interval([values[seed] for seed in sorted(common or own)]).mean
                for values in (term.values(candidate) for term in terms)
            ]
            for candidate, own in zip(candidates, seeds, strict=True)
        ]
        columns[goal] = regrets(np.array(means), np.array([term.is_error for term in terms])).mean(axis=1).tolist()
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    on_front = pareto_front(np.array([list(row.values()) for row in rows]))
    labels = tuple(candidate.label for candidate, is_on in zip(candidates, on_front, strict=True) if is_on)
    return Front(
        tuple(columns), labels, {candidate.label: row for candidate, row in zip(candidates, rows, strict=True)}
    )
