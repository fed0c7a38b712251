"""The run folders of a sweep by the digest of their config; of several, the one that says most about its trial."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from statistics import median

from aecli.files.json_files import read_json
from aecli.runs.folder import RunFolder
from aecli.sweep.planning.trial import Trial
from aecli.sweep.record.claims import Claims
from aecli.sweep.record.sweep_folder import SweepFolder

DONE = ("completed", "diverged")
"""A trial that diverged would diverge again: it has its result."""
LATEST = 8
"""Runs by which the speed of a sweep is told."""


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
        """The run that says most about a trial, with its status: a complete one, else one that lives or can go on."""
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


def speed_so_far(folder: SweepFolder) -> float | None:
    """Images per second of the runs that were begun last and are done; says more than a moment of steps.

    Returns: None where there is none.
    """
    files = sorted(folder.runs.glob("*/summary.json"))[-LATEST:]
    speeds = [(read_json(file) or {}).get("images_per_s") for file in files]
    known = [speed for speed in speeds if isinstance(speed, (int, float)) and speed > 0]
    return median(known) if known else None


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
