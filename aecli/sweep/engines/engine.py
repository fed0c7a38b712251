"""What a sweep needs of whoever trains its trials: the contract of the engines `local` and `ray`."""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from aecli.sweep.engines.messages import TrialEvent
from aecli.sweep.planning.trial import Trial


class Engine(Protocol):
    """Where trials are trained."""

    @property
    def free(self) -> int:
        """How many more trials can be submitted now."""

    @property
    def next_pid(self) -> int:
        """The process of this host that will answer for the next trial."""

    def submit(self, trial: Trial, resumable: Path | None) -> None:
        """Start a trial."""

    def prune(self, digest: str) -> None:
        """Stop a trial after its current epoch."""

    def events(self) -> Iterable[TrialEvent]:
        """What happened since the last call; waits a moment."""

    def stop(self) -> Iterable[TrialEvent]:
        """Stop everything with checkpoints; what became of it."""

    def close(self) -> None:
        """Give the processes back."""
