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
    descriptor = os.open(run, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise UsageError(f"{run}: another process is working on this run") from None
    finally:
        os.close(descriptor)
