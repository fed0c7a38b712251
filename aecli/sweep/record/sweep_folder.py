"""The sweep folder: what was planned, what there is of it, and how far it is.

```
runs/losses/
  sweep.yaml     what was asked for, as it was written
  plan.json      every trial: digest, what the sweep set, seed
  status.json    running | completed | interrupted | failed, counts, jobs x threads
  claims/        who is at which trial now
  runs/          the run folders, as `aecli train` makes them
```
"""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aecli.errors import RunFolderError, UsageError
from aecli.runs.files import read_json, write_json, write_text
from aecli.runs.folder import RunFolder, is_alive, timestamp
from aecli.sweep.planning.trial import Plan, Trial
from aecli.sweep.record.claims import Claims

SCHEMA = 1
DONE = ("completed", "diverged")
"""A trial that diverged would diverge again: it has its result."""
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

    def write_status(self, status: str, **more: Any) -> None:
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


def prepare_sweep_folder(path: Path, plan: Plan, text: str) -> SweepFolder:
    """Make the folder of a sweep, or take up the one that is there.

    Args:
        path: the folder.
        plan: all trials.
        text: the YAML as it was written.

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
        write_json(folder.plan, describe(plan))
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
            f"{folder.path}: its runs were made from another base config, and one sweep cannot mix the two; undo the change of "
            f"the base, or fork: aecli sweep ... --out {folder.path}-2"
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


def describe(plan: Plan, expected: int | None = None) -> dict[str, Any]:
    """plan.json.

    Args:
        plan: the trials that are known.
        expected: how many there will be; a search comes to them as it goes.
    """
    trials = [{"digest": trial.digest, "seed": trial.config.seed, "changes": trial.changes} for trial in plan.trials]
    more = {} if expected is None else {"expected": expected}
    return {"schema": SCHEMA, "base_sha256": plan.base_sha256, **more, "trials": trials}


class RunIndex:
    """Finds the run folders of a trial; a folder is read for its digest once, its status whenever it is asked for."""

    def __init__(self, folder: SweepFolder) -> None:
        self.runs = folder.runs
        self.seen: set[str] = set()
        """Names of the folders whose digest is known."""
        self.names: dict[str, list[str]] = {}
        """Digest -> names of its run folders."""

    def refresh(self) -> None:
        """Take note of folders that are new and have written their status."""
        there = os.listdir(self.runs) if self.runs.is_dir() else []  # noqa: PTH208, thousands of names at every look
        for name in sorted(set(there) - self.seen):
            digest = (read_json(self.runs / name / "status.json") or {}).get("config_sha256")
            if isinstance(digest, str):
                self.seen.add(name)
                self.names.setdefault(digest, []).append(name)

    def by_digest(self) -> dict[str, list[RunFolder]]:
        """Digest -> its run folders, oldest first."""
        return {digest: [RunFolder(self.runs / name) for name in names] for digest, names in self.names.items()}

    def best(self, digest: str) -> tuple[RunFolder | None, str]:
        """The run that says most about a trial, with its status: a complete one, else one that is alive or can go on."""
        return best_of(RunFolder(self.runs / name) for name in self.names.get(digest, ()))


def best_of(runs: Iterable[RunFolder]) -> tuple[RunFolder | None, str]:
    """The run that says most, with its status; (None, "") where there is none."""
    order = ("completed", "diverged", "running", "interrupted", "failed")
    told = [(run, str(run.read_status().get("status"))) for run in runs]
    known = [one for one in told if one[1] in order]
    return min(known, key=lambda one: order.index(one[1])) if known else (None, "")


def results(folder: SweepFolder, trials: Iterable[Trial]) -> dict[str, tuple[RunFolder, str]]:
    """Digest -> (run, status) of each trial of which there is a run."""
    index = RunIndex(folder)
    index.refresh()
    runs = index.by_digest()
    best = {trial.digest: best_of(runs[trial.digest]) for trial in trials if trial.digest in runs}
    return {digest: (run, status) for digest, (run, status) in best.items() if run is not None}


def remove_unborn(folder: SweepFolder, claims: Claims) -> None:
    """Take away run folders whose process was killed before it wrote the first word into them.

    Nothing is in them, and nothing says which trial they were for. While anybody works, the folder may be one that is
    being made, so it waits for the last one to leave.
    """
    with claims.locked():
        if not claims.nobody_works():
            return
        for path in folder.runs.iterdir() if folder.runs.is_dir() else []:
            if path.is_dir() and not (path / "status.json").exists() and is_unborn(path):
                shutil.rmtree(path, ignore_errors=True)


def is_unborn(path: Path) -> bool:
    """Whether a folder holds nothing but empty folders and a status that was not finished."""
    return all(file.is_dir() or file.name.startswith(".status.json.") for file in path.rglob("*"))
