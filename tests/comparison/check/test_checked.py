"""A condition with its numbers: when it holds."""

from dataclasses import replace
from pathlib import Path

import pytest

from aecli.comparison.check.assertions import parse_tolerance
from aecli.comparison.check.checked import Check, CheckedCondition


def condition(value, op, limit):
    return CheckedCondition(condition="a", metric="mse", op=op, value=value, limit=limit, measured="b")


@pytest.mark.parametrize(
    ("value", "op", "limit", "holds"),
    [(1.0, "<=", 1.0, True), (1.0, "<", 1.0, False), (None, "!=", 1.0, False), (1.0, "!=", None, False)],
    ids=["equal", "strictly", "no number", "no limit"],
)
def test_a_condition_holds_by_its_numbers_and_never_without_one(value, op, limit, holds):
    assert condition(value, op, limit).holds is holds


def test_what_does_not_hold_failed():
    conditions = (condition(1.0, "<", 2.0), condition(3.0, "<", 2.0))
    made = Check(
        name="run", run=Path("a"), baseline=None, tolerance=parse_tolerance("0"), conditions=conditions, elapsed_s=0.0
    )
    assert made.failed == [conditions[1]]
    assert str(made.failed[0]) == "a: b"


def test_each_note_is_told_once():
    conditions = tuple(replace(condition(1.0, "<", 2.0), note=note) for note in ("rare", "", "rare"))
    made = Check("run", Path("a"), None, parse_tolerance("0"), conditions=conditions, elapsed_s=0.0)
    assert made.notes == ["rare"]
