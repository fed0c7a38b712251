"""IDX, the format of MNIST and its relatives: reading one file."""

import math
from pathlib import Path

from aecli.components.data.annotations import Array
from aecli.components.data.files import read_unpacked
from aecli.errors import DataError
from aecli.lazy import np

ELEMENT_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
MOST_DIMENSIONS = 8
HEADER = 4 + 4 * MOST_DIMENSIONS


def parse_idx(content: Array, origin: str) -> Array:
    """The array in an IDX file; bytes are a view of the content, other types a copy in the machine's byte order.

    two zero bytes, type, number of dimensions, one big-endian 32-bit size per dimension, elements

    Args:
        content: the whole file as uint8.
        origin: the file, for messages.

    Raises:
        DataError: it is no IDX file, or its length is not what its header says.
    Source: LeCun, Cortes & Burges, the MNIST home page, "The IDX file format"
    """
    dtype, shape, header = read_header(content[:HEADER].tobytes(), origin)
    expected = header + dtype.itemsize * math.prod(shape)
    if len(content) == expected + 1:
        raise DataError(f"{origin}: holds more bytes than the {expected} of its header; copy or download it again")
    if len(content) != expected:
        raise DataError(
            f"{origin}: holds {len(content)} bytes, but its header says {expected}; copy or download it again"
        )
    return content[header:].view(dtype).reshape(shape).astype(dtype.newbyteorder("="), copy=False)


def read_header(start: bytes, origin: str) -> "tuple[np.dtype, tuple[int, ...], int]":
    """The type and the shape of the array in an IDX file, and the bytes of its header.

    Raises:
        DataError: there is no such header.
    """
    if len(start) < 4 or start[:2] != b"\0\0" or start[2] not in ELEMENT_TYPES or start[3] == 0:
        raise DataError(f'{origin}: is no IDX file: it starts with the bytes "{start[:4].hex(" ")}"')
    if start[3] > MOST_DIMENSIONS:
        raise DataError(f"{origin}: has {start[3]} dimensions; images have 2 to 4: number, channels, height, width")
    header = 4 + 4 * start[3]
    sizes = start[4:header]
    if len(sizes) < 4 * start[3]:
        raise DataError(f"{origin}: is incomplete: it ends within its header; copy or download it again")
    shape = tuple(int.from_bytes(sizes[i : i + 4], "big") for i in range(0, len(sizes), 4))
    return np.dtype(ELEMENT_TYPES[start[2]]), shape, header


def read_idx(path: Path) -> Array:
    """The array in an IDX file that may be compressed by gzip or xz.

    Raises:
        DataError: the file cannot be read, or is no IDX file.
    """

    def size_of(start: bytes) -> int:
        dtype, shape, header = read_header(start, str(path))
        return header + dtype.itemsize * math.prod(shape)

    return parse_idx(np.frombuffer(read_unpacked(path, size_of), np.uint8), str(path))
