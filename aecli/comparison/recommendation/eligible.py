"""Who can be chosen from: the candidates that were measured for every goal, with enough seeds to say something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.evidence.settings import look_up
from aecli.comparison.recommendation.goal_terms import GoalTerm, measured_seeds, measured_terms, terms_of
from aecli.comparison.recommendation.scores import Sample
from aecli.comparison.recommendation.unfit import Unfit, nobody, not_measured, one_seed
from aecli.comparison.statistics.pairing import FEWEST
from aecli.errors import UsageError
from aecli.lazy import np

TEST, VALIDATION = "test", "validation"


@dataclass(frozen=True)
class Contest:
    """Who is chosen from, and by what."""

    place: str
    """The split that chooses: `validation`, or `test` where the runs validate on that."""
    terms: tuple[GoalTerm, ...]
    candidates: tuple[Candidate, ...]
    seeds: tuple[tuple[int, ...], ...]
    """Those that count, for each candidate."""
    is_paired: bool
    unfit: tuple[Unfit, ...]

    @property
    def fewest(self) -> int:
        """The number of seeds of the candidate that has the fewest."""
        return min(len(seeds) for seeds in self.seeds)


def make_contest(weights: Mapping[str, float], candidates: Sequence[Candidate]) -> Contest:
    """Find the terms, who was measured for all of them, and the seeds that count.

    Raises:
        UsageError: no candidate was measured for every goal, or some runs validate on the test split and some do not.
    """
    place = choosing_place([run for candidate in candidates for run in candidate.runs])
    terms = tuple(term for goal in weights for term in measured_terms(goal, place, candidates) or terms_of(goal, place))
    measured = {candidate.label: measured_seeds(candidate, terms) for candidate in candidates}
    unfit = [not_measured(candidate, terms) for candidate in candidates if not measured[candidate.label]]
    fit = [candidate for candidate in candidates if measured[candidate.label]]
    if not fit:
        raise UsageError(nobody(weights, unfit))
    repeated = [candidate for candidate in fit if len(measured[candidate.label]) > 1]
    if len(repeated) > 1:
        unfit += [one_seed(candidate, terms) for candidate in fit if candidate not in repeated]
        fit = repeated
    seeds, is_paired = counting_seeds([measured[candidate.label] for candidate in fit])
    return Contest(
        place=place, terms=terms, candidates=tuple(fit), seeds=seeds, is_paired=is_paired, unfit=tuple(unfit)
    )


def choosing_place(runs: Sequence[RunRecord]) -> str:
    """The split whose numbers choose.

    Raises:
        UsageError: some of the runs validate on the test split, and some on images held out.
    """
    kinds = dict.fromkeys(look_up(run.config, "data.validation") for run in runs)
    if TEST not in kinds:
        return VALIDATION
    others = [str(kind) for kind in kinds if kind != TEST]
    if others:
        raise UsageError(
            "some runs validate on the test split and some on held-out images "
            f"(data.validation: test, {', '.join(others)}), so no split can choose among them; "
            f"choose among one kind with --where data.validation={others[0]}"
        )
    return TEST


def counting_seeds(measured: Sequence[Sequence[int]]) -> tuple[tuple[tuple[int, ...], ...], bool]:
    """The seeds that count for each candidate, and whether they are the same for all.

    As in a verdict: the common ones where they are enough for one, or all that somebody has; else each one's own.

    Example:
        >>> counting_seeds([[0, 1, 2], [1, 2]])
        (((1, 2), (1, 2)), True)
        >>> counting_seeds([[0, 1, 2], [1, 2, 3]])
        (((0, 1, 2), (1, 2, 3)), False)
    """
    common = sorted(set.intersection(*map(set, measured)))
    if len(common) >= min(FEWEST, *map(len, measured)):
        return (tuple(common),) * len(measured), True
    return tuple(map(tuple, measured)), False


def make_sample(contest: Contest, weights: Mapping[str, float]) -> Sample:
    """The numbers of a contest as arrays."""
    goals = list(weights)
    values = [
        np.array([[term.values(candidate)[seed] for seed in seeds] for term in contest.terms])
        for candidate, seeds in zip(contest.candidates, contest.seeds, strict=True)
    ]
    largest = max(weights.values())  # only their ratio matters, and no sum of them is inf
    return Sample(
        values=tuple(values),
        is_paired=contest.is_paired,
        is_error_T=np.array([term.is_error for term in contest.terms]),
        goal_T=np.array([goals.index(term.goal) for term in contest.terms]),
        weight_G=np.array([weights[goal] / largest for goal in goals], float),
    )
