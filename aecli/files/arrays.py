"""Arrays out of .npy and .npz files: what a header claims is compared with what is there before memory is taken.

Only numbers, truth values and texts of a fixed length are read; nothing is unpickled.
"""

import math
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path
from typing import IO

from aecli.files.reading import MIB, open_file
from aecli.lazy import np

MOST = 256 * MIB
"""Bytes of all arrays that are asked for, in memory."""
STEP = 2**20
SUFFIX = ".npy"
KINDS = "biufcSU"
"""Truth values, numbers, and texts of a fixed length."""


class BadArrays(ValueError):
    """A file of arrays is damaged, claims what it does not have, or holds something else; with the reason."""


def read_archive(
    path: Path, keys: Collection[str] | None = None, *, most: int = MOST, below: Path | None = None
) -> "dict[str, np.ndarray]":
    """Arrays of an .npz file.

    Args:
        path: the file.
        keys: names of those that are wanted; all if not given.
        most: bytes that they may have together.
        below: see `open_file`.

    Raises:
        OSError: the file cannot be read, see `open_file`.
        BadArrays: one is missing or is not what it claims to be, or they are too large together.
    """
    with open_file(path, below=below) as file:
        return read_members(file, keys, most)


def names_in(file: IO[bytes]) -> list[str]:
    """The names of the arrays in an .npz file that is open.

    Raises:
        BadArrays: it is no archive.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return [name.removesuffix(SUFFIX) for name in archive.namelist()]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise BadArrays(f"is damaged or incomplete: {error}") from None


def read_members(file: IO[bytes], keys: Collection[str] | None, most: int) -> "dict[str, np.ndarray]":
    """The same of a file that is open.

    Raises:
        BadArrays: see `read_archive`.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = {name.removesuffix(SUFFIX): archive.getinfo(name) for name in archive.namelist()}
            wanted = list(members) if keys is None else list(keys)
            if missing := [key for key in wanted if key not in members]:
                raise BadArrays(f"has no {missing[0]}")
            if sum(members[key].file_size for key in wanted) > most:
                raise BadArrays(f"has more than {most / MIB:,.0f} MiB of arrays")
            found = {}
            for key in wanted:
                with archive.open(members[key]) as member:
                    found[key] = read_named(key, member, members[key].file_size)
            return found
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError) as error:
        raise BadArrays(f"is damaged or incomplete: {error}") from None


def read_named(name: str, file: IO[bytes], size: int) -> "np.ndarray":
    """One array of several; see `read_array`.

    Raises:
        BadArrays: with its name.
    """
    try:
        return read_array(file, size)
    except BadArrays as error:
        raise BadArrays(f"{name}: {error}") from None


def read_array(file: IO[bytes], size: int) -> "np.ndarray":
    """One array in numpy's format.

    Args:
        file: at its beginning.
        size: bytes that there are.

    Raises:
        BadArrays: its header claims more or less than there is, or Python objects.
    """
    from numpy.lib import format as npy

    try:
        version = npy.read_magic(file)
    except ValueError:
        raise BadArrays("is no array; pickles are never loaded") from None
    try:
        read_header = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}[version]
        shape, fortran_order, dtype = read_header(file)
    except KeyError:
        raise BadArrays("has a version of numpy's format that nobody needs") from None
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError) as error:
        raise BadArrays(f"has no header of numpy's: {error}".splitlines()[0]) from None
    if dtype.hasobject:
        raise BadArrays("holds Python objects, which are never loaded")
    if dtype.kind not in KINDS or not dtype.itemsize:
        raise BadArrays("holds neither numbers nor texts")
    claimed = math.prod(shape) * dtype.itemsize
    if any(length < 0 for length in shape) or claimed > size:
        raise BadArrays(f"claims {claimed:,} bytes of numbers and has fewer")
    flat = np.empty(math.prod(shape), dtype)
    if (there := fill(flat.view(np.uint8).data if claimed else memoryview(b""), file)) != claimed:
        raise BadArrays(f"claims {claimed:,} bytes of numbers and has {there:,}")
    return flat.reshape(shape, order="F" if fortran_order else "C")


def fill(buffer: memoryview, file: IO[bytes]) -> int:
    """Read into memory that is there already; how many bytes came."""
    there = 0
    while there < len(buffer) and (content := file.read(min(STEP, len(buffer) - there))):
        buffer[there : there + len(content)] = content
        there += len(content)
    return there
