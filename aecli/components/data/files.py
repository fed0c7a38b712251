"""Finding and reading the user's files, with a DataError for everything that can be wrong with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aecli.errors import DataError
from aecli.lazy import LazyModule

gzip, lzma, zipfile, zlib = map(
    LazyModule, ("gzip", "lzma", "zipfile", "zlib")
)  # 20 ms that `aecli list` does not need


def expand(text: str) -> Path:
    """A path from the YAML: `~` is the home folder, relative paths start where the command runs."""
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise DataError(f"{text}: {error}; write the path out") from error


def existing_file(text: str) -> Path:
    """The path of a file that is there.

    Raises:
        DataError: there is nothing, or a folder.
    """
    path = expand(text)
    if path.is_dir():
        raise DataError(f"{path}: is a folder; name a file")
    if not path.is_file():
        raise DataError(f"{path}: no such file; relative paths start in the folder the command runs in")
    return path


def existing_folder(text: str) -> Path:
    """The path of a folder that is there.

    Raises:
        DataError: there is nothing, or a file.
    """
    path = expand(text)
    if path.is_file():
        raise DataError(f"{path}: is a file; name a folder, such as {path.parent}")
    if not path.is_dir():
        raise DataError(f"{path}: no such folder; relative paths start in the folder the command runs in")
    return path


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn what the operating system and the decompressors raise about a file into a DataError that names it."""
    try:
        yield
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise DataError(f"{path}: is damaged or incomplete: {error}; copy or download it again") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from error


def read_bytes(path: Path) -> bytes:
    """The content of a file, decompressed if it ends in .gz or .xz.

    Raises:
        DataError: it cannot be read or decompressed.
    """
    opener = {".gz": gzip.open, ".xz": lzma.open}.get(path.suffix.lower(), open)
    with readable(path), opener(path, "rb") as file:
        content: bytes = file.read()
    return content
