"""Reading what a check asserts: an expression is split at its operator, and nothing is ever evaluated as code."""

import math
import operator
import re
from dataclasses import dataclass

from aecli.comparison.evidence.rope import Rope
from aecli.errors import UsageError
from aecli.text import printable

OPERATORS = {
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
}
NUMBER = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?) *(%?)", re.ASCII)
METRIC = re.compile(r"[^\W\d][\w .@#/+-]*")
LONGEST = 500
"""Characters of an expression; the longest path of a summary.json has about a hundred."""
GRAMMAR = (
    "write METRIC OP NUMBER or METRIC OP METRIC, such as test.mse<=0.009; "
    "OP is <= < >= > == or !=, NUMBER is like 0.009, 1e-3 or 2%"
)


@dataclass(frozen=True)
class Assertion:
    """An expression, read; a metric alone has neither operator nor limit."""

    metric: str
    op: str = ""
    limit: str = ""
    """A number as it was typed, or the name of another metric."""


def parse_assertion(text: str) -> Assertion:
    """Read one --assert.

    Raises:
        UsageError: it is neither `METRIC OP NUMBER` nor `METRIC OP METRIC` nor a metric alone.

    Example:
        >>> parse_assertion("test.mse<=0.9%")
        Assertion(metric='test.mse', op='<=', limit='0.9%')
    """
    metric, *rest = (part.strip(" ") for part in re.split("(<=|>=|==|!=|<|>)", text)) if len(text) <= LONGEST else ("",)
    sound = METRIC.fullmatch(metric) and (
        not rest or (len(rest) == 2 and (METRIC.fullmatch(rest[1]) or parse_number(rest[1]) is not None))
    )
    if not sound:
        shown = text if len(text) <= 80 else f"{text[:80]}..."
        raise UsageError(f'--assert "{printable(shown)}": {GRAMMAR}')
    return Assertion(metric, *rest)


def parse_number(text: str) -> float | None:
    """A finite decimal number, or one with a percent sign; None for anything else.

    Example:
        >>> parse_number("1e-3"), parse_number("2 %"), parse_number("nan")
        (0.001, 0.02, None)
    """
    match = NUMBER.fullmatch(text)
    value = float(match[1]) / (100 if match[2] else 1) if match else math.inf
    return value if math.isfinite(value) else None


def parse_tolerance(text: str) -> Rope:
    """Read --tolerance.

    Raises:
        UsageError: it is no number, or below 0.
    """
    value = parse_number(text.strip(" ")) if len(text) <= LONGEST else None
    if value is None or value < 0:
        raise UsageError(
            f'--tolerance "{printable(text[:80])}": write a share of the baseline such as 2%, '
            "or a number >= 0 in units of the metric"
        )
    return Rope(value, text.strip(" ").endswith("%"))
