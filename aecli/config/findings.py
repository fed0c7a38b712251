"""What rules of advice share: a finding, the keys of terms, and the extremes of numbers that change while training."""

from collections.abc import Iterator
from typing import Any

from aecli.config.assemble import Anneal
from aecli.config.schema import Config

Finding = tuple[str, str, str]
"""The dotted key, what is the matter, and what to do."""


def smallest(value: float | Anneal) -> float:
    """The smallest value that a number takes while training."""
    return min(value.start, value.end) if isinstance(value, Anneal) else value


def largest(value: float | Anneal) -> float:
    """The largest value that a number takes while training."""
    return max(value.start, value.end) if isinstance(value, Anneal) else value


def loss_path(config: Config, index: int) -> str:
    """The dotted key of a loss term."""
    return "loss" if len(config.loss_terms) == 1 else f"loss[{index}]"


def regularizers(config: Config, *names: str) -> Iterator[tuple[str, Any]]:
    """Regularization terms of these names, with their dotted keys."""
    for index, term in enumerate(config.regularization):
        if term.name in names:
            yield f"regularization[{index}]", term
