"""What a check found: each condition with the numbers that decide it, and whether it holds.

Knows no run folder, and does not print.
"""

from dataclasses import dataclass
from pathlib import Path

from aecli.comparison.check.assertions import OPERATORS
from aecli.comparison.evidence.rope import Rope


@dataclass(frozen=True)
class CheckedCondition:
    """One condition, and whether it holds."""

    condition: str
    """In words that stay the same from run to run."""
    metric: str
    op: str
    value: float | None
    """None where the summary has no finite number; no condition holds then, not even !=."""
    limit: float | None
    measured: str
    """The numbers as shown, with as many digits as show who is larger."""
    note: str = ""
    """Beside a baseline: how often an unchanged run does not meet it."""

    @property
    def holds(self) -> bool:
        """Whether the condition holds."""
        return self.value is not None and self.limit is not None and OPERATORS[self.op](self.value, self.limit)

    def __str__(self) -> str:
        return f"{self.condition}: {self.measured}"


@dataclass(frozen=True)
class Check:
    """What was asked of a run, and the answers."""

    name: str
    """Of the run's config."""
    run: Path
    baseline: Path | None
    """The first of the baseline runs."""
    tolerance: Rope
    conditions: tuple[CheckedCondition, ...]
    elapsed_s: float
    baselines: tuple[Path, ...] = ()
    """All baseline runs, one for each seed."""

    @property
    def notes(self) -> list[str]:
        """How often an unchanged run fails, for each metric that is held against a baseline."""
        return list(dict.fromkeys(one.note for one in self.conditions if one.note))

    @property
    def failed(self) -> list[CheckedCondition]:
        """The conditions that do not hold."""
        return [one for one in self.conditions if not one.holds]
