"""The log of a study on the disk: locked by the system, whole after a power cut, and with errors in words."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aecli.errors import RunFolderError
from aecli.files.writing import cannot_write, writing

if TYPE_CHECKING:
    from optuna.storages.journal import JournalFileBackend


class FileLock:
    """A lock of the operating system, which frees it when a process is killed; Optuna's own would be waited for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor: int | None = None

    def acquire(self) -> bool:
        """Wait until it is ours."""
        import fcntl

        self.descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT)
        fcntl.flock(self.descriptor, fcntl.LOCK_EX)
        return True

    def release(self) -> None:
        """Give it back."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None


def make_lock(path: Path) -> FileLock | None:
    """The best lock there is on this system; None is Optuna's default."""
    try:
        import fcntl  # noqa: F401
    except ImportError:  # Windows
        return None
    return FileLock(path.with_name(f"{path.name}.lock"))


def drop_torn_line(path: Path, lock: FileLock | None = None) -> None:
    """Cut off a last line that a full disk or a power cut left half written: nothing can be appended to it.

    Args:
        path: the log.
        lock: of the log, so that it is nobody's who is just writing it; None where there is none.

    Raises:
        RunFolderError: the log cannot be written.
    """
    with writing(path):
        if path.exists():
            with held(lock):
                content = path.read_bytes()
                whole = content.rfind(b"\n") + 1
                if whole < len(content):
                    os.truncate(path, whole)


@contextmanager
def held(lock: FileLock | None) -> Iterator[None]:
    """Have a lock while inside."""
    if lock is not None:
        lock.acquire()
    try:
        yield
    finally:
        if lock is not None:
            lock.release()


def refusing_in_words(backend: "JournalFileBackend", path: Path, lock: FileLock | None) -> "JournalFileBackend":
    """Optuna's log with our error where it cannot be written; what a full disk left half written is taken back."""
    append = backend.append_logs

    def append_logs(logs: list[dict[str, Any]]) -> None:
        try:
            append(logs)
        except OSError as error:
            with suppress(RunFolderError):
                drop_torn_line(path, lock)
            raise cannot_write(path, error) from error

    backend.append_logs = append_logs  # type: ignore[method-assign]  # a subclass would need Optuna at import
    return backend
