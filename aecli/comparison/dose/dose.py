"""Dose-response: how each goal moves with one setting, up to where it is free, and where the cliff is.

The reference is the smallest dose, 0 where there are runs without the setting. Every other dose gets the verdict that
`compare` would give it, corrected for the doses of one metric. Then

- free up to X: every dose up to X is equivalent to the reference, better, or not worse by more than the band;
- the cliff: the first dose from which on every dose is worse by more than ten times the band (10 % for a band of 1 %).

Both are doses that were trained: nothing is read off between two of them, so a cliff lies between its dose and the one
before it. A cliff is shown where the verdicts are `worse`; where single intervals leave out 0, but the correction for
many doses does not allow the verdict, it only looks like one, and that is said.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aecli.comparison.dose.doses import DoseGroup, sort_doses
from aecli.comparison.dose.promises import Answer, answer_promises
from aecli.comparison.evidence.baseline_numbers import baseline_rows
from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.collect import collect, garbage_collection_paused
from aecli.comparison.evidence.conditions import select_runs
from aecli.comparison.evidence.lookup import find_measure, refuse_objective
from aecli.comparison.evidence.measures import Measure, measure
from aecli.comparison.evidence.rope import Rope, parse_rope
from aecli.comparison.evidence.run_record import LeftOut, RunRecord
from aecli.comparison.evidence.settings import as_text, look_up
from aecli.comparison.statistics.differences import edges_of_band
from aecli.comparison.statistics.intervals import Estimate
from aecli.comparison.telling.finding_words import finding_words
from aecli.comparison.verdicts.decide import reach_verdicts
from aecli.comparison.verdicts.lint import Scene, lint
from aecli.comparison.verdicts.ranking import estimate_of
from aecli.comparison.verdicts.verdict import BETTER, EQUIVALENT, UNDECIDED, WORSE, Verdict
from aecli.components.evaluation.scales import RATIO
from aecli.errors import UsageError

REFERENCE, NO_WORSE = "reference", "not worse"
FREE = (REFERENCE, BETTER, EQUIVALENT, NO_WORSE)
CLIFF = 10
"""Bands of practical equivalence by which the mean is behind from the cliff on."""


def read_gap(run: RunRecord) -> float | None:
    """Test MSE over training MSE: 1 where unseen images are reconstructed as well as seen ones."""
    test, train = run.number(("test", "mse")), run.number(("train", "mse"))
    return test / train if test is not None and train else None


GAP = Measure("gap", ("test", "mse"), "lower", read=read_gap)
USUAL = (
    "test.mse",
    "gap",
    "sparsity.exact_zeros",
    "sparsity.small",
    "features.linear_probe",
    "compression.bits_per_pixel",
    "robustness.skill",
)


@dataclass(frozen=True)
class Step:
    """One dose, by one goal."""

    dose: float
    label: str
    estimate: Estimate | None
    kind: str
    """A verdict's word, `reference`, or `not worse` where it can only not be equivalent because it may be better."""
    verdict: Verdict | None
    """None for the reference."""
    behind: float
    """How many bands the mean is behind the reference; below 0 it is ahead."""

    @property
    def worst(self) -> float:
        """The bad end of the interval of the difference, behind the reference above 0; infinite where there is none."""
        estimate = self.verdict.difference.estimate if self.verdict and self.verdict.difference else None
        if estimate is None or estimate.low is None:
            return math.inf
        return max(self.verdict.metric.loss_like(end) for end in (estimate.low, estimate.high))


@dataclass(frozen=True)
class Cliff:
    """From where on a goal is lost."""

    before: str
    """The dose before it."""
    start: str
    """The first dose behind it; as far as it is shown, see `shown`."""
    shown: str | None
    """The first dose from which on all are shown to be worse; None where it only looks so."""


@dataclass(frozen=True)
class Response:
    """How one goal moves with the dose."""

    metric: Measure
    steps: tuple[Step, ...]
    """Rising in dose; the first one is the reference."""
    free: str | None
    """The largest dose up to which every dose is free; None where none is."""
    open_to: str | None
    """The largest dose up to which no loss is shown, where that is more than is free."""
    cliff: Cliff | None


@dataclass(frozen=True)
class GroupResponse:
    """What the doses of one group did."""

    group: DoseGroup
    responses: tuple[Response, ...]
    answers: tuple[Answer, ...]
    """Whether the regularizer did what its name promises."""
    notes: tuple[str, ...]
    """What limits all of it, in words."""


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
    paths: Sequence[str | Path], *, key: str, metrics: Sequence[str] = (), rope: str = "1%", where: Sequence[str] = ()
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
    runs = select_runs(collected.runs, where)
    found = sort_doses(runs, key)
    measures = list({goal.name: goal for goal in (find_goal(name, runs) for name in metrics)}.values())
    groups = tuple(respond(group, key, measures, band) for group in found.groups)
    return DoseResponse(key, band, groups, found.lonely, found.undosed, collected.left_out)


def find_goal(name: str, runs: Sequence[RunRecord]) -> Measure:
    """The measure of a name, `gap` among them.

    Raises:
        UsageError: it was not measured, or it cannot judge.
    """
    if name == GAP.name:
        return GAP
    made = find_measure(name, runs)
    if made.better is None:
        raise UsageError(
            f"{made.name}: nobody knows whether more or less of it is better, so it cannot say what is free"
        )
    refuse_objective(made, runs)
    return made


def respond(group: DoseGroup, key: str, measures: Sequence[Measure], rope: Rope) -> GroupResponse:
    """The response of every goal that two doses of a group have, and what became of the promise."""
    goals = measures or [GAP if name == GAP.name else measure(name) for name in USUAL]
    measured = [goal for goal in goals if sum(bool(one.values(goal)) for one in group.candidates) > 1]
    responses = tuple(respond_by(group, goal, rope) for goal in measured)
    free = responses[0].open_to or responses[0].free if responses else None
    scene = Scene([key], group.candidates, group.candidates[0], measured, ())
    notes = (*moved_together(group, key), *untrained(group, measured), *map(finding_words, lint(scene)))
    return GroupResponse(group, responses, answer_promises(group, key, free, GAP, rope), notes)


def moved_together(group: DoseGroup, key: str) -> list[str]:
    """A note for each key that the sweep moved together with the dose."""
    notes = []
    for other in group.moves_with:
        pairs = [f"{as_text(look_up(one.runs[0].config, other))} at {one.label}" for one in group.candidates]
        notes.append(
            f"zipped: {other} moves with {key} in the sweep ({', '.join(pairs)}); each dose is both, and which of them acts cannot be said"
        )
    return notes


def untrained(group: DoseGroup, measured: Sequence[Measure]) -> list[str]:
    """A note for each goal by which the reference is no better than the mean training image: what is nothing is free."""
    notes = []
    for metric in (one for one in measured if one.read is None):
        reference = group.candidates[0]
        trivial = [
            row["mean_image"][metric.name]
            for run in reference.runs
            if "mean_image" in (row := baseline_rows(run, [metric]))
        ]
        own = estimate_of(reference, metric)
        if trivial and own and not metric.is_better(own.mean, sum(trivial) / len(trivial)):
            what = (
                f"the reference is not better than the mean image by {metric.name} ({own.mean:.4g}, {trivial[0]:.4g})"
            )
            notes.append(
                f"untrained: {what}; what was not learned cannot be lost, so no dose is free in any other sense"
            )
    return notes


def respond_by(group: DoseGroup, metric: Measure, rope: Rope) -> Response:
    """The response of one goal; the doses for which it was not measured have no part in it."""
    there = [(dose, one) for dose, one in zip(group.doses, group.candidates, strict=True) if one.values(metric)]
    reference = there[0][1]
    verdicts = iter(reach_verdicts([one for _, one in there], reference, [metric], rope, was_chosen=False))
    steps = tuple(
        make_step(dose, one, None if one is reference else next(verdicts), reference, rope, metric)
        for dose, one in there
    )
    cliff = find_cliff(steps)
    before_cliff = steps[: [step.label for step in steps].index(cliff.start)] if cliff else steps
    free, open_to = last_of(before_cliff, FREE), last_of(before_cliff, (*FREE, UNDECIDED))
    return Response(metric, steps, free, None if open_to == free else open_to, cliff)


def make_step(
    dose: float, one: Candidate, verdict: Verdict | None, reference: Candidate, rope: Rope, metric: Measure
) -> Step:
    """What one dose did to one goal."""
    kind, behind = REFERENCE, 0.0
    if verdict is not None:
        kind = verdict.kind
        if kind == UNDECIDED and is_no_worse(verdict, one, reference, rope):
            kind = NO_WORSE
        if verdict.difference is not None and verdict.band:
            behind = metric.loss_like(verdict.difference.estimate.mean) / verdict.band
    return Step(dose, one.label, estimate_of(one, metric), kind, verdict, behind)


def is_no_worse(verdict: Verdict, one: Candidate, reference: Candidate, rope: Rope) -> bool:
    """Whether the whole interval is on the good side of the band's bad edge, however uncertain that edge is."""
    estimate = verdict.difference.estimate if verdict.difference else None
    if estimate is None or estimate.low is None or verdict.band is None:
        return False
    metric = verdict.metric
    worst = max(metric.loss_like(end) for end in (estimate.low, estimate.high))
    if not rope.is_relative or metric.scale != RATIO:
        return worst <= verdict.band
    below, above = edges_of_band(one.values(metric), reference.values(metric), rope.size, verdict.comparisons)
    return worst <= verdict.band and (above.high <= 0 if metric.better == "lower" else below.low >= 0)


def find_cliff(steps: Sequence[Step]) -> Cliff | None:
    """The cliff, found from the largest dose down."""
    shown = seen = len(steps)
    while seen > 1 and falls(steps[seen - 1]):
        seen -= 1
        if shown == seen + 1 and steps[seen].kind == WORSE:
            shown = seen
    if seen == len(steps):
        return None
    return Cliff(steps[seen - 1].label, steps[seen].label, steps[shown].label if shown < len(steps) else None)


def falls(step: Step) -> bool:
    """Whether a dose is far behind, by an interval that leaves out 0."""
    estimate = step.verdict.difference.estimate if step.verdict and step.verdict.difference else None
    return (
        step.behind > CLIFF
        and estimate is not None
        and estimate.low is not None
        and not estimate.low <= 0 <= estimate.high
    )


def last_of(steps: Sequence[Step], kinds: Sequence[str]) -> str | None:
    """The last dose above the reference up to which all are of some kinds; None where the first one is not."""
    last = None
    for step in steps[1:]:
        if step.kind not in kinds:
            break
        last = step.label
    return last
