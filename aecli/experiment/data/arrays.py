"""NumPy's .npy and .npz files as data sets; nothing in them is ever executed."""

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from aecli.errors import DataError
from aecli.experiment.data.annotations import Array, Scaling, Share, Side
from aecli.experiment.data.dataset import Dataset, dataset
from aecli.experiment.data.files import existing_file, readable
from aecli.experiment.data.parts import assemble, make_part
from aecli.lazy import np

BAD_ARRAY = (ValueError, SyntaxError, TypeError, MemoryError, OverflowError)
"""What numpy raises about a header or a length that is wrong."""
BAD_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError)
"""What zipfile raises about an archive that is damaged, encrypted or of an unknown compression."""

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
        labels: whole numbers, (N,).
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
        make_part(read_npy(rows), None if names is None else read_npy(names), rows, height=height, width=width)
        for rows, names in ((file, labels), (test_file, test_labels))
        if rows is not None
    ]
    test = parts[1] if len(parts) == 2 else None
    return assemble("npy", parts[0], test, scaling=scaling, test_share=test_share)


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
    arrays = read_npz(path)
    suffix = "_train" if "x_train" in arrays else ""
    if "y_test" in arrays and "x_test" not in arrays:
        raise DataError(f"{path}: holds y_test without x_test; add the test rows too")
    train = make_part(arrays[f"x{suffix}"], arrays.get(f"y{suffix}"), f"{path}, x{suffix}", height=height, width=width)
    test = None
    if "x_test" in arrays:
        test = make_part(arrays["x_test"], arrays.get("y_test"), f"{path}, x_test", height=height, width=width)
    return assemble("npz", train, test, scaling=scaling, test_share=test_share)


def read_npy(text: str) -> Array:
    """The array in a .npy file.

    Raises:
        DataError: it cannot be read, is no .npy file, holds objects, or is longer or shorter than its header says.
    """
    path = existing_file(text)
    refuse_other_formats(path, b"\x93NUMPY", "numpy.save")
    try:
        with readable(path):
            mapped = np.load(path, mmap_mode="r", allow_pickle=False)  # mapped: a wrong header allocates nothing
    except BAD_ARRAY as error:
        raise damaged(path, error) from error
    if path.stat().st_size != mapped.offset + mapped.nbytes:
        raise DataError(f"{path}: has bytes after the array; store one array per file")
    return np.array(mapped)  # a copy: the file may change while the run reads it


def read_npz(path: Path) -> Mapping[str, Array]:
    """The arrays of a .npz file that make up a data set, by name.

    Raises:
        DataError: it cannot be read, is no .npz file, holds objects, or no rows under a known name.
    """
    refuse_other_formats(path, b"PK", "numpy.savez")
    try:
        with readable(path), np.load(path, allow_pickle=False) as archive:
            if not {"x_train", "x"} & set(archive.files):
                raise DataError(f"{path}: holds no x_train and no x, but: {', '.join(archive.files)}; rename the arrays")
            return {name: archive[name] for name in archive.files if name in KEYS}
    except (*BAD_ARRAY, *BAD_ARCHIVE) as error:
        raise damaged(path, error) from error


def refuse_other_formats(path: Path, magic: bytes, writer: str) -> None:
    """Refuse what numpy.load would take for a pickle or for its other format."""
    with readable(path), path.open("rb") as stream:
        start = stream.read(len(magic))
    if not start:
        raise DataError(f"{path}: is empty")
    if start != magic:
        raise DataError(f"{path}: is not a file that {writer} wrote; pickles are never loaded")


def damaged(path: Path, error: Exception) -> DataError:
    """The refusal of a file that numpy cannot read; an array of objects is a pickle in disguise."""
    if "object" in str(error).lower():
        return DataError(f"{path}: holds Python objects, which are never loaded; store an array of numbers")
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return DataError(f"{path}: is damaged or incomplete: {reason}; write or copy it again")
