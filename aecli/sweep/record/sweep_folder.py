"""The sweep folder: what was planned, what there is of it, and how far it is.

```
runs/losses/
  sweep.yaml     what was asked for, as it was written
  plan.json      every trial: digest, what the sweep set, seed; at how many seeds it was and will be judged
  status.json    running | completed | interrupted | failed, counts, jobs x threads
  claims/        who is at which trial now
  runs/          the run folders, as `aecli train` makes them
```
"""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aecli.errors import RunFolderError, UsageError
from aecli.files.json_files import read_json, write_json
from aecli.files.writing import write_text
from aecli.runs.folder import is_alive, timestamp
from aecli.runs.processes import birth
from aecli.sweep.planning.trial import Plan
from aecli.text import shell_word

SCHEMA = 1
BEGINNINGS = {"sweep.yaml", "status.json", "claims", "runs"}
"""What a sweep folder has before it has a plan."""


@dataclass(frozen=True)
class SweepFolder:
    """Paths of one sweep."""

    path: Path

    @property
    def yaml(self) -> Path:
        """sweep.yaml"""
        return self.path / "sweep.yaml"

    @property
    def plan(self) -> Path:
        """plan.json"""
        return self.path / "plan.json"

    @property
    def status(self) -> Path:
        """status.json"""
        return self.path / "status.json"

    @property
    def claims(self) -> Path:
        """claims/"""
        return self.path / "claims"

    @property
    def runs(self) -> Path:
        """runs/"""
        return self.path / "runs"

    def write_status(self, status: str, **more: object) -> None:
        """Write status.json, keeping what it said before of everything else."""
        old = read_json(self.status) or {"schema": SCHEMA, "started": timestamp()}
        write_json(self.status, old | {"status": status, "heartbeat": timestamp(), **more})

    def read_status(self) -> dict[str, Any]:
        """status.json; `interrupted` where its process is gone."""
        status = read_json(self.status) or {}
        if status.get("status") == "running" and not is_alive(status):
            status |= {"status": "interrupted"}
        return status


def open_sweep_folder(path: Path) -> SweepFolder:
    """The folder of an existing sweep.

    Raises:
        UsageError: there is no such folder, or it is no sweep.
    """
    if not (path / "plan.json").is_file():
        what = (
            "is no sweep folder: it has no plan.json"
            if path.is_dir()
            else "no such folder; `ls runs` shows what there is"
        )
        raise UsageError(f"{path}: {what}")
    return SweepFolder(path)


def prepare_sweep_folder(path: Path, plan: Plan, text: str, looks: Mapping[str, object] | None = None) -> SweepFolder:
    """Make the folder of a sweep, or take up the one that is there.

    Args:
        path: the folder.
        plan: all trials.
        text: the YAML as it was written.
        looks: how often it was and will be judged, for plan.json; see `look_history`.

    Raises:
        UsageError: the folder is that of a sweep around another base, or holds something else.
        RunFolderError: exit code 2: it cannot be made.
    """
    folder = SweepFolder(path)
    if is_foreign(path):
        raise UsageError(f"{path}: is there already and is no sweep; choose another folder with --out")
    refuse_another_base(folder, plan)
    try:
        for part in (folder.path, folder.claims, folder.runs):
            part.mkdir(parents=True, exist_ok=True)
        write_text(folder.yaml, text)
        write_json(folder.plan, {**(looks or {}), **plan_record(plan)})
    except OSError as error:
        problem = RunFolderError(
            f"cannot make a sweep folder at {path}: {error.strerror or error}; choose another with --out"
        )
        problem.exit_code = 2
        raise problem from None
    return folder


def refuse_another_base(folder: SweepFolder, plan: Plan) -> None:
    """One sweep is one base.

    Raises:
        UsageError: the runs that are there were made from another one.
    """
    old = read_json(folder.plan)  # None where it is new or damaged; the runs know by themselves what they are
    if old is not None and old.get("base_sha256") != plan.base_sha256 and has_runs(folder):
        raise UsageError(
            f"{folder.path}: its runs were made from another base config, and one sweep cannot mix the two; "
            f"undo the change of the base, or fork: aecli sweep ... --out {shell_word(f'{folder.path}-2')}"
        )


def is_foreign(path: Path) -> bool:
    """Whether something is there that is not a sweep, nor what a sweep leaves that is killed while it begins."""
    if not path.exists():
        return False
    try:
        names = {child.name for child in path.iterdir() if not child.name.startswith(".")}
    except OSError:
        return True
    return "plan.json" not in names and not names <= BEGINNINGS


def has_runs(folder: SweepFolder) -> bool:
    """Whether anything was trained."""
    return folder.runs.is_dir() and any(folder.runs.iterdir())


def plan_record(plan: Plan, expected: int | None = None) -> dict[str, Any]:
    """plan.json.

    Args:
        plan: the trials that are known.
        expected: how many there will be; a search comes to them as it goes.
    """
    trials = [{"digest": trial.digest, "seed": trial.config.seed, "changes": trial.changes} for trial in plan.trials]
    more = {} if expected is None else {"expected": expected}
    return {"schema": SCHEMA, "base_sha256": plan.base_sha256, **more, "trials": trials}


def this_process() -> dict[str, object]:
    """This process, for status.json."""
    return {"pid": os.getpid(), "born": birth(os.getpid()), "host": socket.gethostname()}
