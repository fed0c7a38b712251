"""Who is told of a sweep: the contract of what stands on the screen. Nothing is printed here."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aecli.sweep.engines.calibration import Layout
from aecli.sweep.planning.document import Sweep
from aecli.sweep.planning.forecast import Forecast
from aecli.sweep.planning.trial import Plan, Trial
from aecli.sweep.record.outcome import TrialOutcome


class TrialWatcher(Protocol):
    """Someone who watches trials."""

    def begin(self, total: int, done: int) -> None:
        """The sweep starts."""

    def started(self, trial: Trial) -> None:
        """A trial was handed out."""

    def epoch(self, trial: Trial, epoch: int, epochs: int, metrics: dict[str, float]) -> None:
        """A trial finished an epoch."""

    def finished(self, trial: Trial, outcome: TrialOutcome, done: int) -> None:
        """A trial ended."""

    def elsewhere(self, count: int) -> None:
        """So many trials are being worked on by other processes."""


@dataclass(frozen=True)
class PlanTold:
    """A plan before anything is trained, with what is to be expected of it."""

    sweep: Sweep
    plan: Plan
    left: int
    """Trials that have no result yet."""
    layout: Layout
    expected: Forecast
    path: Path
    """The sweep's folder."""


class SweepWatcher(TrialWatcher, Protocol):
    """A watcher that also shows the plan."""

    def plan(self, told: PlanTold) -> None:
        """The plan, before anything is trained."""

    def note(self, text: str) -> None:
        """A line of progress."""
