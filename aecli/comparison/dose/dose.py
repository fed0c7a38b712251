"""Dose-response: how each goal moves with one setting, up to where it is free, and where the cliff is.

The reference is the smallest dose, 0 where there are runs without the setting. Every other dose gets the verdict that
`compare` would give it, corrected for the doses of all goals. Then

- free up to X: every dose up to X is equivalent to the reference, better, or not worse by more than the band, and lost
  no seeds;
- the cliff: the first dose from which on every dose is worse by more than ten times the band (10 % for a band of 1 %).

Both are doses that were trained: nothing is read off between two of them, so a cliff lies between its dose and the one
before it. A cliff is claimed where the intervals of what is lost lie above the limit, excluded where they lie below it,
and left open else; see `cliffs`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aecli.comparison.dose.dose_goals import find_goals, measured_goals
from aecli.comparison.dose.doses import DoseGroup, sort_doses
from aecli.comparison.dose.promise_answers import PromiseAnswer, answer_promises, answers_of
from aecli.comparison.dose.responses import GoalResponse, respond_by
from aecli.comparison.dose.steps import measured_estimate
from aecli.comparison.evidence.baseline_numbers import baseline_rows
from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.collect import collect, garbage_collection_paused
from aecli.comparison.evidence.conditions import select_runs
from aecli.comparison.evidence.lost_runs import read_lost
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.rope import Rope, parse_rope
from aecli.comparison.evidence.run_record import LeftOut, RunRecord
from aecli.comparison.evidence.tuned_config import without_tuned
from aecli.comparison.evidence.tunings import set_apart
from aecli.comparison.verdicts.lint import Finding, lint
from aecli.comparison.verdicts.scene import Scene
from aecli.text import each


@dataclass(frozen=True)
class UntrainedGoal:
    """A goal by which the reference is no better than the mean training image."""

    metric: Measure
    own: float
    mean_image: float


@dataclass(frozen=True)
class GroupResponse:
    """What the doses of one group did."""

    group: DoseGroup
    responses: tuple[GoalResponse, ...]
    answers: tuple[PromiseAnswer, ...]
    """Whether the regularizer did what its name promises."""
    untrained: tuple[UntrainedGoal, ...]
    """Goals by which the reference learned nothing."""
    findings: tuple[Finding, ...]
    """What else limits all of it."""


@dataclass(frozen=True)
class DoseResponse:
    """Everything that was found for a key."""

    key: str
    rope: Rope
    groups: tuple[GroupResponse, ...]
    lonely: tuple[int, int]
    """Other settings with a single dose, and their runs."""
    undosed: int
    """Runs in which the key is missing, or has no number."""
    left_out: tuple[LeftOut, ...]


@garbage_collection_paused()
def dose_response(
    paths: str | Path | Sequence[str | Path],
    *,
    key: str,
    metrics: str | Sequence[str] = (),
    rope: str = "1%",
    where: str | Sequence[str] = (),
) -> DoseResponse:
    """How each goal moves with a setting.

    Args:
        paths: run folders, folders of runs, sweep folders, globs.
        key: a dotted key of the config with numbers, `regularization.l1.weight`.
        metrics: names of the goals, `gap` among them; the usual ones that were measured if not given.
        rope: band of practical equivalence, `1%` of the reference or a number in units of the metric.
        where: conditions on the config that runs have to meet.

    Raises:
        UsageError: no run can be used, the key is no dose, nowhere do two doses differ in nothing else, or a metric was
            not measured, or its direction is not known.
    """
    band = parse_rope(rope)
    collected = collect(paths)
    runs = tuned_alike(select_runs(collected.runs, where), key)
    found = sort_doses(runs, key, tuned_alike(read_lost(collected.left_out, collected.runs, where), key))
    goals = find_goals(each(metrics), runs)
    measured = [measured_goals(group, goals) for group in found.groups]
    curves = sum(map(len, measured))
    asked = sum(answers_of(group, key) for group in found.groups)
    return DoseResponse(
        key=key,
        rope=band,
        groups=tuple(
            respond(Asked(group, key, own, band, curves=curves, answers=asked))
            for group, own in zip(found.groups, measured, strict=True)
        ),
        lonely=found.lonely,
        undosed=found.undosed,
        left_out=collected.left_out,
    )


def tuned_alike(runs: Sequence[RunRecord], key: str) -> list[RunRecord]:
    """The runs with what was tuned for each set equal; all of them as they are where the key itself was tuned."""
    apart = set_apart(runs)
    if any(key in record.keys for record in apart.tunings.values()):
        return list(runs)
    return [replace(run, config=without_tuned(run.config, run.tuned)) for run in apart.judged]


@dataclass(frozen=True)
class Asked:
    """What is asked about the doses of one group, and of how many questions in all it is."""

    group: DoseGroup
    key: str
    goals: Sequence[Measure]
    """Those that two doses have."""
    rope: Rope
    curves: int
    """Goals of all groups."""
    answers: int
    """Answers about promises that could be given, of all groups."""


def respond(asked: Asked) -> GroupResponse:
    """The response of every goal that two doses of a group have, and what became of the promise."""
    group, key, rope = asked.group, asked.key, asked.rope
    responses = tuple(respond_by(group, goal, rope, asked.curves) for goal in asked.goals)
    free = responses[0].open_to or responses[0].free if responses else None
    reference = group.candidates[0]
    scene = Scene(
        factors=[key],
        candidates=group.candidates,
        baseline=reference,
        metrics=asked.goals,
        left_out=(),
        gone=group.gone,
    )
    return GroupResponse(
        group=group,
        responses=responses,
        answers=answer_promises(group, key, free, rope, answers=asked.answers),
        untrained=tuple(find_untrained(reference, asked.goals)),
        findings=tuple(lint(scene)),
    )


def find_untrained(reference: Candidate, measured: Sequence[Measure]) -> Iterator[UntrainedGoal]:
    """Each goal by which the reference is no better than the mean training image."""
    for metric in (one for one in measured if one.read is None and reference.values(one)):
        rows = [baseline_rows(run, [metric]) for run in reference.runs]
        trivial = [row["mean_image"][metric.name] for row in rows if "mean_image" in row]
        own = measured_estimate(reference, metric).mean
        if trivial and not metric.is_better(own, sum(trivial) / len(trivial)):
            yield UntrainedGoal(metric=metric, own=own, mean_image=trivial[0])
