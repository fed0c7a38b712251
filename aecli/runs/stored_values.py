"""Values as files of a run folder have them, which may hold anything: a number, a mapping, or neither."""

import math
from collections.abc import Mapping
from typing import Any

MOST_EPOCHS = 10**9


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


def is_epoch_record(record: Mapping[str, Any]) -> bool:
    """Whether what a line of metrics.jsonl says is of the kinds that a run writes; it may say less."""
    epoch, targets = record.get("epoch", 0), record.get("targets", {})
    times = [record.get(key, 0.0) for key in ("train_s", "elapsed_s")]
    numbers = [record.get(key, {}) for key in ("validation", "terms")]
    return (
        type(epoch) is int
        and 0 <= epoch <= MOST_EPOCHS
        and all(finite_number(value) is not None for value in times)
        and all(isinstance(part, dict) for part in numbers)
        and isinstance(targets, dict)
        and all(isinstance(one, dict) and isinstance(one.get("is_reached"), bool) for one in targets.values())
    )
