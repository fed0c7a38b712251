"""Reading files that anybody may have made: regular files only, of a known size, and from where they seem to be.

Whatever is wrong is an OSError with the reason in words, so that a caller needs one `except`; nothing is opened that
could be waited for (a pipe, a device), and no more memory is taken than was allowed.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

MIB = 2**20
NO_LIMIT = 2**63 - 1
MARGIN = 2**16
IS_LARGER = "is larger than {most}"
LEADS_OUT = "is a link that leads out of the folder"
NO_FILE = "is no file"


def read_bytes(path: Path, most: int, *, below: Path | None = None, head: int | None = None) -> bytes:
    """The content of a file.

    Args:
        path: the file.
        most: bytes that it may have.
        below: the folder that it belongs to, from which no link may lead out; the user's own files have none.
        head: so many bytes of the beginning are enough, however large it is.

    Raises:
        OSError: it is missing, no regular file, too large, behind a link that leads out, or may not be read; with
            the file's name.
    """
    with open_file(path, NO_LIMIT if head is not None else most, below=below) as file:
        expected = os.fstat(file.fileno()).st_size + MARGIN  # what is asked for is allocated
        content = file.read(min(most + 1, expected) if head is None else head)
    if head is None and len(content) > most:  # it grew meanwhile, or the system does not tell its size
        raise too_large(path, most)
    return content


@contextmanager
def open_file(path: Path, most: int = NO_LIMIT, *, below: Path | None = None) -> Iterator[BufferedReader]:
    """A regular file, opened for reading; see `read_bytes`.

    Raises:
        OSError: as there.
    """
    descriptor = open_descriptor(path, below)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise FileNotFoundError(errno.ENOENT, NO_FILE, str(path))
        if found.st_size > most:
            raise too_large(path, most)
        file = os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise
    with file:
        yield file


def open_descriptor(path: Path, below: Path | None) -> int:
    """Open without waiting for anybody at the other end, and without a link that leads out."""
    flags = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    if below is None:
        return os.open(path, flags)
    if not leads_astray(path, below):
        try:
            return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
    real = os.path.realpath(path)
    if not Path(real).is_relative_to(os.path.realpath(below)):
        raise OSError(errno.ELOOP, LEADS_OUT, str(path))
    return os.open(real, flags | getattr(os, "O_NOFOLLOW", 0))


def leads_astray(path: Path, below: Path) -> bool:
    """Whether a folder between a file and the one that it belongs to is a link."""
    between = path.parent
    while between != below and between != between.parent:
        if between.is_symlink():
            return True
        between = between.parent
    return False


def too_large(path: Path, most: int) -> OSError:
    """The error for a file that would take more memory than it may."""
    return OSError(errno.EFBIG, IS_LARGER.format(most=f"{most / MIB:,.0f} MiB"), str(path))
