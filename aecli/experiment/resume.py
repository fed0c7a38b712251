"""Going on with a run: from its last readable checkpoint, bitwise as if it had never stopped."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aecli.components.data.sources import changed_since
from aecli.components.optimization.schedules import SCHEDULES
from aecli.config.advice import advise
from aecli.config.assemble import plain_parameters
from aecli.config.load import load_config
from aecli.config.schema import Config
from aecli.errors import CheckpointError, ConfigError, DataError, Problem, UsageError
from aecli.experiment.began import told_where_it_began
from aecli.experiment.checkpoint import load_latest
from aecli.experiment.environment import describe_environment
from aecli.experiment.finish import finish
from aecli.experiment.journal import Journal
from aecli.experiment.record import Recorder, Watcher, should_stop
from aecli.experiment.restore import recorded_scaling
from aecli.experiment.run import outcome_in_status, write_config
from aecli.experiment.take_up import take_up
from aecli.files.json_files import write_json
from aecli.files.writing import make_folder, remove_file
from aecli.runs.folder import RunFolder, open_run_folder
from aecli.runs.interrupts import watch_interrupts
from aecli.runs.locks import locked
from aecli.text import each, shell_word
from aecli.training.build import Prepared, prepare
from aecli.training.loop import fit, own_torch_state
from aecli.training.threads import go_on_with_threads

MAY_CHANGE = ("training.epochs", "training.early_stopping", "evaluation.suites")
"""Keys that `resume --set` may change: everything else would make the run another one."""


def resume(
    path: str | Path,
    *,
    set: str | Sequence[str] = (),
    watcher: Watcher | None = None,
    may_choose_threads: bool = True,
) -> RunFolder:
    """Go on with an interrupted run, or extend a finished one with `set=["training.epochs=100"]`.

    The weights are bitwise those of a run that was never interrupted, on the same machine and thread count. A run that
    is complete already is left as it is; one whose summary is lost or damaged is judged again.

    Args:
        path: the run folder.
        set: overrides.
        watcher: is told of the progress.
        may_choose_threads: whether the number of threads of the run's beginning is taken where nobody says how many.

    Returns: the finished run's folder.

    Raises:
        UsageError: no run, still running, diverged, edited, or a change that would make it another run.
        ConfigError: the changed config is refused.
        CheckpointError: no checkpoint can be read.
        DataError: the data is not the data of the run.
    """
    journal = Journal(watcher)
    folder = open_run_folder(path)
    with own_torch_state(), locked(folder.path):
        old, config = read_configs(folder, each(set))
        is_complete = folder.read_status().get("status") == "completed" and folder.read_summary()
        refuse_pruned(folder, is_enough=bool(is_complete) and config.digest() == old.digest())
        if is_complete and config.digest() == old.digest():
            hint = f"aecli resume {shell_word(folder.path)} --set training.epochs={2 * config.training.epochs}"
            is_pruned = folder.read_status().get("pruned")
            hint = "it was pruned, and cannot be extended" if is_pruned else f"to extend it: {hint}"
            journal.note(f"{folder.path} is complete; {hint}")
            if changed := changed_data(folder, config):
                journal.note(f"{changed}: has changed since; the run is of what was there before", severity="warning")
            return folder
        folder.remove_leftovers()
        moment, refused = load_latest(folder)
        for line in refused:
            journal.note(f"{line}; going back to the checkpoint before it", severity="warning")
        check_history(folder, moment)
        with told_where_it_began(folder, "resume"):
            prepared = prepare(config, scaling=recorded_scaling(folder))
        check_data(folder, prepared)
        if not folder.read_environment():
            journal.note(f"{folder.environment}: is missing or damaged; written anew, as it is now", severity="warning")
            write_json(folder.environment, describe_environment(prepared.splits, prepared.device))
        before = folder.read_environment().get("threads")
        if text := go_on_with_threads(prepared, before, may_choose=may_choose_threads):
            journal.note(text, severity="warning")
        with watch_interrupts() as interrupts:
            go_on(Recorder(folder, prepared, journal, interrupts), journal, moment, old)
    return folder


def go_on(recorder: Recorder, journal: Journal, moment: dict[str, Any] | None, old: Config) -> None:
    """Train from a checkpoint to the end."""
    folder, config, prepared = recorder.folder, recorder.config, recorder.prepared
    epoch = take_up(recorder, moment)
    for stale in (
        folder.summary,
        folder.per_image,
        folder.examples,
    ):  # they judge an epoch that is no longer the last word
        remove_file(stale)
    epochs = config.training.epochs
    if config.digest() != old.digest():  # either digest is good until both files are written
        folder.write_status("running", epoch=epoch, epochs=epochs, next_config_sha256=config.digest())
        write_config(folder, config)
    folder.write_status("running", epoch=epoch, epochs=epochs, config_sha256=config.digest(), next_config_sha256=None)
    with outcome_in_status(recorder, journal):
        warn_of_changed_schedule(config, old, journal)
        journal.begin(config, prepared, folder, epoch + 1)
        if moment is None:
            recorder.begin()
        if should_stop(config, recorder.records):
            journal.note(f"stopped early at epoch {epoch}; to go on: --set training.early_stopping=null")
        else:
            fit(prepared.trainee, epoch + 1, recorder)
        splits = prepared.splits
        finish(recorder, advise(config, unit_range=splits.unit_range, values=splits.values, about=splits.about))


def read_configs(folder: RunFolder, set: Sequence[str]) -> tuple[Config, Config]:
    """The config the run has had, and the one to go on with.

    Raises:
        UsageError, ConfigError: see `resume`.
    """
    status = folder.read_status()
    if status.get("status") == "running":
        raise UsageError(f"{folder.path}: is being trained by process {status.get('pid')} on {status.get('host')}")
    if not status:
        raise UsageError(
            f"{folder.status_file}: is broken; train anew: aecli train --config {shell_word(folder.config)}"
        )
    old = load_config(folder.config)
    if old.digest() not in (status.get("config_sha256"), status.get("next_config_sha256")):
        raise UsageError(
            f"{folder.config}: was edited since the run began, and going on would mix two runs; undo the edit, change "
            f"the epochs with --set training.epochs=N, or begin anew: aecli train --config {shell_word(folder.config)}"
        )
    for text in set:
        key = text.partition("=")[0].strip()
        if not any(key == allowed or key.startswith(f"{allowed}.") for allowed in MAY_CHANGE):
            raise UsageError(f"--set {text}: a resumed run may change only {', '.join(MAY_CHANGE)}")
    if status.get("status") == "diverged":
        reason = status.get("reason")
        raise UsageError(f"{folder.path}: diverged ({reason}), and would again; train anew with a lower learning rate")
    config = load_config(folder.config, set=set)
    done = status.get("epoch") or 0
    if config.training.epochs < done:
        where = config.locate("training", "epochs")
        message = f"must be at least {done}, the epochs that are trained, got {config.training.epochs}"
        raise ConfigError([Problem(where, "training.epochs", message)])
    return old, config


def refuse_pruned(folder: RunFolder, *, is_enough: bool) -> None:
    """A run without the optimizer's states cannot go on.

    Args:
        folder: the run.
        is_enough: there is nothing left to do.

    Raises:
        UsageError: it was pruned.
    """
    pruned = folder.read_status().get("pruned")
    if pruned and not is_enough:
        raise UsageError(
            f"{folder.path}: was pruned, and cannot go on without the optimizer's states; train anew: "
            f"aecli train --config {shell_word(folder.config)}"
        )


def check_history(folder: RunFolder, moment: dict[str, Any] | None) -> None:
    """A run that has trained has a checkpoint to go on from.

    Raises:
        CheckpointError: it has none; nothing was touched.
    """
    trained = [record["epoch"] for record in folder.read_metrics() if record.get("epoch")]
    if moment is None and trained:
        raise CheckpointError(
            f"{folder.checkpoints}: has no checkpoint, and metrics.jsonl has {trained[-1]} epochs; bring it back, or "
            f"train anew: aecli train --config {shell_word(folder.config)}"
        )
    for inside in (folder.checkpoints, folder.plots):
        make_folder(inside)


def changed_data(folder: RunFolder, config: Config) -> str | None:
    """What has changed of the data of a complete run; nothing where that cannot be told."""
    try:
        return changed_since(folder.data, plain_parameters(config.data.dataset))
    except DataError:
        return None


def check_data(folder: RunFolder, prepared: Prepared) -> None:
    """The data has to be that of the run's beginning.

    Raises:
        DataError: its digest is another one.
    """
    before = folder.data.get("sha256")
    now = prepared.splits.description["sha256"]
    if before not in (None, now):
        raise DataError(
            f"{folder.path}: the data has changed since the run began: its SHA-256 was {before}, and is {now}"
        )


def warn_of_changed_schedule(config: Config, old: Config, watcher: Watcher) -> None:
    """More epochs stretch a schedule that runs to the end of the training."""
    name = config.optimization.schedule.name
    if config.training.epochs != old.training.epochs and SCHEDULES[name].facts.spans_training:
        watcher.note(
            f"the {name} schedule was planned for {old.training.epochs} epochs and now ends at "
            f"{config.training.epochs}: the learning rate jumps, and the result is not that of a run planned so from "
            "the start",
            severity="warning",
        )
