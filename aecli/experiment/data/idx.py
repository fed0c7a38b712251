"""IDX, the format of MNIST and its relatives: reading one file, and a folder of them as a data set."""

import math
from pathlib import Path

from aecli.errors import DataError
from aecli.experiment.data.annotations import Array, Scaling, Share
from aecli.experiment.data.dataset import Dataset, dataset
from aecli.experiment.data.files import existing_folder, read_bytes
from aecli.experiment.data.parts import Part, assemble, make_part
from aecli.lazy import np

ELEMENT_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
COMPRESSIONS = (".gz", ".xz")


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


@dataset()
def idx(*, folder: str, scaling: Scaling = "auto", test_share: Share = 0.2) -> Dataset:
    """A folder of IDX files: images or rows of any element type, plain, .gz or .xz.

    *train*images*, *train*labels*, *t10k*images* or *test*images*, *t10k*labels* or *test*labels*; labels and the test
    files may be missing; sizes (N, H, W), (N, H, W, C) or (N, P)

    Args:
        folder: where the files are; relative to where the command runs.
        scaling: auto divides bytes by 255, keeps values in [0, 1], and else is minmax.
        test_share: share of the rows that becomes the test split if there are no test files; the draw is fixed, the
            same for every seed.

    Source: LeCun, Cortes & Burges, the MNIST home page, "The IDX file format"
    """
    root = existing_folder(folder)
    train = read_part(root, ["train"])
    if train is None:
        raise DataError(f"{root}: holds no training images; their file name must match *train*images*")
    return assemble("idx", train, read_part(root, ["t10k", "test"]), scaling=scaling, test_share=test_share)


def read_part(root: Path, words: list[str]) -> Part | None:
    """The images and labels whose file names hold one of the words; nothing if there are no images."""
    images, labels = find(root, words, "images"), find(root, words, "labels")
    if images is None and labels is not None:
        raise DataError(f"{labels}: labels without images; add the file *{words[0]}*images*, or remove the labels")
    if images is None:
        return None
    return make_part(read_idx(images), None if labels is None else read_idx(labels), str(images))


def find(root: Path, words: list[str], what: str) -> Path | None:
    """The one file whose name holds one of the words, followed by `what`; a plain one before a compressed one.

    Raises:
        DataError: several files match.
    """
    matches: dict[str, Path] = {}
    for path in sorted(root.iterdir(), key=lambda path: (path.suffix.lower() in COMPRESSIONS, path.name)):
        name = path.name.lower()
        position = min((name.find(word) for word in words if word in name), default=-1)
        if position >= 0 and what in name[position:] and not name.startswith(".") and path.is_file():
            matches.setdefault(path.stem if path.suffix.lower() in COMPRESSIONS else path.name, path)
    if len(matches) > 1:
        names = ", ".join(path.name for path in matches.values())
        raise DataError(f"{root}: several files match *{words[0]}*{what}*: {names}; keep one of them in the folder")
    return next(iter(matches.values()), None)
