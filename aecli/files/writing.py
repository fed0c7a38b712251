"""Writing files so that a reader, a kill at any instant, or a power cut never meets half of one.

A file is made under a name that nobody can foresee, which must not be there yet; no link is followed, so that nobody
who could write into a folder of ours decides what we write.
"""

import errno
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from aecli.errors import RunFolderError, UsageError
from aecli.files.reading import LEADS_OUT, NO_FILE

TEMPORARY = re.compile(r"\..+\.(?:\d+|[0-9a-f]{16})\.tmp")
"""What a kill may leave behind; versions before this one put the number of the process there."""
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | os.O_CLOEXEC


def write_atomic(
    path: Path, write: Callable[[BinaryIO], object], *, durable: bool = False, below: Path | None = None
) -> None:
    """Write a file under a temporary name in the same folder and move it into place.

    Args:
        path: the file.
        write: writes the content; what it returns is not looked at.
        durable: wait until the disk has it, and then its name, so that it survives a power cut too.
        below: the folder that it belongs to, where it lies in one inside of that: no link may stand in between.

    Raises:
        RunFolderError: the disk is full, or the folder cannot be written; what was there before is untouched.
    """
    temporary = temporary_name(path)
    try:
        with writing(path):
            refuse_links(path.parent, below)
            with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW, 0o666), "wb") as file:
                write(file)
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            temporary.replace(path)
            if durable:
                sync_folder(path.parent)
    finally:
        with suppress(OSError):  # it has been moved, or was never made
            temporary.unlink()


def temporary_name(path: Path) -> Path:
    """A name beside a file that nobody else has and nobody can foresee."""
    return path.with_name(f".{path.name}.{os.urandom(8).hex()}.tmp")


def append(path: Path, content: bytes) -> None:
    """Append to a regular file, which is made if it is missing; on an error it is cut back to what it was.

    Raises:
        OSError: it is a link or no file, or the disk is full.
    """
    descriptor = os.open(path, append_flags(), 0o666)
    with os.fdopen(descriptor, "ab", buffering=0) as file:
        require_file(descriptor, path)
        before = os.fstat(descriptor).st_size
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[file.write(rest) :]
        except OSError:
            with suppress(OSError):
                os.truncate(descriptor, before)
            raise


def append_flags() -> int:
    """How a file is opened that is only ever added to."""
    return os.O_WRONLY | os.O_CREAT | os.O_APPEND | NO_FOLLOW | getattr(os, "O_NONBLOCK", 0)


def require_file(descriptor: int, path: Path) -> None:
    """Refuse what is no regular file.

    Raises:
        OSError: with the file's name.
    """
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise OSError(errno.EINVAL, NO_FILE, str(path))


def refuse_links(folder: Path, below: Path | None) -> None:
    """Refuse a folder of ours that is a link, or is behind one.

    Args:
        folder: what is written into.
        below: the folder that it is inside of; that one may be a link, since the user named it.

    Raises:
        OSError: with the link's name.
    """
    while below is not None and folder not in (below, folder.parent):
        if folder.is_symlink():
            raise OSError(errno.ELOOP, LEADS_OUT, str(folder))
        folder = folder.parent


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names in a folder; where a system cannot, it does so by itself."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sync_files(paths: Iterable[Path]) -> None:
    """Wait until the disk has files that were written before, and their names.

    Raises:
        RunFolderError: the disk refuses one.
    """
    folders: dict[Path, None] = {}
    for path in paths:
        try:
            descriptor = os.open(path, os.O_RDONLY | NO_FOLLOW)
        except OSError:  # it is not there, or is no file of ours
            continue
        try:
            with writing(path):
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        folders[path.parent] = None
    for folder in folders:
        sync_folder(folder)


def remove_file(path: Path) -> None:
    """Take a file away, if it is there; of a link the link.

    Raises:
        RunFolderError: the system refuses.
    """
    with writing(path):
        path.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make a folder in one that is there, if it is not there yet.

    Raises:
        RunFolderError: the system refuses.
    """
    with writing(path):
        path.mkdir(exist_ok=True)


def remove_leftovers(folders: Iterable[Path]) -> None:
    """Take away what killed processes left half written; only for who has the folders alone."""
    for folder in folders:
        with suppress(OSError):
            for path in folder.iterdir():
                if TEMPORARY.fullmatch(path.name) and not path.is_dir():
                    path.unlink(missing_ok=True)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say of a file of a run that it could not be written, where the system refuses what is done inside.

    Raises:
        RunFolderError: with the reason.
    """
    try:
        yield
    except (OSError, RuntimeError) as error:  # torch reports a full disk as a RuntimeError
        raise cannot_write(path, error) from error


def cannot_write(path: Path, error: Exception) -> RunFolderError:
    """The error for a file of a run that could not be written."""
    return RunFolderError(
        f"cannot write {path}: {reason_of(error)}; free some space or choose another folder with --out"
    )


def reason_of(error: BaseException) -> str:
    """What the system says, in one line."""
    return getattr(error, "strerror", None) or (str(error) or type(error).__name__).splitlines()[0]


def find_output(path: Path, shown: str) -> Path:
    """Where a file that the user named is written: a link stays one, and what it leads to is written.

    Args:
        path: as the user named it.
        shown: the same for a message, with its flag.

    Raises:
        UsageError: something is there that is no file; moving a file into place would replace a device.
    """
    target = Path(os.path.realpath(path))
    if os.path.lexists(target) and not target.is_file():
        raise UsageError(f"{shown}: cannot be written: it is no file")
    return target


def write_output(path: Path, content: bytes, shown: str) -> None:
    """Write a file that the user named, the whole file or nothing; see `find_output`.

    Raises:
        UsageError: something is there that is no file.
        RunFolderError: the system refused.
    """
    try:
        write_atomic(find_output(path, shown), lambda file: file.write(content))
    except (RunFolderError, OSError) as error:
        raise RunFolderError(f"{shown}: cannot be written: {reason_of(error.__cause__ or error)}") from error


def write_text(path: Path, text: str, *, durable: bool = False) -> None:
    """Write a text file atomically."""
    write_atomic(path, lambda file: file.write(text.encode()), durable=durable)
