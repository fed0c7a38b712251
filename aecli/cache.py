"""The user's cache folder: what can be made or downloaded again at any time."""

import os
from pathlib import Path

from aecli.errors import RunFolderError, known
from aecli.files.writing import write_atomic


def cache_folder() -> Path:
    """`$AECLI_CACHE`, else `$XDG_CACHE_HOME/aecli`, else `~/.cache/aecli`; it may not exist yet.

    Raises:
        OSError: the user has no home folder.
    Source: XDG Base Directory Specification 0.8, which also says to ignore a relative XDG_CACHE_HOME
    """
    try:
        if chosen := os.environ.get("AECLI_CACHE"):
            return Path(chosen).expanduser()
        base = Path(os.environ.get("XDG_CACHE_HOME", ""))
        return (base if base.is_absolute() else Path.home() / ".cache") / "aecli"
    except RuntimeError as error:
        raise OSError(f"{error}; set AECLI_CACHE to a folder") from error


def store(path: Path, content: bytes) -> None:
    """Write a file of the cache whole or not at all, also when several processes write it at once.

    Raises:
        OSError: the folder cannot be made or written, or the disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        write_atomic(path, lambda file: file.write(content))  # not durable: whoever reads the cache checks the digest
    except RunFolderError as error:
        raise known(error.__cause__) from None
