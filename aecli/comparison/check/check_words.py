"""A check in words and as JSON: numbers with as many digits as show who is larger, and a line for each condition."""

from aecli.comparison.check.alarms import Reference
from aecli.comparison.check.checked import Check
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.rope import Rope
from aecli.files.json_files import finite
from aecli.text import printable

SCHEMA = 1
"""Version of the JSON."""
NO_NUMBER = "no finite number"
CONDITION_KEYS = ("condition", "metric", "op", "value", "limit", "holds", "measured")


def check_lines(checked: Check) -> list[str]:
    """One line per condition, how often an unchanged run fails, and how many hold."""
    held = len(checked.conditions) - len(checked.failed)
    lines = [f"{'ok  ' if one.holds else 'FAIL'}  {one}" for one in checked.conditions]
    return [
        *lines,
        *(f"note  {note}" for note in checked.notes),
        f"{held} of {len(checked.conditions)} conditions hold",
    ]


def check_json(checked: Check) -> dict[str, object]:
    """A check as plain data, versioned."""
    has_baseline = checked.baseline is not None
    tolerance = {"size": checked.tolerance.size, "is_relative": checked.tolerance.is_relative}
    return {
        "schema": SCHEMA,
        "run": printable(checked.run),
        "baseline": printable(checked.baseline) if has_baseline else None,
        "baselines": [printable(path) for path in checked.baselines],
        "tolerance": tolerance if has_baseline else None,
        "holds": not checked.failed,
        "notes": checked.notes,
        "conditions": [finite({key: getattr(one, key) for key in CONDITION_KEYS}) for one in checked.conditions],
    }


def baseline_condition(made: Measure, tolerance: Rope) -> str:
    """What is asked of a run beside a baseline, without a measured number."""
    return f"{made.name} at most {tolerance.on(made.scale)} worse than the baseline"


def baseline_numbers(value: float | None, limit: float | None, reference: Reference | None) -> str:
    """The numbers by which that is decided."""
    shown, at_limit, at_baseline = show_numbers(value, limit, reference.mean if reference else None)
    many = f"mean of {reference.runs} baseline runs" if reference and reference.runs > 1 else "baseline"
    return f"{shown}, {many} {at_baseline}, limit {at_limit}"


def show_numbers(value: float | None, limit: float | None, *others: float | None) -> list[str]:
    """Numbers with four digits, or as many as it takes to show which of the first two is larger.

    Example:
        >>> show_numbers(0.0078812, 0.009), show_numbers(0.00900004, 0.009)
        (['0.007881', '0.009'], ['0.00900004', '0.009'])
    """
    digits = 4
    if value is not None and limit is not None:
        order = (value > limit) - (value < limit)
        shown = (
            (digits, float(with_digits(value, digits)), float(with_digits(limit, digits))) for digits in range(4, 18)
        )
        digits = next(digits for digits, one, other in shown if (one > other) - (one < other) == order)
    return [NO_NUMBER if number is None else with_digits(number, digits) for number in (value, limit, *others)]


def with_digits(value: float, digits: int) -> str:
    """A whole number with all its digits, any other with so many that count."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.{digits}g}"
