"""Files that gzip or xz may have compressed: read as far as is wanted, and never more than any real data unpacks to."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import IO

from aecli.files.reading import MIB, open_file
from aecli.lazy import LazyModule

gzip, lzma = map(LazyModule, ("gzip", "lzma"))  # 20 ms that `aecli list` does not need

GZIP, XZ = b"\x1f\x8b", b"\xfd7zXZ\0"
"""What compressed files begin with."""
WORTH, LOOSEST = 256 * MIB, 100
"""More bytes than that are read only if they are at most so many times those on the disk; images pack 2 to 20 : 1."""
HEAD, STEP = 2**12, 2**24


def read_unpacked(path: Path, size_of: Callable[[bytes], int] | None = None) -> bytes:
    """The content of a file, decompressed if gzip or xz wrote it, whatever it is called.

    Args:
        path: the file.
        size_of: from the first 4,096 bytes, how many there have to be in all; of more, one byte is read.

    Raises:
        OSError: it cannot be read, or would unpack to more than any real data does.
        EOFError, zlib.error, lzma.LZMAError: it is damaged.
    """
    with open_file(path) as file:
        packed = file.seek(0, 2)
        file.seek(0)
        start = file.read(len(XZ))
        file.seek(0)
        if not start.startswith((GZIP, XZ)):
            return file.read()
        unpack = gzip.open if start.startswith(GZIP) else lzma.open
        with unpack(file, "rb") as stream:
            return read_some(stream, packed, size_of, path)


def read_some(stream: IO[bytes], packed: int, size_of: Callable[[bytes], int] | None, path: Path) -> bytes:
    """The content of a compressed stream, in steps; see `read_unpacked`."""
    content = bytearray(stream.read(HEAD))
    wanted = None if size_of is None else size_of(bytes(content)) + 1
    while wanted is None or len(content) < wanted:
        step = stream.read(STEP if wanted is None else min(STEP, wanted - len(content)))
        if not step:
            break
        content += step
        if is_bomb(len(content), packed):
            raise unpacks_to_too_much(path)
    return bytes(content)


def is_bomb(unpacked: int, packed: int) -> bool:
    """Whether no real data becomes so much of so little."""
    return unpacked > max(WORTH, LOOSEST * packed)


def unpacks_to_too_much(path: Path) -> OSError:
    """The error for such a file."""
    told = f"unpacks to more than {LOOSEST} times its size, as no real data does; if it is yours, unpack it yourself"
    return OSError(errno.EFBIG, told, str(path))
