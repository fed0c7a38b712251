"""What the operating system refuses, as a line for the user."""

import errno
import os
from pathlib import Path

from aecli.text import printable

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What it says of a file that cannot grow."""
ADVICE = {
    errno.EACCES: "; change its permissions, or choose another place",
    errno.EPERM: "; change its permissions, or choose another place",
    errno.EROFS: "; choose another place",
    errno.ENOSPC: "; free some space",
    errno.EDQUOT: "; free some space",
    errno.EMFILE: "; close other programs, or raise the limit with `ulimit -n`",
    errno.ENFILE: "; close other programs",
}


def refusal_of_system(error: OSError) -> str | None:
    """What to tell the user of an error of the system; None where it is none that a user can do something about."""
    if has_lost_its_directory():
        return "the directory this was called in is gone; cd into another, and try again"
    if error.errno is None or not error.strerror:
        return None
    if error.filename is None:
        return f"stdout: cannot be written: {error.strerror}" if error.errno in (*FULL, errno.EIO) else None
    return f"{printable(os.fsdecode(name_of(error)))}: {error.strerror}{ADVICE.get(error.errno, '')}"


def name_of(error: OSError) -> str | bytes:
    """The file that was refused; of two, as in a move, the one that was to be made."""
    name = error.filename if error.filename2 is None else error.filename2
    return name if isinstance(name, (str, bytes)) else f"file {name}"


def has_lost_its_directory() -> bool:
    """Whether the working directory is not there any more, or may not be looked at."""
    try:
        Path.cwd()
    except OSError:
        return True
    return False
