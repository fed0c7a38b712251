"""A trial: one run to be made. It is its content, named by the digest of its resolved config."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from aecli.config.schema import Config
from aecli.config.telling import named, plain


@dataclass(frozen=True)
class Trial:
    """One run to be made."""

    digest: str
    """SHA-256 of the resolved config, seed included."""
    config: Config
    changes: dict[str, object]
    """What the sweep set, the seed left out."""

    @property
    def label(self) -> str:
        """`loss=mae, seed=3`."""
        return label_of(self.changes, self.config.seed)

    def with_seed(self, seed: int) -> "Trial":
        """The same with another seed."""
        config = self.config.model_copy(update={"seed": seed})
        return replace(self, digest=config.digest(), config=config)


@dataclass(frozen=True)
class Cell:
    """One combination of a sweep that tunes: it tries points, and fresh seeds judge it with the best one."""

    changes: dict[str, object]
    """What the sweep set, what is tuned left out."""
    tried: tuple[tuple[Trial, ...], ...]
    """Of each point the trials with the seeds of the tuning."""
    untuned: tuple[Trial, ...]
    """With the base's own values, by the seeds that judge."""

    def judged(self, point: int) -> tuple[Trial, ...]:
        """The trials with the values of a point, by the seeds that judge."""
        first = self.tried[point][0]
        return tuple(first.with_seed(trial.config.seed) for trial in self.untuned)


@dataclass(frozen=True)
class Tuning:
    """What is tuned within each combination."""

    objective: str
    seeds: tuple[int, ...]
    points: tuple[Mapping[str, object], ...]
    """Key -> value, the same for every cell, in the order of the trials."""
    cells: tuple[Cell, ...]
    curve: bool = False
    """Whether what fewer trials choose is judged too."""

    @property
    def to_come(self) -> int:
        """How many trials with tuned values there will be; of a curve about how many."""
        return self.chosen_to_come * self.values_each

    @property
    def chosen_to_come(self) -> int:
        """How many of these have the values that are chosen."""
        return sum(len(cell.untuned) for cell in self.cells)

    @property
    def values_each(self) -> int:
        """How many values of a cell are judged; of a curve what is to be expected, were the points in random order."""
        return math.ceil(sum(1 / number for number in range(1, len(self.points) + 1))) if self.curve else 1


@dataclass(frozen=True)
class Plan:
    """All trials of a sweep that are known before it runs."""

    trials: tuple[Trial, ...]
    base_sha256: str
    """Of the resolved base config; another base under the same folder would be another sweep."""
    excluded: int
    """Combinations that `exclude` left out."""
    doubles: int
    """Combinations that came to the same config as one before."""
    tuning: Tuning | None = None
    """Of a sweep that tunes; its trials with tuned values follow from the others and are not among `trials`."""

    @property
    def expected(self) -> int:
        """How many trials there will be."""
        return len(self.trials) + (self.tuning.to_come if self.tuning else 0)


def label_of(changes: dict[str, object], seed: int) -> str:
    """What a sweep set in a trial, in one line."""
    return ", ".join([*(f"{key}={short(value)}" for key, value in changes.items()), f"seed={seed}"])


def short(value: object) -> str:
    """A value in few characters: a section by its name and numbers."""
    if isinstance(value, list):
        return "+".join(short(item) for item in value) or "none"
    if isinstance(value, dict):
        return named(value) if "name" in value else json.dumps(value, sort_keys=True)
    return "null" if value is None else plain(value)
