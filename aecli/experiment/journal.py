"""log.txt of a run: what was said, every epoch, and how it ended, in UTC. It stands between a run and its watcher.

A training goes on where its watcher's reader has gone: a pipe that was closed, a terminal that was shut.
"""

import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from aecli.config.schema import Config
from aecli.errors import reason_in_words
from aecli.experiment.record import Nobody, Watcher
from aecli.files.writing import append_flags, require_file
from aecli.runs.folder import RunFolder
from aecli.training.build import Prepared
from aecli.training.loop import StepEvent

LEVELS = {"note": logging.INFO, "warning": logging.WARNING}


class Log(logging.FileHandler):
    """A file that a training does not end for when it cannot be written; its times are like those of status.json."""

    def __init__(self, folder: RunFolder) -> None:
        super().__init__(folder.log, delay=True, encoding="utf-8")
        lines = logging.Formatter("%(asctime)s %(levelname)s %(message)s")
        lines.default_time_format, lines.default_msec_format = "%Y-%m-%dT%H:%M:%S", "%s.%03dZ"
        lines.converter = time.gmtime
        self.setFormatter(lines)

    def _open(self) -> TextIOWrapper:
        """The file, opened through no link, and not if it is a pipe that nobody reads."""
        descriptor = os.open(self.baseFilename, append_flags(), 0o666)
        require_file(descriptor, Path(self.baseFilename))
        return os.fdopen(descriptor, "a", encoding=self.encoding)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, if it can be written."""
        with suppress(OSError):
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Nothing: what else is written there will tell of a full disk."""


class Journal:
    """A watcher that writes down what another one is told; what is said before there is a folder is kept until then."""

    def __init__(self, watcher: Watcher | None = None) -> None:
        self.watcher: Watcher = watcher or Nobody()
        self.logger = logging.Logger("aecli")
        self.kept: list[tuple[int, str]] = []

    def open(self, folder: RunFolder) -> None:
        """Write into this folder from now on."""
        self.logger.addHandler(Log(folder))
        for level, text in self.kept:
            self.logger.log(level, "%s", text)
        self.kept = []

    def close(self) -> None:
        """Let the file go."""
        for handler in self.logger.handlers[:]:
            handler.close()
            self.logger.removeHandler(handler)

    def write(self, text: str, level: int = logging.INFO, error: BaseException | None = None) -> None:
        """A line, with the traceback of an error."""
        if self.logger.handlers:
            self.logger.log(level, "%s", text, exc_info=error)
        else:
            self.kept.append((level, text))

    def tell(self, say: Callable[[Watcher], None]) -> None:
        """Tell the watcher, or write down that it cannot be told any more."""
        try:
            say(self.watcher)
        except OSError as error:
            self.watcher = Nobody()
            text = f"nobody reads the progress any more ({reason_in_words(error)}); the training goes on"
            self.write(text, logging.WARNING)

    def note(self, text: str, *, severity: str = "note") -> None:
        """Something worth saying."""
        self.write(text, LEVELS.get(severity, logging.WARNING))
        self.tell(lambda watcher: watcher.note(text, severity=severity))

    def begin(self, config: Config, prepared: Prepared, folder: RunFolder, first_epoch: int) -> None:
        """The folder exists and the training starts."""
        self.write(f"training from epoch {first_epoch} to {config.training.epochs} on {prepared.device}")
        self.tell(lambda watcher: watcher.begin(config, prepared, folder, first_epoch))

    def step(self, event: StepEvent) -> None:
        """Some steps were taken."""
        self.tell(lambda watcher: watcher.step(event))

    def epoch(self, record: dict[str, Any]) -> None:
        """An epoch was recorded."""
        loss = "before training" if record["objective"] is None else f"loss {record['objective']:.6g}"
        values = ", ".join(f"{name} {value:.6g}" for name, value in record["validation"].items())
        best = ", the best so far" * record["is_best"]
        self.write(f"epoch {record['epoch']}: {loss}, validation {values}{best}; {record['train_s']:.1f} s of training")
        self.tell(lambda watcher: watcher.epoch(record))

    def stage(self, text: str) -> None:
        """What is being done after the training."""
        self.write(text)
        self.tell(lambda watcher: watcher.stage(text))
