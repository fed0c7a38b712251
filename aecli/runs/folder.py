"""The run folder: what is in it and where, how it is made, and how its status is told.

```
runs/20261122T101502Z_mse_s0_9f3a/
  config.yaml        every default explicit, re-runnable
  status.json        running | completed | interrupted | failed | diverged
  environment.json   versions, machine, data, command line
  metrics.jsonl      one object per epoch
  summary.json       what was measured in the end
  per_image.npz      errors of every test image
  examples.npz       some test images, the same in every run on the same data, and their reconstructions
  checkpoints/       best.pt, last.pt, previous.pt
  plots/*.png
  log.txt
  notes.json         what somebody wrote about it: notes and tags, if any
```
"""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

from aecli.errors import RunFolderError, UsageError
from aecli.files.json_files import LARGEST, read_json, read_lines, write_json
from aecli.files.reading import read_bytes
from aecli.files.writing import refuse_links, remove_leftovers, sync_files, sync_folder
from aecli.runs.ids import find_run
from aecli.runs.processes import birth, lives
from aecli.runs.stored_values import is_epoch_record, mapping

SCHEMA = 1
"""Version of the JSON files."""
TRIES = 100
SILENCE_S = 900.0
"""Seconds after the last heartbeat for which a run is believed to be alive."""


@dataclass(frozen=True)
class RunFolder:
    """Paths of one run, and its content read back."""

    path: Path

    @property
    def config(self) -> Path:
        """config.yaml"""
        return self.path / "config.yaml"

    @property
    def status_file(self) -> Path:
        """status.json"""
        return self.path / "status.json"

    @property
    def environment(self) -> Path:
        """environment.json"""
        return self.path / "environment.json"

    @property
    def metrics(self) -> Path:
        """metrics.jsonl"""
        return self.path / "metrics.jsonl"

    @property
    def summary(self) -> Path:
        """summary.json"""
        return self.path / "summary.json"

    @property
    def per_image(self) -> Path:
        """per_image.npz"""
        return self.path / "per_image.npz"

    @property
    def examples(self) -> Path:
        """examples.npz"""
        return self.path / "examples.npz"

    @property
    def checkpoints(self) -> Path:
        """checkpoints/"""
        return self.path / "checkpoints"

    @property
    def plots(self) -> Path:
        """plots/"""
        return self.path / "plots"

    @property
    def log(self) -> Path:
        """log.txt"""
        return self.path / "log.txt"

    def sync(self) -> None:
        """Wait until the disk has everything that the run has written, and the names of all of it.

        Raises:
            RunFolderError: the disk refuses.
        """
        folders = (self.checkpoints, self.plots, self.path)
        sync_files(path for folder in folders for path in sorted(folder.glob("[!.]*")))
        sync_folder(self.path.parent)

    def remove_leftovers(self) -> None:
        """Take away what killed processes left half written; only for who has the run alone."""
        remove_leftovers((self.path, self.checkpoints, self.plots))

    def read_metrics(self) -> list[dict[str, Any]]:
        """One record per epoch, epoch 0 first, up to the first line that is cut off or says what no run writes."""
        return list(takewhile(is_epoch_record, read_lines(self.metrics)))

    def read_summary(self) -> dict[str, Any]:
        """summary.json; empty while there is none."""
        return read_json(self.summary) or {}

    def read_environment(self) -> dict[str, Any]:
        """environment.json; empty if it is missing or broken."""
        return read_json(self.environment) or {}

    @property
    def data(self) -> dict[str, Any]:
        """What environment.json says of the data; empty if it says nothing."""
        return mapping(self.read_environment().get("data"))

    def read_status(self) -> dict[str, Any]:
        """status.json; a run whose process is gone is `interrupted`, whatever it last wrote."""
        status = read_json(self.status_file) or {}
        if status.get("status") == "running" and not is_alive(status):
            reason = f"its process {status.get('pid')} is gone"
            status |= {"status": "interrupted", "reason": reason}
        return status

    def write_status(self, status: str, *, reason: str | None = None, **more: object) -> None:
        """Write status.json, keeping what it said before of everything else."""
        now = timestamp()
        old = read_json(self.status_file) or {"schema": SCHEMA, "started": now}
        process = {"pid": os.getpid(), "born": birth(os.getpid()), "host": host_name(), "heartbeat": now}
        is_last = status != "running"
        write_json(self.status_file, old | {"status": status, "reason": reason} | process | more, durable=is_last)


def host_name() -> str:
    """What this machine calls itself."""
    import socket  # where it is used: with `secrets` a tenth of the start of `aecli --help`

    return socket.gethostname()


def timestamp() -> str:
    """Now, in UTC, to the millisecond: `2026-11-22T10:15:02.123Z`."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_alive(status: dict[str, Any]) -> bool:
    """Whether the process of a status still exists, on this host, and whether it has given a sign of life lately.

    On another host nobody can look, and not every system tells when a process was born, so the heartbeat has the last
    word.
    """
    if status.get("host") == host_name() and not lives(status.get("pid"), status.get("born")):
        return False
    try:
        age = datetime.now(UTC) - datetime.fromisoformat(status["heartbeat"])
    except (KeyError, TypeError, ValueError):
        return False
    return age.total_seconds() < SILENCE_S


def create_run_folder(root: Path, name: str, seed: int) -> RunFolder:
    """Make a new folder for a run, one that no other run can have.

    Args:
        root: the folder of all runs, made if it is missing.
        name: the run's name.
        seed: its seed.

    Raises:
        RunFolderError: exit code 2: the folder cannot be made.
    """
    import secrets

    try:
        if root.exists() and not root.is_dir():
            raise NotADirectoryError(0, "it is a file")
        root.mkdir(parents=True, exist_ok=True)
        for _ in range(TRIES):
            now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
            path = root / f"{now}_{name}_s{seed}_{secrets.token_hex(2)}"
            try:
                path.mkdir()
            except FileExistsError:
                continue
            break
        else:
            raise FileExistsError(f"{TRIES} names were taken")
        try:
            for part in ("checkpoints", "plots"):
                (path / part).mkdir()
        except OSError:
            remove_run_folder(RunFolder(path))
            raise
    except OSError as error:
        problem = RunFolderError(
            f"cannot make a run folder in {root}: {error.strerror or error}; choose another with --out"
        )
        problem.exit_code = 2
        raise problem from None
    return RunFolder(path)


def remove_run_folder(folder: RunFolder) -> None:
    """Take back a folder whose run never began, and the folder of all runs if nothing else is in it."""
    shutil.rmtree(folder.path, ignore_errors=True)
    with suppress(OSError):
        folder.path.parent.rmdir()


def open_run_folder(path: str | Path) -> RunFolder:
    """The folder of an existing run.

    Args:
        path: the folder, or what means a run in ./runs: `last`, the beginning of a name, a config's name.

    Raises:
        UsageError: there is no such run, several are meant, or the folder is no run.
    """
    folder = RunFolder(find_run(path))
    if not all(file.is_file() for file in (folder.config, folder.status_file)):
        raise UsageError(f"{folder.path}: is no run folder: it has no config.yaml and status.json")
    try:
        for file in (folder.config, folder.status_file):
            read_bytes(file, LARGEST, below=folder.path, head=0)
        for inside in (folder.checkpoints, folder.plots):
            refuse_links(inside, folder.path)
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}") from None
    return folder
