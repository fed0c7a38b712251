"""Runs that were removed: moved into `.trash` beside where they were, until somebody empties it on purpose.

A move is one renaming within one folder of runs; links are neither followed nor moved.
"""

import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from aecli.errors import RunFolderError, UsageError
from aecli.files.writing import reason_of
from aecli.runs.folder import RunFolder
from aecli.runs.locks import locked
from aecli.runs.places import folders_in, is_run
from aecli.runs.sizes import bytes_in
from aecli.text import printable, several

TRASH = ".trash"


@dataclass(frozen=True)
class Removed:
    """A run in the trash."""

    path: Path
    """Where it lies now."""
    bytes: int

    @property
    def origin(self) -> Path:
        """Where it was."""
        return self.path.parent.parent / self.path.name


def remove(runs: Sequence[Path]) -> list[Removed]:
    """Move runs into the trash of the folder that they are in: all of them, or none.

    Raises:
        UsageError: one is no run, a link, or in use.
        RunFolderError: the system refuses.
    """
    with ExitStack() as held:
        for run in runs:
            refuse_what_is_no_run(run)
            held.enter_context(locked(run))
            refuse_use(run)
        return [move_to_trash(run) for run in runs]


def refuse_what_is_no_run(run: Path) -> None:
    """Refuse what must not be moved away.

    Raises:
        UsageError: with what to do instead.
    """
    if run.is_symlink():
        raise UsageError(f"{printable(run)}: is a link; take the link itself away with: rm {printable(run)}")
    if not run.is_dir() or not is_run(run):
        inside = [child for child in folders_in(run) if is_run(child)]
        hint = f"; its runs: {several(child.as_posix() for child in inside)}" if inside else ""
        raise UsageError(f"{printable(run)}: is no run folder, and nothing was moved{hint}")
    if run.resolve().parent.name == TRASH:
        raise UsageError(f"{printable(run)}: is in the trash already; to empty that: aecli runs trash --empty")


def refuse_use(run: Path) -> None:
    """Refuse a run that somebody trains now.

    Raises:
        UsageError: with the process.
    """
    status = RunFolder(run).read_status()
    if status.get("status") == "running":
        who = f"process {status.get('pid')} on {status.get('host')}"
        raise UsageError(f"{printable(run)}: is being trained by {who}; stop that first")


def move_to_trash(run: Path) -> Removed:
    """One run, by renaming."""
    run = run.resolve() if run.name in ("", "..") else run
    trash = run.parent / TRASH
    try:
        if trash.is_symlink():
            raise UsageError(f"{printable(trash)}: is a link, and nothing is moved out of {printable(run.parent)}")
        trash.mkdir(exist_ok=True)
        target = free_name(trash / run.name)
        run.rename(target)
    except OSError as error:
        raise RunFolderError(f"{printable(run)}: cannot be moved to {printable(trash)}: {reason_of(error)}") from None
    return Removed(target, bytes_in(target))


def free_name(path: Path) -> Path:
    """The path, or it with the first number that is free."""
    options = (path if at == 1 else path.with_name(f"{path.name}~{at}") for at in range(1, 10_000))
    return next(option for option in options if not option.exists() and not option.is_symlink())


def trash_folders(root: Path) -> list[Path]:
    """The trash of a folder of runs and of the sweeps in it, as far as there is any."""
    holders = [root, root / "runs", *(child / "runs" for child in folders_in(root) if not child.is_symlink())]
    return [trash for holder in holders if (trash := holder / TRASH).is_dir() and not trash.is_symlink()]


def list_trash(root: Path) -> list[Removed]:
    """What lies in the trash of a folder of runs, in the order of the names."""
    found = [Removed(path, bytes_in(path)) for trash in trash_folders(root) for path in trash.iterdir()]
    return sorted(found, key=lambda one: one.path.name)


def empty_trash(root: Path) -> list[Removed]:
    """Delete what lies in the trash; links in it are deleted, and what they lead to is not touched.

    Returns: what was deleted.

    Raises:
        RunFolderError: the system refuses; what is left is still in the trash.
    """
    found = list_trash(root)
    try:
        for one in found:
            if one.path.is_symlink() or not one.path.is_dir():
                one.path.unlink()
            else:
                shutil.rmtree(one.path)
        for trash in trash_folders(root):
            trash.rmdir()
    except OSError as error:
        raise RunFolderError(f"the trash of {printable(root)} cannot be emptied: {reason_of(error)}") from None
    return found


def restore(root: Path, name: str) -> Path:
    """Move a run back to where it was.

    Args:
        root: the folder of runs.
        name: of the run in the trash, its beginning, or what begins after a `_` of it.

    Raises:
        UsageError: nothing in the trash has such a name, several have, or something else lies there now.
        RunFolderError: the system refuses.
    """
    found = list_trash(root)
    matches = [one for one in found if one.path.name == name]
    matches = matches or [one for one in found if one.path.name.startswith(name) or f"_{name}" in one.path.name]
    if len(matches) != 1:
        there = several(one.path.name for one in matches or found) or "nothing"
        what = f"means {len(matches)} runs" if matches else "is not in the trash"
        raise UsageError(f"{printable(name)}: {what}; there: {there}")
    (one,) = matches
    if one.origin.exists() or one.origin.is_symlink():
        raise UsageError(f"{printable(one.origin)}: something lies there now; move that away first")
    try:
        one.path.rename(one.origin)
    except OSError as error:
        raise RunFolderError(f"{printable(one.path)}: cannot be moved back: {reason_of(error)}") from None
    if not any(one.path.parent.iterdir()):
        one.path.parent.rmdir()
    return one.origin
