"""What is written down while a run trains.

The order of writing at the end of an epoch is: line of metrics, checkpoint, status. A kill between any two of them is
mended by `resume`, which cuts the metrics back to the checkpoint.
"""

import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from aecli.components.evaluation.metrics import applicable, loss_like
from aecli.config.schema import Config
from aecli.errors import DivergedError, InterruptedRun
from aecli.evaluation.subject import measure_in_use, validation_metrics
from aecli.experiment.checkpoint import save_checkpoint
from aecli.files.json_files import append_line
from aecli.runs.folder import RunFolder, timestamp
from aecli.runs.interrupts import Interrupts
from aecli.text import shell_word
from aecli.training.build import Prepared
from aecli.training.loop import EpochEvent, StepEvent

ALWAYS = ("mse", "mae", "rmse", "psnr_db")
"""Validation metrics that are cheap enough for every epoch."""
HEARTBEAT_S = 10.0
"""Seconds between two heartbeats within an epoch."""


class Watcher(Protocol):
    """Someone who watches a run: a progress bar, or nobody."""

    def note(self, text: str, *, severity: str = "note") -> None:
        """Something worth saying."""

    def begin(self, config: Config, prepared: Prepared, folder: RunFolder, first_epoch: int) -> None:
        """The folder exists and the training starts."""

    def step(self, event: StepEvent) -> None:
        """Some steps were taken."""

    def epoch(self, record: dict[str, Any]) -> None:
        """An epoch was recorded."""

    def stage(self, text: str) -> None:
        """What is being done after the training."""


class Nobody:
    """Watches nothing."""

    def note(self, text: str, *, severity: str = "note") -> None:
        """Nothing."""

    def begin(self, config: Config, prepared: Prepared, folder: RunFolder, first_epoch: int) -> None:
        """Nothing."""

    def step(self, event: StepEvent) -> None:
        """Nothing."""

    def epoch(self, record: dict[str, Any]) -> None:
        """Nothing."""

    def stage(self, text: str) -> None:
        """Nothing."""


@dataclass
class Recorder:
    """Writes down what happens in a training; `fit` calls it."""

    folder: RunFolder
    prepared: Prepared
    watcher: Watcher
    interrupts: Interrupts
    records: list[dict[str, Any]] = field(default_factory=list)
    train_s: float = 0.0
    started: float = field(default_factory=time.perf_counter)
    elapsed_before_s: float = 0.0
    last_heartbeat: float = field(default_factory=time.perf_counter)

    @property
    def config(self) -> Config:
        """The run's config."""
        return self.prepared.trainee.config

    @property
    def metric_names(self) -> list[str]:
        """Validation metrics of every epoch."""
        splits = self.prepared.splits
        stopping = self.config.training.early_stopping
        wanted = {*ALWAYS, self.config.evaluation.select, *([stopping.metric] if stopping else [])}
        return [name for name in applicable(splits.rows) if name in wanted]

    def __call__(self, event: StepEvent | EpochEvent) -> bool:
        """Record an event; after an epoch, say whether to stop early."""
        if isinstance(event, EpochEvent):
            self.train_s += event.seconds
            terms = self.prepared.trainee.objective.report(self.prepared.trainee.model, event.raw_T, event.epoch)
            self.finish_epoch(event.epoch, {"objective": event.loss, "lr": event.lr, "terms": terms})
        else:
            self.watcher.step(event)
            self.beat()
        self.stop_if_interrupted()
        return isinstance(event, EpochEvent) and should_stop(self.config, self.records)

    def begin(self) -> None:
        """Evaluate and store the model before the first step, as epoch 0."""
        self.finish_epoch(0, {"objective": None, "lr": None, "terms": {}})

    def finish_epoch(self, epoch: int, training: dict[str, Any]) -> None:
        """Evaluate, write the line, the checkpoint and the status.

        Raises:
            DivergedError: a validation metric is not finite; the checkpoint before stays.
        """
        values = validation_metrics(self.prepared.trainee.model, self.prepared.splits, self.metric_names)
        select = self.config.evaluation.select
        if values["mse"] - values["mse"] != 0.0:
            raise DivergedError(f"the validation mse became {values['mse']} after epoch {epoch}")
        elapsed_s = self.elapsed_before_s + time.perf_counter() - self.started
        times = {"train_s": round(self.train_s, 4), "elapsed_s": round(elapsed_s, 4), "time": timestamp()}
        record = {"epoch": epoch, **training, "validation": values, **self.measure_targets(), **times}
        append_line(self.folder.metrics, record)
        self.records.append(record)
        self.prepared.trainee.history.append(loss_like(select, values[select]))
        is_best = best_epoch(self.config, self.records) == epoch
        save_checkpoint(self.folder, self.moment(epoch), is_best=is_best)
        self.folder.write_status("running", epoch=epoch)
        self.last_heartbeat = time.perf_counter()
        self.watcher.epoch({**record, "is_best": is_best})

    def measure_targets(self) -> dict[str, dict[str, Any]]:
        """What the weights that look for targets have bought so far; nothing where there are none."""
        trainee, bought = self.prepared.trainee, {}
        for one in trainee.objective.multipliers:
            value = measure_in_use(trainee.model, self.prepared.splits.validation, one.target.read)
            bought[one.key] = one.bought(value)
            one.correct(value)
        return {"targets": bought} if bought else {}

    def moment(self, epoch: int) -> dict[str, Any]:
        """Everything a checkpoint holds."""
        trainee = self.prepared.trainee
        states = [optimizer.state_dict() for optimizer in trainee.optimizers]
        origin = trainee.model.origin.plain()
        found = [one.state() for one in trainee.objective.multipliers]
        moment = {"epoch": epoch, "model": trainee.model.state_dict(), "optimizers": states, "origin": origin}
        return moment | ({"multipliers": found} if found else {})

    def beat(self) -> None:
        """Show now and then, in a long epoch, that the process lives."""
        if time.perf_counter() - self.last_heartbeat > HEARTBEAT_S:
            self.last_heartbeat = time.perf_counter()
            self.folder.write_status("running")

    def stop_if_interrupted(self) -> None:
        """Raise what a signal asked for.

        Raises:
            InterruptedRun: a signal came since the start.
        """
        if number := self.interrupts.received:
            name = signal.Signals(number).name
            self.interrupts.is_granted = True
            raise InterruptedRun(f"stopped by {name}; go on with: aecli resume {shell_word(self.folder.path)}", number)


def should_stop(config: Config, records: Sequence[dict[str, Any]]) -> bool:
    """Whether the early-stopping metric has not improved for `patience` epochs that reach the targets."""
    stopping = config.training.early_stopping
    if stopping is None:
        return False
    best, waited = float("inf"), 0
    for record in records:
        if not reaches_targets(record):
            continue
        value = loss_like(stopping.metric, record["validation"][stopping.metric])
        if value < best - stopping.min_delta:
            best, waited = value, 0
        else:
            waited += 1
    return waited >= stopping.patience


def best_epoch(config: Config, records: Sequence[dict[str, Any]]) -> int:
    """The first epoch with the best selecting metric that reaches the targets; the last one where none does.

    Epochs that buy all that was asked for come first: the best of those that are off by up to 5 % would always be off
    by about as much, on the side where less is bought.
    """
    name = config.evaluation.select
    near = [record for record in records if reaches_targets(record)]
    reaching = [record for record in near if buys_all(record)] or near
    best = min(reaching, key=lambda record: loss_like(name, record["validation"][name])) if reaching else records[-1]
    epoch: int = best["epoch"]
    return epoch


def buys_all(record: Mapping[str, Any]) -> bool:
    """Whether an epoch has nothing left above its targets."""
    return all(one.get("excess", 0.0) <= 0 for one in record.get("targets", {}).values())


def reaches_targets(record: Mapping[str, Any]) -> bool:
    """Whether an epoch has bought what its weights were to buy; so has one without targets."""
    return all(one["is_reached"] for one in record.get("targets", {}).values())
