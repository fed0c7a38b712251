"""The order of the rows of a table: by a metric, or by a key of the config."""

from collections.abc import Callable
from typing import Any

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.lookup import find_measure, refuse_objective
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.evidence.settings import flatten, value_of
from aecli.comparison.verdicts.group import Group
from aecli.comparison.verdicts.ranking import estimate_of
from aecli.errors import UsageError

BEST, LOWEST, HIGHEST = "best", "lowest", "highest"


def make_order(group: Group, name: str, way: str) -> Callable[[Candidate | RunRecord], Any]:
    """The sort key of a metric or a key of the config; what has no value comes last.

    Raises:
        UsageError: there is no such metric or key, which end is best is not known, or it is the objective of different
            losses.
    """
    if name in group.factors or any(name in flatten(one.config) for one in group.candidates):
        if way == BEST:
            raise UsageError(f"--sort {name}: no value of a setting is best; use --min {name} or --max {name}")
        return lambda row: by_setting(value_of(row.config, name), way)
    made = find_measure(name, group.runs)
    refuse_objective(made, group.runs)
    if way == BEST and made.better is None:
        raise UsageError(
            f"--sort {name}: nobody knows whether more or less of it is better; use --min {name} or --max {name}"
        )
    sign = -1 if way == HIGHEST or (way == BEST and made.better == "higher") else 1

    def order(row: Candidate | RunRecord) -> tuple[bool, float]:
        if isinstance(row, RunRecord):
            value = made.value(row)
        else:
            estimate = estimate_of(row, made)
            value = None if estimate is None else estimate.mean
        return (value is None, 0.0 if value is None else sign * value)

    return order


def by_setting(text: str, way: str) -> tuple[bool, float, Any]:
    """The sort key of a setting: numbers by size, then texts by the alphabet."""
    sign = -1 if way == HIGHEST else 1
    try:
        return (False, sign * float(text), ())
    except ValueError:
        return (True, 0.0, tuple(sign * ord(letter) for letter in text))
