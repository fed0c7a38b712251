"""Who works on a run now: the system's lock on its folder, freed when the process ends, however it ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aecli.errors import UsageError


@contextmanager
def locked(run: Path, *, shared: bool = False) -> Iterator[None]:
    """Keep others away from a run while inside.

    Args:
        run: its folder.
        shared: others who only add to it may do so at the same time.

    Raises:
        UsageError: another process has it.
    """
    try:
        import fcntl
    except ImportError:  # Windows has no such lock
        yield
        return
    with opened(run) as descriptor:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"{run}: another process is working on this run") from None
        yield


@contextmanager
def alone_with(file: Path) -> Iterator[None]:
    """Wait until nobody else is inside with the same file: to read what several add to, and write it back.

    Args:
        file: one that is there as long as the run is.

    Raises:
        UsageError: it cannot be opened.
    """
    try:
        import fcntl
    except ImportError:  # Windows has no such lock
        yield
        return
    with opened(file) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """A file or a folder, opened for its lock.

    Raises:
        UsageError: it cannot be opened.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise UsageError(f"{path}: cannot be opened: {error.strerror}") from None
    try:
        yield descriptor
    finally:
        os.close(descriptor)
