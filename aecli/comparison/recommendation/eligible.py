"""Who can be chosen from: the candidates that were measured for every goal, with enough seeds to say something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.evidence.settings import look_up
from aecli.comparison.recommendation.goal_terms import GoalTerm, measured_seeds, measured_terms, terms_of
from aecli.comparison.recommendation.scores import Sample
from aecli.comparison.recommendation.unfit import Unfit, nobody, not_measured, one_seed
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
    """Those for which each candidate was measured; a third candidate that lacks one changes nothing for two others."""
    unfit: tuple[Unfit, ...]

    @property
    def fewest(self) -> int:
        """The number of seeds of the candidate that has the fewest."""
        return min(len(seeds) for seeds in self.seeds)

    @property
    def is_paired(self) -> bool:
        """Whether all candidates have the same seeds."""
        return len(set(self.seeds)) == 1


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
    seeds = tuple(tuple(measured[candidate.label]) for candidate in fit)
    return Contest(place=place, terms=terms, candidates=tuple(fit), seeds=seeds, unfit=tuple(unfit))


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
        seeds=contest.seeds,
        is_error_T=np.array([term.is_error for term in contest.terms]),
        goal_T=np.array([goals.index(term.goal) for term in contest.terms]),
        weight_G=np.array([weights[goal] / largest for goal in goals], float),
        lost=tuple(
            tuple({seed for term in contest.terms for seed in candidate.broken_seeds(term.measure)})
            for candidate in contest.candidates
        ),
    )
