"""From what the user typed to the runs that can be compared, and why the others cannot."""

import gc
import glob
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aecli.comparison.evidence.index import Index, open_index
from aecli.comparison.evidence.read_run import read_run, unreadable
from aecli.comparison.evidence.run_record import LeftOut, RunRecord
from aecli.errors import UsageError
from aecli.runs.ids import find_runs
from aecli.runs.places import is_run
from aecli.text import each, printable

REASONS_SHOWN = 8


@dataclass(frozen=True)
class Collected:
    """What was found."""

    runs: tuple[RunRecord, ...]
    left_out: tuple[LeftOut, ...]


@contextmanager
def garbage_collection_paused() -> Iterator[None]:
    """A thousand summaries are millions of objects and no garbage; looking for some takes a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@garbage_collection_paused()
def collect(paths: str | Path | Sequence[str | Path]) -> Collected:
    """Read run folders.

    Args:
        paths: run folders, folders of runs or sweep folders (whose runs are in `runs/`), globs, and what means runs in
            ./runs: `last`, the beginning of a name, a config's name, `tag:NAME`.

    Returns: the complete runs in the order of their names, each once, and what was left out.

    Raises:
        UsageError: nothing was named, a path does not exist, a glob matches nothing, or no run can be compared.
    """
    paths = each(paths)
    if not paths:
        raise UsageError("no runs; name run folders, for example: aecli compare runs/*")
    runs: list[RunRecord] = []
    left_out: list[LeftOut] = []
    seen: set[str] = set()
    indexes: dict[Path, Index] = {}
    for path in (found for text in paths for found in expand(text)):
        others: list[LeftOut] = []
        folders = [folder for folder in runs_within(path, others) if is_new(folder, seen)]
        left_out += [one for one in others if is_new(one.path, seen)]
        for folder in folders:
            if folder.parent not in indexes:
                indexes[folder.parent] = open_index(folder.parent)
            read = read_run(folder, indexes[folder.parent])
            if isinstance(read, RunRecord):
                runs.append(read)
            else:
                left_out.append(read)
    for index in indexes.values():
        index.save()
    if not runs:
        raise UsageError("\n".join(["no run here can be compared:", *reasons(left_out)]))
    return Collected(tuple(sorted(runs, key=lambda run: run.path.name)), tuple(left_out))


def is_new(path: Path, seen: set[str]) -> bool:
    """Whether a folder was not met before, under this or another name; it is remembered."""
    was_seen = (real := real_path(path)) in seen
    seen.add(real)
    return not was_seen


def real_path(path: str | Path) -> str:
    """The path without links; unlike Path.resolve, it has no quarrel with a link that leads to itself."""
    return os.path.realpath(str(path).replace("\0", ""))


def reasons(left_out: Sequence[LeftOut]) -> list[str]:
    """A line for each of the first folders that were left out."""
    lines = [f"  {printable(one.path)}: {one.reason}" for one in left_out[:REASONS_SHOWN]]
    return lines + ([f"  and {len(left_out) - REASONS_SHOWN} more"] if len(left_out) > REASONS_SHOWN else [])


def expand(text: str | Path) -> list[Path]:
    """The path itself if it exists, else what it matches as a glob, else the runs that it means: see aecli.runs.ids."""
    path = Path(text)
    try:
        if path.exists():
            return [path]
        if not glob.has_magic(str(text)):
            return find_runs(text)
        matches = sorted(map(Path, glob.glob(str(text))))  # noqa: PTH207, Path.glob refuses absolute ones
    except OSError as error:
        raise UsageError(f"{printable(path)}: cannot be read: {error.strerror}") from None
    except ValueError:  # a NUL in it
        matches = []
    if not matches:
        raise UsageError(f"{printable(text)}: no folder matches; `aecli runs` lists the runs there are")
    return matches


def runs_within(path: Path, left_out: list[LeftOut]) -> list[Path]:
    """The path if it is a run, else the runs directly in it or in its `runs/`; what is neither is left out."""
    try:
        if not path.is_dir():
            left_out.append(LeftOut(path, "foreign", "is a file, not a folder" if path.is_file() else "is no folder"))
            return []
        if is_run(path):
            return [path]
        within = path / "runs" if (path / "runs").is_dir() else path
        children = sorted(within.iterdir())
    except OSError as error:
        left_out.append(unreadable(path, error))
        return []
    found: list[Path] = []
    locked: list[LeftOut] = []
    for child in children:
        try:
            if child.is_dir() and is_run(child):
                found.append(child)
        except OSError as error:
            locked.append(unreadable(child, error))
    if not found and not locked:
        left_out.append(LeftOut(path, "foreign", "is no run folder: it has no config.yaml and status.json"))
    left_out += locked
    return found
