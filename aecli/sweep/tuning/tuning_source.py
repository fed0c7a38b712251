"""A sweep that tunes as a source of trials: first every candidate tries its points, then fresh seeds judge the best.

The state is the plan and the run folders, nothing else: what was chosen follows from the runs that tried it, in every
process and after every kill. `tune.json` tells it to others.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from aecli.errors import known
from aecli.files.json_files import read_json, write_json
from aecli.runs.folder import RunFolder
from aecli.sweep.planning.objectives import better, measured_by, metric_of
from aecli.sweep.planning.trial import Cell, Plan, Trial, Tuning
from aecli.sweep.record.outcome import COMPLETED, DIVERGED, TrialOutcome
from aecli.sweep.record.run_index import DONE, results
from aecli.sweep.record.sweep_folder import SweepFolder, plan_record

SCHEMA = 1
"""Of tune.json."""
Values = list[list[float | None]]
"""Of each point the objective by seed; None where it diverged, or is no finite number."""


class TuningSource:
    """The trials of a sweep that tunes.

    Args:
        plan: everything but the trials with tuned values, which follow.
        folder: of the sweep; what is in it is read.
    """

    def __init__(self, plan: Plan, folder: SweepFolder) -> None:
        self.plan, self.folder = plan, folder
        self.tuning: Tuning = known(plan.tuning)
        self.trials = {trial.digest: trial for trial in plan.trials}
        """Those that are known so far."""
        self.cells = {
            trial.digest: number
            for number, cell in enumerate(self.tuning.cells)
            for of_point in cell.tried
            for trial in of_point
        }
        """Digest of a trial that tries a point -> its cell."""
        self.outcomes: dict[str, TrialOutcome] = {}
        self.values: dict[int, Values] = {}
        """Cell -> what its points came to, once all have."""
        self.given: set[int] = set()
        """Cells whose trials with tuned values are known."""
        for digest, (run, status) in results(folder, plan.trials).items():
            if status in DONE:
                self.tell(TrialOutcome(digest, status, str(run.path)))
        self.add_judged()

    def accepts(self, outcome: TrialOutcome) -> bool:
        """A point that diverges is a bad point, and no failure."""
        return outcome.kind == COMPLETED or (outcome.kind == DIVERGED and outcome.digest in self.cells)

    @property
    def total(self) -> int:
        """How many trials there will be, with those that need no training of their own."""
        return self.plan.expected

    @property
    def spared(self) -> int:
        """Trials that need none: the tuned value is the base's own, or no point came to an end; less those of a curve
        that are more than was to be expected."""
        asked = self.tuning.values_each * sum(len(self.tuning.cells[number].untuned) for number in self.given)
        return asked - (len(self.trials) - len(self.plan.trials))

    @property
    def ended(self) -> dict[str, TrialOutcome]:
        """Nothing: the run folders say it."""
        return {}

    def begin(self) -> list[Trial]:
        """The trials that are known at the start."""
        self.record()
        return list(self.trials.values())

    def has_more(self) -> bool:
        """Whether points of a cell are still being tried, or its trials with tuned values not given out."""
        return any(number not in self.given and not self.is_lost(cell) for number, cell in enumerate(self.tuning.cells))

    def more(self) -> list[Trial]:
        """The trials of cells whose points have all been tried meanwhile."""
        before = len(self.given)
        new = self.add_judged()
        if len(self.given) > before:
            self.record()
        return new

    def known(self, trial: Trial, run: RunFolder | None) -> TrialOutcome | None:
        """Nothing but what the run folders say."""

    def epoch(self, digest: str, epoch: int, metrics: dict[str, float]) -> bool:
        """Never stop one."""
        return False

    def tell(self, outcome: TrialOutcome) -> None:
        """A trial ended; the last one of a cell's points chooses among them."""
        self.outcomes[outcome.digest] = outcome
        number = self.cells.get(outcome.digest)
        if number is None or number in self.values:
            return
        cell = self.tuning.cells[number]
        ends = [[self.outcomes.get(trial.digest) for trial in of_point] for of_point in cell.tried]
        if all(end is not None and self.accepts(end) for of_point in ends for end in of_point):
            metric = metric_of(self.tuning.objective)
            self.values[number] = [[value_of(known(end), metric) for end in of_point] for of_point in ends]

    def is_lost(self, cell: Cell) -> bool:
        """Whether a trial failed without which no point can be chosen; the same command tries it again."""
        tried = (self.outcomes.get(trial.digest) for of_point in cell.tried for trial in of_point)
        return any(outcome is not None and not self.accepts(outcome) for outcome in tried)

    def add_judged(self) -> list[Trial]:
        """Take up the trials with tuned values of every cell of which these are known now; those that are new."""
        before = set(self.trials)
        for number in self.values.keys() - self.given:
            self.given.add(number)
            for trial in (*self.judged(number), *self.judged_on_the_way(number)):
                self.trials.setdefault(trial.digest, trial)
        return [trial for digest, trial in self.trials.items() if digest not in before]

    def chosen(self, number: int) -> int | None:
        """The best point of a cell; None while they are tried, or where none of them can be judged."""
        return choose(self.values[number], self.tuning.objective) if number in self.values else None

    def judged(self, number: int) -> Sequence[Trial]:
        """The trials with tuned values of a cell."""
        point = self.chosen(number)
        return () if point is None else self.tuning.cells[number].judged(point)

    def judged_on_the_way(self, number: int) -> Iterator[Trial]:
        """The trials with what fewer points choose, of a sweep that asks for its curve."""
        if not self.tuning.curve or (values := self.values.get(number)) is None:
            return
        budgets = range(1, len(values))
        points = dict.fromkeys(choose(values[:budget], self.tuning.objective) for budget in budgets)
        for point in points:
            if point is not None and point != self.chosen(number):
                yield from self.tuning.cells[number].judged(point)

    def record(self) -> None:
        """Write plan.json and tune.json, with what is known now."""
        whole = replace(self.plan, trials=tuple(self.trials.values()))
        told = plan_record(whole, self.total - self.spared)
        write_json(self.folder.plan, (read_json(self.folder.plan) or {}) | told)
        cells = [self.cell_record(number) for number in range(len(self.tuning.cells))]
        record = {
            "schema": SCHEMA,
            "objective": self.tuning.objective,
            "better": better(self.tuning.objective),
            "seeds": self.tuning.seeds,
            "points": self.tuning.points,
            "cells": cells,
        }
        write_json(self.folder.path / "tune.json", record)

    def cell_record(self, number: int) -> dict[str, object]:
        """One cell for tune.json: what came out, what was chosen, and which runs are which."""
        cell = self.tuning.cells[number]
        return {
            "changes": cell.changes,
            "values": self.values.get(number),
            "chosen": self.chosen(number),
            "tried": [[trial.digest for trial in of_point] for of_point in cell.tried],
            "untuned": [trial.digest for trial in cell.untuned],
            "judged": [trial.digest for trial in self.judged(number)],
        }

    def told(self) -> "list[Mapping[str, object]]":
        """What each cell was tuned to, as data for JSON and the screen."""
        points = self.tuning.points
        chosen = [self.chosen(number) for number in range(len(self.tuning.cells))]
        return [
            {"changes": cell.changes, "tuned": None if point is None else dict(points[point])}
            for cell, point in zip(self.tuning.cells, chosen, strict=True)
        ]


def value_of(outcome: TrialOutcome, metric: str) -> float | None:
    """What a run came to by a validation metric; None where it diverged, or has no finite number."""
    if outcome.kind != COMPLETED or outcome.run is None:
        return None
    value = measured_by(RunFolder(Path(outcome.run))).get(metric)
    return value if isinstance(value, (int, float)) and math.isfinite(value) else None


def choose(values: Values, objective: str) -> int | None:
    """The point with the best mean over its seeds, the first of equal ones; None where none has all of its values.

    Example:
        >>> choose([[2.0, 4.0], [1.0, None], [1.0, 3.0]], "validation.mse")
        2
    """
    sign = 1 if better(objective) == "lower" else -1
    means = {
        point: sign * math.fsum(value for value in of_point if value is not None) / len(of_point)
        for point, of_point in enumerate(values)
        if None not in of_point
    }
    return min(means, key=lambda point: means[point]) if means else None


def trials_to_come(plan: Plan, folder: SweepFolder) -> tuple[list[Trial], list[Trial]]:
    """The trials of a sweep that tunes which have no result yet, with stand-ins for those that follow; all known ones.

    Returns: what is left, and what is known.
    """
    source = TuningSource(plan, folder)
    there = results(folder, source.trials.values())
    left = [trial for trial in source.trials.values() if there.get(trial.digest, (None, ""))[1] not in DONE]
    open_cells = [cell for number, cell in enumerate(source.tuning.cells) if number not in source.given]
    points = range(source.tuning.values_each)
    to_come = [trial for cell in open_cells for point in points for trial in cell.judged(point)]
    return [*left, *to_come], list(source.trials.values())
