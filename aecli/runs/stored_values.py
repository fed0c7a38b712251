"""Values as files of a run folder have them, which may hold anything: a number, a mapping, or neither."""

import math
from typing import Any


def finite_number(value: object) -> float | None:
    """The value if it is a finite number, else None.

    Example:
        >>> finite_number(3), finite_number(True), finite_number("3"), finite_number(float("nan"))
        (3.0, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def mapping(value: object) -> dict[str, Any]:
    """The value if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}
