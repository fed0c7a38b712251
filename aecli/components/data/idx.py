"""IDX, the format of MNIST and its relatives: reading one file."""

import math
from pathlib import Path

from aecli.components.data.annotations import Array
from aecli.components.data.files import read_bytes
from aecli.errors import DataError
from aecli.lazy import np

ELEMENT_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


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
    start = content[:4].tobytes()
    if len(start) < 4 or start[:2] != b"\0\0" or start[2] not in ELEMENT_TYPES or start[3] == 0:
        raise DataError(f'{origin}: is no IDX file: it starts with the bytes "{start.hex(" ")}"')
    dtype, header = np.dtype(ELEMENT_TYPES[start[2]]), 4 + 4 * start[3]
    sizes = content[4:header].tobytes()
    if len(sizes) < 4 * start[3]:
        raise DataError(f"{origin}: is incomplete: it ends within its header; copy or download it again")
    shape = tuple(int.from_bytes(sizes[i : i + 4], "big") for i in range(0, len(sizes), 4))
    expected = header + dtype.itemsize * math.prod(shape)
    if len(content) != expected:
        raise DataError(
            f"{origin}: holds {len(content)} bytes, but its header says {expected}; copy or download it again"
        )
    return content[header:].view(dtype).reshape(shape).astype(dtype.newbyteorder("="), copy=False)


def read_idx(path: Path) -> Array:
    """The array in an IDX file that may be compressed by gzip or xz.

    Raises:
        DataError: the file cannot be read, or is no IDX file.
    """
    return parse_idx(np.frombuffer(read_bytes(path), np.uint8), str(path))
