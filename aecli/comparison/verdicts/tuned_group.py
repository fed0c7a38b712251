"""Candidates that were tuned: to what, what that changed, and what more trials gave. Plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aecli.comparison.verdicts.verdict import Verdict


@dataclass(frozen=True, kw_only=True)
class TunedRow:
    """One candidate that was tuned."""

    label: str
    tuned: Mapping[str, Any]
    """Key -> the value that was chosen."""
    untuned: Mapping[str, Any]
    """Key -> the base's own value; empty where no run has it."""
    at_edge: tuple[str, ...]
    """Keys whose chosen value is the lowest or the highest one that was tried."""
    curve: tuple[float | None, ...]
    """The best number of the objective after 1, 2, ... trials."""
    diverged: tuple[int, ...] = ()
    """Seeds that diverged with the base's own values."""


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Verdicts as so many trials would have chosen the values."""

    trials: int
    fresh: tuple[Verdict, ...]
    """By the first metric, of fresh seeds: of those candidates that have such runs at what so many trials choose."""
    tuning: tuple[Verdict, ...]
    """By the objective, of the seeds that tuned, and so by the numbers that chose: of the other candidates."""

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """Label -> the verdict that says most."""
        return {one.candidate: one for one in (*self.tuning, *self.fresh)}


@dataclass(frozen=True, kw_only=True)
class TunedGroup:
    """The candidates of one data set that were tuned, in the order of the comparison."""

    keys: tuple[str, ...]
    objective: str
    better: str
    """lower | higher: of the objective."""
    seeds: tuple[int, ...]
    """Of the tuning; none of them judges."""
    points: tuple[Mapping[str, Any], ...]
    rows: tuple[TunedRow, ...]
    verdicts: tuple[Verdict, ...]
    """With the base's own values, against the same baseline."""
    budgets: tuple[Budget, ...] = ()
    """The verdicts after 1, 2, ... trials, each by itself; none where the baseline was not tuned."""

    @property
    def leaders(self) -> list[tuple[str, ...]]:
        """Who would have been the best by the objective after 1, 2, ... trials; several where they are equal."""
        best = min if self.better == "lower" else max
        found = []
        for at in range(len(self.points)):
            there = {row.label: value for row in self.rows if (value := row.curve[at]) is not None}
            found.append(tuple(label for label, value in there.items() if value == best(there.values())))
        return found

    @property
    def edges(self) -> dict[str, dict[str, Any]]:
        """Key -> label -> value, of what was tuned to an end of what was tried."""
        found: dict[str, dict[str, Any]] = {}
        for row in self.rows:
            for key in row.at_edge:
                found.setdefault(key, {})[row.label] = row.tuned[key]
        return found
