"""Finding and reading the user's files, with a DataError for everything that can be wrong with them."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from aecli.errors import DataError
from aecli.files import packed
from aecli.files.packed import GZIP, XZ
from aecli.files.reading import read_bytes
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
    with readable(path):
        is_folder, is_file = path.is_dir(), path.is_file()
    if is_folder:
        raise DataError(f"{path}: is a folder; name a file")
    if not is_file:
        raise DataError(f"{path}: no such file; relative paths start in the folder the command runs in")
    return path


def existing_folder(text: str) -> Path:
    """The path of a folder that is there.

    Raises:
        DataError: there is nothing, or a file.
    """
    path = expand(text)
    with readable(path):
        is_folder, is_file = path.is_dir(), path.is_file()
    if is_file:
        raise DataError(f"{path}: is a file; name a folder, such as {path.parent}")
    if not is_folder:
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


def read_unpacked(path: Path, size_of: Callable[[bytes], int] | None = None) -> bytes:
    """The content of a file, decompressed if gzip or xz wrote it; see `aecli.files.packed`.

    Raises:
        DataError: it cannot be read or decompressed.
    """
    with readable(path):
        return packed.read_unpacked(path, size_of)


def read_start(path: Path, length: int) -> bytes:
    """The first bytes of a file.

    Raises:
        DataError: it cannot be read.
    """
    with readable(path):
        return read_bytes(path, length, head=length)


def files_in(folder: Path) -> list[tuple[str, ...]]:
    """The files in a folder and all folders inside, as parts of their paths from there, sorted; hidden ones left out.

    Raises:
        DataError: a folder may not be read.
    """
    found: list[tuple[str, ...]] = []
    seen: set[str] = set()

    def refuse(error: OSError) -> None:
        raise DataError(f"{error.filename}: cannot be read: {error.strerror or error}") from error

    for place, folders, files in os.walk(folder, onerror=refuse, followlinks=True):
        known = os.path.realpath(place) in seen  # a link to a folder above would go round for ever
        seen.add(os.path.realpath(place))
        folders[:] = [] if known else [name for name in folders if not name.startswith(".")]
        inside = Path(place).relative_to(folder).parts
        found += [] if known else [(*inside, name) for name in files if not name.startswith(".")]
    return sorted(found)


def refuse_archives(path: Path) -> None:
    """Refuse what is compressed where text is expected, by its first bytes.

    Raises:
        DataError: it is compressed, or cannot be read.
    """
    start = read_start(path, len(XZ))
    kinds = {GZIP: "compressed by gzip", XZ: "compressed by xz", b"PK\3\4": "a zip archive or a spreadsheet"}
    for magic, kind in kinds.items():
        if start.startswith(magic):
            remedy = "export it as CSV" if path.suffix.lower().startswith(".xls") else "unpack it first"
            raise DataError(f"{path}: is {kind}, not text; {remedy}")
