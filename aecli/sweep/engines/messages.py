"""What a sweep and its workers say to each other, plain enough to go through a pipe or through Ray."""

from dataclasses import dataclass

from aecli.sweep.record.outcome import TrialOutcome


@dataclass(frozen=True)
class TrainTrial:
    """To a worker: train this."""

    digest: str
    config: dict[str, object]
    """As plain data."""
    resumable: str | None
    """The run folder of an earlier try."""


@dataclass(frozen=True)
class MeasureSpeed:
    """To a worker: train this for a moment."""

    config: dict[str, object]
    threads: int
    seconds: float


@dataclass(frozen=True)
class StopTrial:
    """To a worker: stop after the current epoch; a search has seen enough."""


@dataclass(frozen=True)
class Ready:
    """From a worker: torch is loaded."""


@dataclass(frozen=True)
class Unfit:
    """From a worker: it will never be able to work."""

    reason: str


@dataclass(frozen=True)
class Speed:
    """From a worker: how fast a config is trained."""

    images_per_s: float | None
    """None where it cannot be trained."""
    parameters: int | None
    """Of the network; None where it cannot be built."""


@dataclass(frozen=True)
class EpochDone:
    """A trial finished an epoch."""

    digest: str
    epoch: int
    epochs: int
    metrics: dict[str, float]
    """Of the validation split."""


@dataclass(frozen=True)
class TrialDone:
    """A trial ended."""

    outcome: TrialOutcome
    archive: bytes | None = None
    """Its run folder, where it cannot be seen from the sweep's process."""


ToWorker = TrainTrial | MeasureSpeed | StopTrial
FromWorker = Ready | Unfit | Speed | EpochDone | TrialDone
TrialEvent = EpochDone | TrialDone
"""What an engine tells a sweep."""
