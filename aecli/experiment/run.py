"""One run from config to summary: make the folder, train, judge."""

import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from aecli.config.advice import Advice, advise
from aecli.config.schema import Config
from aecli.config.yaml_source import dump
from aecli.errors import AecliError, DivergedError, InterruptedRun, reason_in_words
from aecli.experiment.environment import describe_environment
from aecli.experiment.finish import finish
from aecli.experiment.journal import Journal
from aecli.experiment.record import Recorder, Watcher
from aecli.files.json_files import write_json
from aecli.files.writing import write_text
from aecli.runs.folder import RunFolder, create_run_folder, remove_run_folder
from aecli.runs.interrupts import Interrupts, watch_interrupts
from aecli.text import shell_word
from aecli.training.build import Prepared, prepare
from aecli.training.loop import fit, own_torch_state
from aecli.training.threads import choose_threads


def train(
    config: Config,
    *,
    out: str | Path = "runs",
    watcher: Watcher | None = None,
    may_choose_threads: bool = True,
) -> RunFolder:
    """Train one config into a new run folder.

    Args:
        config: a checked config.
        out: the folder of all runs.
        watcher: is told of the progress.
        may_choose_threads: whether fewer threads are taken where they are faster and nobody says how many; a sweep has
            measured that already.

    Returns: the finished run's folder.

    Raises:
        ConfigError, DataError: before there is a folder.
        RunFolderError: the folder cannot be made or written.
        DivergedError, InterruptedRun: the folder stays, and its status says why.
    """
    journal = Journal(watcher)
    with own_torch_state():
        prepared = prepare(config)  # Ctrl-C still ends it at once: there is nothing to save
        splits = prepared.splits
        advice = advise(config, unit_range=splits.unit_range, values=splits.values, about=splits.about)
        for one in advice:
            journal.note(str(one), severity=one.severity)
        if may_choose_threads and (text := choose_threads(prepared)):
            journal.note(text)
        with watch_interrupts() as interrupts:
            return train_prepared(prepared, advice, Path(out), journal, interrupts)


def train_prepared(
    prepared: Prepared, advice: list[Advice], out: Path, journal: Journal, interrupts: Interrupts
) -> RunFolder:
    """Make the folder, and train into it what was prepared."""
    config = prepared.trainee.config
    environment = describe_environment(prepared.splits, prepared.device)
    folder = create_run_folder(out, config.name, config.seed)
    try:
        write_beginning(folder, config, environment)
    except BaseException:
        remove_run_folder(folder)
        raise
    recorder = Recorder(folder, prepared, journal, interrupts)
    with outcome_in_status(recorder, journal):
        journal.begin(config, prepared, folder, 1)
        recorder.begin()
        fit(prepared.trainee, 1, recorder)
        finish(recorder, advice)
    return folder


def write_beginning(folder: RunFolder, config: Config, environment: dict[str, Any]) -> None:
    """What is known before the first step: status, environment, and last the config, without which it is no run."""
    folder.write_status("running", epoch=None, epochs=config.training.epochs, config_sha256=config.digest())
    write_json(folder.environment, environment)
    write_config(folder, config)


def write_config(folder: RunFolder, config: Config) -> None:
    """config.yaml: every default explicit, and the digest of the content in the head."""
    head = f"# aecli train --config config.yaml\n# sha256 of the resolved content: {config.digest()}\n"
    write_text(folder.config, head + dump(config.plain()))


@contextmanager
def outcome_in_status(recorder: Recorder, journal: Journal) -> Iterator[None]:
    """Write into status.json and log.txt how the inside ended.

    Raises:
        InterruptedRun: also for a Ctrl-C that did not wait for the end of a step.
        DivergedError: with what to try.
    """
    folder = recorder.folder
    journal.open(folder)
    journal.write(f"process {os.getpid()}: {recorder.config.name}")
    try:
        yield
    except BaseException as error:
        kinds = {DivergedError: "diverged", InterruptedRun: "interrupted", KeyboardInterrupt: "interrupted"}
        status = next((name for kind, name in kinds.items() if isinstance(error, kind)), "failed")
        reason = str(error) if isinstance(error, AecliError) else reason_in_words(error)
        if isinstance(error, KeyboardInterrupt):
            reason = f"stopped at once by a second Ctrl-C; go on with: aecli resume {shell_word(folder.path)}"
        with suppress(Exception):  # on a full disk the error itself matters more than its record
            folder.write_status(status, reason=reason)
        bug = error if not isinstance(error, (AecliError, KeyboardInterrupt)) else None
        journal.write(f"{status}: {reason}", logging.ERROR, bug)
        if isinstance(error, DivergedError):
            raise DivergedError(f"{reason}\n{how_to_converge(recorder)}") from None
        if isinstance(error, KeyboardInterrupt):
            raise InterruptedRun(reason, signal.SIGINT) from None
        raise
    else:
        journal.write("completed")
    finally:
        journal.close()


def how_to_converge(recorder: Recorder) -> str:
    """What to try after a divergence."""
    optimizer = recorder.config.optimization.optimizer
    clip = recorder.config.optimization.gradient_clip
    hint = f"try --set optimization.optimizer.lr={optimizer.lr / 10:g}"
    if clip is None:
        hint += " or --set optimization.gradient_clip=1"
    return f"the last good checkpoint is in {recorder.folder.checkpoints}; {hint}"
