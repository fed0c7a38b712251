"""NumPy's .npy and .npz files as data sets; nothing in them is ever executed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from aecli.components.data.annotations import Array, Scaling, Share, Side
from aecli.components.data.dataset import Dataset, dataset
from aecli.components.data.files import existing_file, read_start, readable
from aecli.components.data.parts import Part, assemble, make_part
from aecli.components.data.remarks import unused
from aecli.components.data.roles import parts_beside
from aecli.errors import DataError
from aecli.files.arrays import BadArrays, names_in, read_members
from aecli.files.packed import GZIP, LOOSEST, WORTH, XZ
from aecli.files.reading import open_file
from aecli.lazy import np
from aecli.text import several

NPY = b"\x93NUMPY"
"""What .npy files begin with."""
KEYS = ("x_train", "y_train", "x_test", "y_test", "x", "y")


@dataset()
def npy(
    *,
    file: str,
    labels: str | None = None,
    test_file: str | None = None,
    test_labels: str | None = None,
    height: Side = None,
    width: Side = None,
    scaling: Scaling = "auto",
    test_share: Share = 0.2,
) -> Dataset:
    """Arrays in .npy files, as numpy.save writes them.

    (N, P), (N, H, W) or (N, H, W, C) with 1 or 3 channels, numbers of any type

    Args:
        file: training rows; relative to where the command runs.
        labels: whole numbers or texts, (N,).
        test_file: test rows.
        test_labels: their labels.
        height: of the images, if the rows are flat.
        width: of the images, if the rows are flat.
        scaling: auto divides bytes by 255, keeps values in [0, 1], and else is minmax; per column, or over all pixels
            of images.
        test_share: share of the rows that becomes the test split if there is no test_file; the draw is fixed, the same
            for every seed.

    Source: NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays"
    """
    if test_labels is not None and test_file is None:
        raise DataError(f"{test_labels}: test_labels without test_file; name the test rows too")
    parts = [
        make_part(
            read_npy(rows),
            None if names is None else read_npy(names),
            rows,
            height=height,
            width=width,
            labels_origin=names or "",
        )
        for rows, names in ((file, labels), (test_file, test_labels))
        if rows is not None
    ]
    test = parts[1] if len(parts) == 2 else None
    named = {Path(name).name for name in (labels, test_file, test_labels) if name}
    beside = [name for name in parts_beside(existing_file(file)) if name not in named]
    told = unused(Path(file).parent, beside, "name the test rows as test_file, or move it away")
    return assemble("npy", parts[0], test, scaling=scaling, test_share=test_share, remarks=told)


@dataset()
def npz(
    *, file: str, height: Side = None, width: Side = None, scaling: Scaling = "auto", test_share: Share = 0.2
) -> Dataset:
    """Arrays in one .npz file, as numpy.savez writes it and Keras publishes it.

    x_train, y_train, x_test, y_test; or x, y; only x_train or x must be there

    Args:
        file: the archive; relative to where the command runs.
        height: of the images, if the rows are flat.
        width: of the images, if the rows are flat.
        scaling: auto divides bytes by 255, keeps values in [0, 1], and else is minmax; per column, or over all pixels
            of images.
        test_share: share of the rows that becomes the test split if there is no x_test; the draw is fixed, the same for
            every seed.

    Source: numpy.savez; the keys are those of keras.datasets
    """
    path = existing_file(file)
    arrays, others = read_npz(path)
    suffix = "_train" if "x_train" in arrays else ""
    if "y_test" in arrays and "x_test" not in arrays:
        raise DataError(f"{path}: holds y_test without x_test; add the test rows too")

    def part(suffix: str) -> Part:
        names = f"x{suffix}", f"y{suffix}"
        rows, labels = arrays[names[0]], arrays.get(names[1])
        origins = f"{path}, {names[0]}", f"{path}, {names[1]}"
        return make_part(rows, labels, origins[0], height=height, width=width, labels_origin=origins[1])

    used = {f"{letter}{end}" for letter in "xy" for end in (suffix, "_test")}
    beside = [*others, *(name for name in arrays if name not in used)]
    told = unused(path, beside, f"put rows to train on into x{suffix} and rows to judge on into x_test")
    test = part("_test") if "x_test" in arrays else None
    return assemble("npz", part(suffix), test, scaling=scaling, test_share=test_share, remarks=told)


def read_npy(text: str) -> Array:
    """The array in a .npy file.

    Raises:
        DataError: it cannot be read, is no .npy file, holds objects, or is longer or shorter than its header says.
    """
    path = existing_file(text)
    refuse_other_formats(path, (NPY,), "numpy.save")
    with intact(path):
        mapped = np.load(path, mmap_mode="r", allow_pickle=False)  # mapped: a wrong header allocates nothing
        if path.stat().st_size != mapped.offset + mapped.nbytes:
            raise DataError(f"{path}: has bytes after the array; store one array per file")
        array: Array = np.load(path, allow_pickle=False)  # read whole: the file may change while the run goes on
    return array


def read_npz(path: Path) -> tuple[Mapping[str, Array], list[str]]:
    """The arrays of a .npz file that make up a data set, by name, and the names of the others.

    Raises:
        DataError: it cannot be read, is no .npz file, holds objects, or no rows under a known name.
    """
    refuse_other_formats(path, (b"PK\3\4", b"PK\5\6"), "numpy.savez")
    with intact(path), open_file(path) as stream:
        names = names_in(stream)
        if not {"x_train", "x"} & set(names):
            raise DataError(f"{path}: holds no x_train and no x, but: {several(names)}; rename the arrays")
        most = max(WORTH, LOOSEST * path.stat().st_size)
        arrays = read_members(stream, [name for name in names if name in KEYS], most)
    return arrays, [name for name in names if name not in KEYS]


def refuse_other_formats(path: Path, magics: tuple[bytes, ...], writer: str) -> None:
    """Refuse what numpy.load would take for a pickle or for its other format."""
    start = read_start(path, max(map(len, magics)))
    if not start:
        raise DataError(f"{path}: is empty")
    if start not in magics:
        kinds = {GZIP: "is compressed by gzip; unpack it first", XZ: "is compressed by xz; unpack it first"}
        kinds |= {NPY: "holds one array; read it as name: npy", b"PK\3\4": "is an archive; read it as name: npz"}
        told = next((what for magic, what in kinds.items() if start.startswith(magic)), None)
        raise DataError(f"{path}: {told or f'is not a file that {writer} wrote; pickles are never loaded'}")


@contextmanager
def intact(path: Path) -> Iterator[None]:
    """Turn what numpy raises about a file into a DataError that names it."""
    try:
        with readable(path):
            yield
    except DataError:
        raise
    except BadArrays as error:
        raise DataError(f"{path}: {error}; store numbers") from error
    except Exception as error:  # a damaged header or archive makes numpy, zipfile and tokenize raise a dozen types
        if "object" in str(error).lower():
            raise DataError(f"{path}: holds Python objects, which are never loaded; store numbers") from error
        reason = (str(error) or type(error).__name__).splitlines()[0]
        if isinstance(error, MemoryError):
            raise DataError(
                f"{path}: needs more memory than there is: {reason}; store fewer rows, or write it again if that "
                "cannot be"
            ) from error
        raise DataError(f"{path}: is damaged or incomplete: {reason}; write or copy it again") from error
