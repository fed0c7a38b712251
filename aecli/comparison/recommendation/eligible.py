"""Who can be chosen from: the candidates that were measured for every goal, with enough seeds to say something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.evidence.settings import look_up
from aecli.comparison.recommendation.choice import Sample
from aecli.comparison.recommendation.goals import Term, command_for, common_seeds, measured_terms, terms_of, why_missing
from aecli.comparison.statistics.pairing import fewest_seeds
from aecli.errors import UsageError
from aecli.lazy import np

TEST, VALIDATION = "test", "validation"


@dataclass(frozen=True)
class Unfit:
    """A candidate that cannot be chosen."""

    label: str
    reason: str
    commands: tuple[str, ...]
    """What makes it eligible, one for each run; empty where nothing does."""


@dataclass(frozen=True)
class Contest:
    """Who is chosen from, and by what."""

    place: str
    """The split that chooses: `validation`, or `test` where the runs validate on that."""
    terms: tuple[Term, ...]
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
    measured = {candidate.label: common_seeds(candidate, terms) for candidate in candidates}
    unfit = [not_measured(candidate, terms) for candidate in candidates if not measured[candidate.label]]
    fit = [candidate for candidate in candidates if measured[candidate.label]]
    if not fit:
        raise UsageError(nobody(weights, unfit))
    repeated = [candidate for candidate in fit if len(measured[candidate.label]) > 1]
    if len(repeated) > 1:
        unfit += [one_seed(candidate, terms) for candidate in fit if candidate not in repeated]
        fit = repeated
    seeds, is_paired = counting_seeds([measured[candidate.label] for candidate in fit])
    return Contest(place, terms, tuple(fit), seeds, is_paired, tuple(unfit))


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
            f"some runs validate on the test split and some on held-out images (data.validation: test, {', '.join(others)}), so no split "
            f"can choose among them; choose among one kind with --where data.validation={others[0]}"
        )
    return TEST


def not_measured(candidate: Candidate, terms: Sequence[Term]) -> Unfit:
    """Why a candidate that lacks numbers cannot be chosen."""
    commands = tuple(command for run in candidate.runs if (command := command_for(run, terms)))
    reason = next((text for run in candidate.runs if (text := why_missing(run, terms))), "")
    return Unfit(candidate.label, reason, commands)


def one_seed(candidate: Candidate, terms: Sequence[Term]) -> Unfit:
    """Why a candidate with one seed cannot be chosen where others have more."""
    commands = tuple(command for run in candidate.runs if (command := command_for(run, terms)))
    return Unfit(candidate.label, "one seed, and nothing is known about its spread; others have more", commands)


def nobody(weights: Mapping[str, float], unfit: Sequence[Unfit]) -> str:
    """The message where no candidate can be chosen."""
    wanted = ",".join(weights)
    if len({one.reason for one in unfit}) > 1:
        lines = [f"  {one.label}: {one.reason}{how(one)}" for one in unfit]
        return "\n".join([f"--for {wanted}: no candidate was measured for all of it:", *lines])
    return f"--for {wanted}: no candidate can be chosen from: {unfit[0].reason}{how(unfit[0], sum(len(one.commands) for one in unfit))}"


def how(one: Unfit, runs: int = 0) -> str:
    """The command that would help, for the first run."""
    if not one.commands:
        return ""
    more = max(runs, len(one.commands)) - 1
    others = f" (and so for {more} more run{'s' * (more > 1)})" if more else ""
    return f"; measure it with: {one.commands[0]}{others}"


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
    if len(common) >= min(fewest_seeds(1), *map(len, measured)):
        return (tuple(common),) * len(measured), True
    return tuple(map(tuple, measured)), False


def make_sample(contest: Contest, weights: Mapping[str, float]) -> Sample:
    """The numbers of a contest as arrays."""
    goals = list(weights)
    values = [
        np.array([[term.values(candidate)[seed] for seed in seeds] for term in contest.terms])
        for candidate, seeds in zip(contest.candidates, contest.seeds, strict=True)
    ]
    return Sample(
        tuple(values),
        contest.is_paired,
        np.array([term.is_error for term in contest.terms]),
        np.array([goals.index(term.goal) for term in contest.terms]),
        np.array(
            [weights[goal] / max(weights.values()) for goal in goals], float
        ),  # only their ratio matters, and no sum of them is inf
    )
