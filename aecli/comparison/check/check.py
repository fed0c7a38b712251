"""Conditions on one finished run, for CI: which of them hold, with the measured values.

What is asserted of the run comes first, then what is asked of it beside baseline runs.
"""

import time
from collections.abc import Sequence
from pathlib import Path

from aecli.comparison.check.against_baseline import hold_against
from aecli.comparison.check.assertions import GRAMMAR, Assertion, parse_assertion, parse_number, parse_tolerance
from aecli.comparison.check.baseline_runs import read_baselines
from aecli.comparison.check.check_words import show_numbers
from aecli.comparison.check.checked import Check, CheckedCondition
from aecli.comparison.check.one_run import read_number, read_one
from aecli.comparison.evidence.measures import DEFAULT_METRIC
from aecli.comparison.evidence.run_record import RunRecord
from aecli.errors import UsageError
from aecli.text import each, printable


def check(
    run: str | Path,
    assertions: str | Sequence[str] = (),
    *,
    baseline: str | Path | Sequence[str | Path] | None = None,
    tolerance: str | None = None,
) -> Check:
    """Check conditions on a finished run.

    Args:
        run: its folder.
        assertions: expressions such as `test.mse<=0.009`; with a baseline also metrics alone.
        baseline: a run that must not be better by more than the tolerance, by the metrics that stand alone, else by
            those of the assertions, else by the test MSE; or several seeds of it, as folders, globs, a config's name or
            `tag:NAME`: then the limit is also as far off as a new run may be by its seed.
        tolerance: `2%` of the baseline's value, or a number in units of the metric; 0 % if not given.

    Raises:
        UsageError: an expression cannot be read, a run is not complete, a metric was not measured, or the two runs
            cannot be compared.
    """
    begin = time.perf_counter()
    assertions = each(assertions)
    baseline = None if baseline is None or not each(baseline) else baseline
    refuse_nothing(assertions, baseline, tolerance)
    allowed = parse_tolerance("0%" if tolerance is None else tolerance)
    parsed = read_assertions(assertions, may_stand_alone=baseline is not None)
    record = read_one(run)
    conditions = [check_assertion(one, record) for one in parsed if one.op]
    references = [] if baseline is None else read_baselines(each(baseline), record)
    if references:
        conditions += hold_against(record, references, compared_metrics(parsed), allowed)
    return Check(
        name=printable(record.config.get("name", "run")),
        run=record.path,
        baseline=references[0].path if references else None,
        tolerance=allowed,
        conditions=tuple(conditions),
        elapsed_s=time.perf_counter() - begin,
        baselines=tuple(one.path for one in references),
    )


def refuse_nothing(assertions: Sequence[str], baseline: object, tolerance: object) -> None:
    """Refuse a check of nothing.

    Raises:
        UsageError: there is no condition and no baseline, or a tolerance without a baseline.
    """
    if not assertions and baseline is None:
        raise UsageError(
            "nothing to check; give a condition such as --assert 'test.mse<=0.009', "
            "or a run to hold it against: --baseline RUN"
        )
    if tolerance is not None and baseline is None:
        raise UsageError("--tolerance is how much worse than a baseline the run may be; it needs --baseline RUN")


def read_assertions(texts: Sequence[str], *, may_stand_alone: bool) -> list[Assertion]:
    """Every --assert, read.

    Raises:
        UsageError: one cannot be read, or is a metric alone where there is no baseline.
    """
    parsed = [parse_assertion(text) for text in texts]
    alone = [one.metric for one in parsed if not one.op]
    if alone and not may_stand_alone:
        raise UsageError(
            f'--assert "{alone[0]}": a metric alone is held against a --baseline RUN; without one, {GRAMMAR}'
        )
    return parsed


def compared_metrics(parsed: Sequence[Assertion]) -> list[str]:
    """The metrics by which a run is held against a baseline: those that stand alone, else all, else the usual one."""
    alone = [one.metric for one in parsed if not one.op]
    return list(dict.fromkeys(alone or [one.metric for one in parsed] or [DEFAULT_METRIC]))


def check_assertion(assertion: Assertion, run: RunRecord) -> CheckedCondition:
    """Whether an assertion holds for a run."""
    made, value = read_number(assertion.metric, run)
    limit, text = parse_number(assertion.limit), assertion.limit
    if limit is not None:
        measured = show_numbers(value, limit)[0]
    else:
        other, limit = read_number(text, run)
        measured, text = " and ".join(show_numbers(value, limit)), other.name
    return CheckedCondition(
        condition=f"{made.name} {assertion.op} {text}",
        metric=made.name,
        op=assertion.op,
        value=value,
        limit=limit,
        measured=measured,
    )
