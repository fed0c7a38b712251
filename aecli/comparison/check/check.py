"""Conditions on one finished run, for CI: which of them hold, with the measured values.

What is asserted of the run comes first, then what is asked of it beside a baseline run.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aecli.comparison.check.assertions import (
    GRAMMAR,
    OPERATORS,
    Assertion,
    parse_assertion,
    parse_number,
    parse_tolerance,
)
from aecli.comparison.evidence.collect import expand, runs_within
from aecli.comparison.evidence.datasets import describe_data, split_by_data
from aecli.comparison.evidence.lookup import find_measure, locate, refuse_objective
from aecli.comparison.evidence.measures import DEFAULT_METRIC, OBJECTIVE, Measure
from aecli.comparison.evidence.read_run import read_run
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.evidence.run_record import LeftOut, RunRecord
from aecli.comparison.verdicts.lint import protocol_of
from aecli.errors import UsageError
from aecli.runs.files import finite
from aecli.text import printable

NO_NUMBER = "no finite number"


@dataclass(frozen=True)
class Outcome:
    """One condition, and whether it holds."""

    condition: str
    """In words that stay the same from run to run."""
    metric: str
    op: str
    value: float | None
    """None where the summary has no finite number; no condition holds then, not even !=."""
    limit: float | None
    measured: str
    """The numbers as shown, with as many digits as show who is larger."""

    @property
    def holds(self) -> bool:
        """Whether the condition holds."""
        return self.value is not None and self.limit is not None and OPERATORS[self.op](self.value, self.limit)

    def __str__(self) -> str:
        return f"{self.condition}: {self.measured}"


@dataclass(frozen=True)
class Check:
    """What was asked of a run, and the answers."""

    name: str
    """Of the run's config."""
    run: Path
    baseline: Path | None
    tolerance: Rope
    outcomes: tuple[Outcome, ...]
    elapsed_s: float

    @property
    def failed(self) -> list[Outcome]:
        """The conditions that do not hold."""
        return [outcome for outcome in self.outcomes if not outcome.holds]

    @property
    def lines(self) -> list[str]:
        """One line per condition, and how many hold."""
        held = len(self.outcomes) - len(self.failed)
        return [f"{'ok  ' if one.holds else 'FAIL'}  {one}" for one in self.outcomes] + [
            f"{held} of {len(self.outcomes)} conditions hold"
        ]

    def plain(self) -> dict[str, Any]:
        """The same for machines."""
        keys = ("condition", "metric", "op", "value", "limit", "holds", "measured")
        return {
            "schema": 1,
            "run": printable(self.run),
            "baseline": None if self.baseline is None else printable(self.baseline),
            "tolerance": None
            if self.baseline is None
            else {"size": self.tolerance.size, "is_relative": self.tolerance.is_relative},
            "holds": not self.failed,
            "conditions": [finite({key: getattr(one, key) for key in keys}) for one in self.outcomes],
        }


def check(
    run: str | Path,
    assertions: Sequence[str] = (),
    *,
    baseline: str | Path | None = None,
    tolerance: str | None = None,
) -> Check:
    """Check conditions on a finished run.

    Args:
        run: its folder.
        assertions: expressions such as `test.mse<=0.009`; with a baseline also metrics alone.
        baseline: folder of a run that must not be better by more than the tolerance, by the metrics that stand alone, else
            by those of the assertions, else by the test MSE.
        tolerance: `2%` of the baseline's value, or a number in units of the metric; 0 % if not given.

    Raises:
        UsageError: an expression cannot be read, a run is not complete, a metric was not measured, or the two runs cannot
            be compared.
    """
    begin = time.perf_counter()
    if not assertions and baseline is None:
        raise UsageError(
            "nothing to check; give a condition such as --assert 'test.mse<=0.009', or a run to hold it against: --baseline RUN"
        )
    if tolerance is not None and baseline is None:
        raise UsageError("--tolerance is how much worse than a baseline the run may be; it needs --baseline RUN")
    allowed = parse_tolerance("0%" if tolerance is None else tolerance)
    parsed = [parse_assertion(text) for text in assertions]
    alone = [one.metric for one in parsed if one.op is None]
    if alone and baseline is None:
        raise UsageError(
            f'--assert "{alone[0]}": a metric alone is held against a --baseline RUN; without one, {GRAMMAR}'
        )
    record = read_one(run)
    outcomes = [judge(one, record) for one in parsed if one.op]
    reference = None if baseline is None else read_one(baseline)
    if reference:
        names = dict.fromkeys(alone or [one.metric for one in parsed] or [DEFAULT_METRIC])
        outcomes += hold_against(record, reference, list(names), allowed)
    name = printable(record.config.get("name", "run"))
    elapsed_s = time.perf_counter() - begin
    return Check(name, record.path, reference.path if reference else None, allowed, tuple(outcomes), elapsed_s)


def read_one(path: str | Path) -> RunRecord:
    """The complete run in a folder.

    Raises:
        UsageError: there is none, it is not complete or damaged, or there are several.
    """
    left_out: list[LeftOut] = []
    folders = [folder for found in expand(path) for folder in runs_within(found, left_out)]
    if len(folders) > 1:
        raise UsageError(
            f"{printable(path)}: has {len(folders)} runs; a check is about one, such as {printable(folders[-1])}"
        )
    read = read_run(folders[0]) if folders else left_out[0]
    if isinstance(read, LeftOut):
        raise UsageError(f"{printable(read.path)}: {printable(read.reason)}")
    return read


def read_number(name: str, run: RunRecord) -> tuple[Measure, float | None]:
    """A metric of a run with its value; None where the summary has null or no finite number for it.

    Raises:
        UsageError: it was not measured, or is no number.
    """
    made = locate(name, [run])
    if made.name == OBJECTIVE:
        return made, made.value(run)
    holder, key = run.part(made.path[:-1]), made.path[-1]
    if key not in holder:
        find_measure(name, [run])  # says which there are
    found = holder.get(key)
    if isinstance(found, dict):
        raise UsageError(
            f'metric "{name}" is not one number but several: {", ".join(printable(part) for part in found)}'
        )
    if isinstance(found, (str, bool, list)):
        raise UsageError(f'metric "{name}" is no number: {printable(found)[:80]}')
    return made, made.value(run)


def judge(assertion: Assertion, run: RunRecord) -> Outcome:
    """Whether an assertion holds for a run."""
    made, value = read_number(assertion.metric, run)
    limit, text = parse_number(assertion.limit), assertion.limit
    if limit is not None:
        measured = show(value, limit)[0]
    else:
        other, limit = read_number(text, run)
        measured, text = " and ".join(show(value, limit)), other.name
    return Outcome(f"{made.name} {assertion.op} {text}", made.name, assertion.op, value, limit, measured)


def hold_against(run: RunRecord, baseline: RunRecord, names: Sequence[str], tolerance: Rope) -> list[Outcome]:
    """Whether a run is, by each metric, at most so much worse than a baseline.

    Raises:
        UsageError: they were judged on different data or by different protocols, or nobody knows which direction is worse.
    """
    refuse_other_data(run, baseline)
    outcomes = []
    for name in names:
        made, value = read_number(name, run)
        if made.better is None:
            raise UsageError(
                f"{made.name}: nobody knows whether more or less of it is better, so it cannot be held against a baseline; "
                "name what can, for example --assert test.mse"
            )
        refuse_objective(made, [run, baseline])
        try:
            _, reference = read_number(name, baseline)
        except UsageError as error:
            raise UsageError(f"--baseline {printable(baseline.path)}: {error}") from None
        refuse_other_images(made, run, baseline)
        outcomes.append(at_most_worse(made, value, reference, tolerance))
    return outcomes


def at_most_worse(made: Measure, value: float | None, reference: float | None, tolerance: Rope) -> Outcome:
    """Whether a value is at most so much worse than that of the baseline."""
    op, sign = ("<=", 1) if made.better == "lower" else (">=", -1)
    limit = None if reference is None else reference + sign * tolerance.half_width(reference, made.scale)
    shown, at_limit, at_baseline = show(value, limit, reference)
    condition = f"{made.name} at most {tolerance.on(made.scale)} worse than the baseline"
    return Outcome(condition, made.name, op, value, limit, f"{shown}, baseline {at_baseline}, limit {at_limit}")


def refuse_other_data(run: RunRecord, baseline: RunRecord) -> None:
    """Refuse runs that were judged on different test images.

    Raises:
        UsageError: they were.
    """
    if len(split_by_data([run, baseline])) > 1:
        ours, theirs = describe_data(run), describe_data(baseline)
        differ = (
            f"{theirs}; the run on {ours}"
            if ours != theirs
            else f"{theirs}, with other content or scaling than the run"
        )
        raise UsageError(
            f"--baseline {printable(baseline.path)}: was judged on {differ}; numbers of different data cannot be compared"
        )


def refuse_other_images(made: Measure, run: RunRecord, baseline: RunRecord) -> None:
    """Refuse a metric of other images of the same data, or by another version of a suite's protocol.

    Raises:
        UsageError: the two runs differ in one of them.
    """
    split = made.suite[0] if made.suite else made.path[0]
    counts = [one.data.get("images") for one in (run, baseline)]
    ours, theirs = (count.get(split) if isinstance(count, dict) else None for count in counts)
    if split in ("train", "validation") and ours != theirs:
        raise UsageError(
            f"{made.name}: measured on {ours} images, for the baseline on {theirs}; numbers of different data cannot be compared"
        )
    ours, theirs = (protocol_of(one, made) if made.suite else None for one in (run, baseline))
    if ours != theirs and None not in (ours, theirs):
        raise UsageError(
            f"{made.name}: measured with version {ours} of the protocol, for the baseline with version {theirs}; "
            f"measure the older one anew with: aecli evaluate RUN --suite {made.suite[1]}"
        )


def show(value: float | None, limit: float | None, *others: float | None) -> list[str]:
    """Numbers with four digits, or as many as it takes to show which of the first two is larger.

    Example:
        >>> show(0.0078812, 0.009), show(0.00900004, 0.009)
        (['0.007881', '0.009'], ['0.00900004', '0.009'])
    """
    digits = 4
    if value is not None and limit is not None:
        order = (value > limit) - (value < limit)
        shown = ((digits, float(as_text(value, digits)), float(as_text(limit, digits))) for digits in range(4, 18))
        digits = next(digits for digits, one, other in shown if (one > other) - (one < other) == order)
    return [NO_NUMBER if number is None else as_text(number, digits) for number in (value, limit, *others)]


def as_text(value: float, digits: int) -> str:
    """A whole number with all its digits, any other with so many that count."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.{digits}g}"
