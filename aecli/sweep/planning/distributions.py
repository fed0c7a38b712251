"""Distributions of settings, for random draws and for searches: `{log_uniform: [1e-5, 1e-2]}`.

One class for each; a draw takes a random generator and gives a plain value.
"""

import math
import random
from typing import Annotated, Any

from annotated_types import Len, MinLen
from pydantic import Discriminator, Field, Tag, model_validator

from aecli.config.schema import Section

Bounds = Annotated[tuple[float, float], Len(2, 2), Field(strict=False)]
WholeNumber = int  # classes below have a field called int
WholeBounds = Annotated[tuple[int, int], Len(2, 2), Field(strict=False)]


def refuse_empty(low: float, high: float) -> None:
    """Refuse a range in which there is nothing.

    Raises:
        ValueError: its ends are the same, or the wrong way round.
    """
    if not low < high:
        raise ValueError(f"the lowest value must be below the highest, got [{low:g}, {high:g}]")


class Uniform(Section):
    """A number, all equally likely."""

    uniform: Bounds
    """Lowest and highest value."""

    @model_validator(mode="after")
    def rising(self) -> "Uniform":
        """Refuse an empty range."""
        refuse_empty(*self.uniform)
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value."""
        return self.uniform

    def draw(self, generator: random.Random) -> float:
        """One value."""
        return generator.uniform(*self.uniform)


class LogUniform(Section):
    """A number above 0, all ratios equally likely."""

    log_uniform: Bounds
    """Lowest and highest value, both above 0."""

    @model_validator(mode="after")
    def rising(self) -> "LogUniform":
        """Refuse an empty range and one that touches 0."""
        if self.log_uniform[0] <= 0:
            raise ValueError(f"must begin above 0, got {self.log_uniform[0]:g}")
        refuse_empty(*self.log_uniform)
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value."""
        return self.log_uniform

    def draw(self, generator: random.Random) -> float:
        """One value."""
        low, high = self.log_uniform
        return math.exp(generator.uniform(math.log(low), math.log(high)))


class Whole(Section):
    """A whole number, all equally likely."""

    int: WholeBounds
    """Lowest and highest value, both possible."""

    @model_validator(mode="after")
    def rising(self) -> "Whole":
        """Refuse an empty range."""
        refuse_empty(*self.int)
        return self

    @property
    def bounds(self) -> tuple[WholeNumber, WholeNumber]:
        """Lowest and highest value."""
        return self.int

    def draw(self, generator: random.Random) -> WholeNumber:
        """One value."""
        return generator.randint(*self.int)


class LogWhole(Section):
    """A whole number above 0, all ratios equally likely."""

    log_int: WholeBounds
    """Lowest and highest value, both possible and above 0."""

    @model_validator(mode="after")
    def rising(self) -> "LogWhole":
        """Refuse an empty range and one that touches 0."""
        if self.log_int[0] <= 0:
            raise ValueError(f"must begin above 0, got {self.log_int[0]}")
        refuse_empty(*self.log_int)
        return self

    @property
    def bounds(self) -> tuple[WholeNumber, WholeNumber]:
        """Lowest and highest value."""
        return self.log_int

    def draw(self, generator: random.Random) -> WholeNumber:
        """One value."""
        low, high = self.log_int
        return min(high, max(low, round(math.exp(generator.uniform(math.log(low - 0.5), math.log(high + 0.5))))))


class Choice(Section):
    """One of some values, which may be whole sections."""

    choice: Annotated[list[Any], MinLen(1)]
    """The values."""

    def draw(self, generator: random.Random) -> object:
        """One value."""
        return generator.choice(self.choice)


Range = Uniform | LogUniform | Whole | LogWhole
Distribution = Range | Choice
KINDS = {"uniform": Uniform, "log_uniform": LogUniform, "int": Whole, "log_int": LogWhole, "choice": Choice}


def kind_of(value: object) -> str | None:
    """Which distribution a mapping is, by its only key."""
    if isinstance(value, dict) and len(value) == 1:
        return next(iter(value)) if next(iter(value)) in KINDS else None
    return next((kind for kind, made in KINDS.items() if isinstance(value, made)), None)


Space = Annotated[
    Annotated[Uniform, Tag("uniform")]
    | Annotated[LogUniform, Tag("log_uniform")]
    | Annotated[Whole, Tag("int")]
    | Annotated[LogWhole, Tag("log_int")]
    | Annotated[Choice, Tag("choice")],
    Discriminator(
        kind_of,
        custom_error_type="distribution",
        custom_error_message="expected one of {uniform: [low, high]}, {log_uniform: [low, high]}, {int: [low, high]}, "
        "{log_int: [low, high]}, {choice: [values]}",
    ),
]
"""A distribution in the YAML."""
