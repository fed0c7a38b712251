"""Whether the process that wrote something still lives. Process numbers are given again, so a birth goes with one."""

import os
from pathlib import Path

UNKNOWN = "unknown"
"""The birth of a process that exists, where the system does not tell more."""


def birth(pid: object) -> str | None:
    """When a process of this host was born, in whatever the system counts in.

    Returns: None if there is no such process; a zombie, which only waits to be asked how it ended, is none.
    """
    if not isinstance(pid, int) or isinstance(pid, bool) or pid <= 0:
        return None
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return UNKNOWN if exists(pid) else None
    return None if fields[0] in ("Z", "X") else fields[19]


def exists(pid: int) -> bool:
    """Whether there is such a process; all that can be told where there is no /proc, or it hides the others."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


def lives(pid: object, born: object) -> bool:
    """Whether a process of this host, born then, still lives; `born` is None where that was not written down."""
    now = birth(pid)
    return now is not None and (UNKNOWN in (now, born) or born in (None, now))
