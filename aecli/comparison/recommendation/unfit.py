"""Candidates that cannot be chosen: why, in words, and what would make them eligible."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.recommendation.goal_terms import GoalTerm
from aecli.comparison.recommendation.missing import command_for, why_missing


@dataclass(frozen=True)
class Unfit:
    """A candidate that cannot be chosen."""

    label: str
    reason: str
    commands: tuple[str, ...]
    """What makes it eligible, one for each run; empty where nothing does."""


def not_measured(candidate: Candidate, terms: Sequence[GoalTerm]) -> Unfit:
    """A candidate that lacks numbers."""
    reason = next((text for run in candidate.runs if (text := why_missing(run, terms))), "")
    return Unfit(label=candidate.label, reason=reason, commands=commands_for(candidate, terms))


def one_seed(candidate: Candidate, terms: Sequence[GoalTerm]) -> Unfit:
    """A candidate with one seed where others have more."""
    reason = "one seed, and nothing is known about its spread; others have more"
    return Unfit(label=candidate.label, reason=reason, commands=commands_for(candidate, terms))


def commands_for(candidate: Candidate, terms: Sequence[GoalTerm]) -> tuple[str, ...]:
    """What measures what the runs of a candidate lack, one for each run that lacks something."""
    return tuple(command for run in candidate.runs if (command := command_for(run, terms)))


def nobody(weights: Mapping[str, float], unfit: Sequence[Unfit]) -> str:
    """The message where no candidate can be chosen."""
    wanted = ",".join(weights)
    if len({one.reason for one in unfit}) > 1:
        lines = [f"  {one.label}: {one.reason}{remedy(one, len(one.commands))}" for one in unfit]
        return "\n".join([f"--for {wanted}: no candidate was measured for all of it:", *lines])
    runs = sum(len(one.commands) for one in unfit)
    return f"--for {wanted}: no candidate can be chosen from: {unfit[0].reason}{remedy(unfit[0], runs)}"


def remedy(one: Unfit, runs: int) -> str:
    """The command that would help, for the first of so many runs that need it."""
    if not one.commands:
        return ""
    more = runs - 1
    others = f" (and so for {more} more run{'s' * (more > 1)})" if more else ""
    return f"; measure it with: {one.commands[0]}{others}"
