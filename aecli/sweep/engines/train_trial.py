"""One trial, done: trained anew or resumed, and told what became of it. Runs in a worker, local or far away."""

import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aecli.errors import AecliError, ConfigError, DataError, DivergedError, InterruptedRun, RunFolderError, UsageError
from aecli.runs.folder import RunFolder
from aecli.sweep.record.outcome import (
    COMPLETED,
    DIVERGED,
    FAILED,
    INTERRUPTED,
    PRUNED,
    PRUNED_WHY,
    TrialOutcome,
)

if TYPE_CHECKING:
    from aecli.config.schema import Config
    from aecli.training.build import Prepared
    from aecli.training.loop import StepEvent


class Pruned(InterruptedRun):
    """A search has seen enough of a trial."""

    def __init__(self, epoch: int) -> None:
        super().__init__(f"{PRUNED_WHY} after epoch {epoch}", 0)


class Reporter:
    """A watcher that tells the sweep how far a trial is, and hears whether to stop it.

    Args:
        tell: called with (epoch, epochs, metrics of the validation split) after every epoch.
        should_stop: whether to end the trial now.
    """

    def __init__(self, tell: Callable[[int, int, dict[str, float]], None], should_stop: Callable[[], bool]) -> None:
        self.tell = tell
        self.should_stop = should_stop
        self.epochs = 0
        self.folder: Path | None = None

    def note(self, text: str, *, severity: str = "note") -> None:
        """Advice is for the one who writes a config; a sweep has hundreds of trials."""

    def begin(self, config: "Config", prepared: "Prepared", folder: RunFolder, first_epoch: int) -> None:
        """Remember how long it will take, and where it is."""
        self.epochs, self.folder = config.training.epochs, folder.path

    def step(self, event: "StepEvent") -> None:
        """Nothing: an epoch is enough."""

    def epoch(self, record: dict[str, Any]) -> None:
        """Tell, and stop if that is wanted."""
        self.tell(record["epoch"], self.epochs, record["validation"])
        if self.should_stop():
            raise Pruned(record["epoch"])

    def stage(self, text: str) -> None:
        """Nothing."""


def train_trial(digest: str, config: "Config", out: Path, resumable: Path | None, reporter: Reporter) -> TrialOutcome:
    """Train a trial to its end.

    Args:
        digest: of its config.
        config: a checked config.
        out: the folder of the runs.
        resumable: the run folder of an earlier try.
        reporter: is told of the progress.

    Returns: what became of it; no error of the trial gets out of here.
    """
    try:
        folder = take_up(config, out, resumable, reporter)
    except BaseException as error:
        place = reporter.folder or resumable
        return outcome_of_error(digest, error, None if place is None else str(place))
    return TrialOutcome(digest, COMPLETED, str(folder.path))


def take_up(config: "Config", out: Path, resumable: Path | None, reporter: Reporter) -> RunFolder:
    """Resume an earlier try if it can be, else train anew.

    Raises:
        InterruptedRun: a signal, or another process is at the earlier try.
    """
    from aecli.experiment.resume import resume
    from aecli.experiment.run import train
    from aecli.runs.locks import locked

    if resumable is None:
        return train(config, out=out, watcher=reporter)
    run = RunFolder(resumable)
    try:
        if has_begun(run):
            return resume(resumable, watcher=reporter)
        with locked(run.path):
            shutil.rmtree(resumable)
    except (InterruptedRun, DivergedError, RunFolderError):
        raise
    except AecliError as error:  # broken beyond resuming: its folder stays, and a new one is made
        if is_busy(run):
            raise InterruptedRun(str(error), signal.SIGTERM) from None
        reporter.folder = None
    return train(config, out=out, watcher=reporter)


def has_begun(run: RunFolder) -> bool:
    """Whether there is anything to go on with. A run that was killed earlier may lack its config or environment."""
    return any(run.checkpoints.glob("*.pt")) or any(record.get("epoch") for record in run.read_metrics())


def is_busy(run: RunFolder) -> bool:
    """Whether another process works in a run folder."""
    from aecli.runs.locks import locked

    try:
        with locked(run.path):
            return run.read_status().get("status") == "running"
    except UsageError:
        return True


def outcome_of_error(digest: str, error: BaseException, run: str | None) -> TrialOutcome:
    """What an error makes of a trial."""
    reason = (str(error) or type(error).__name__).splitlines()[0]
    if isinstance(error, Pruned):
        return TrialOutcome(digest, PRUNED, run, reason)
    if isinstance(error, (InterruptedRun, KeyboardInterrupt)):
        return TrialOutcome(digest, INTERRUPTED, run, reason)
    if isinstance(error, DivergedError):
        return TrialOutcome(digest, DIVERGED, run, reason)
    is_machine = isinstance(error, (RunFolderError, MemoryError, OSError)) or "out of memory" in reason
    if not isinstance(error, AecliError):
        reason = f"{type(error).__name__}: {reason}"
    return TrialOutcome(digest, FAILED, run, reason, is_machine and not isinstance(error, (ConfigError, DataError)))
