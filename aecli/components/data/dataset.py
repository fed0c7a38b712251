"""What a data set is to the rest of the program, the registry of their names, and the rules that every one obeys.

Shapes: N images or rows, P pixels or columns; pixels are flattened in the order channels, height, width.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from aecli.components.data.annotations import Array
from aecli.components.data.remarks import Remark
from aecli.components.data.scaling import in_unit_range
from aecli.components.requirements import Rows
from aecli.errors import DataError
from aecli.lazy import LazyModule, np
from aecli.registry import Facts, Function, Registry

hashlib = LazyModule("hashlib")

DATASETS: Registry[Facts] = Registry("dataset")


def dataset(*, name: str | None = None) -> Callable[[Function], Function]:
    """Decorator: enrol a function that loads a data set, under its own name unless another one is given."""
    return DATASETS.register(Facts(), name=name)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Training and test rows as they are stored, and how stored values become model values."""

    name: str
    """Its name in the YAML."""
    train_NP: Array
    """uint8 for images stored as bytes, else float32; read-only where it is a mapped file."""
    train_labels_N: Array | None
    """int64, or nothing."""
    test_NP: Array
    """Of the same type and width as the training rows."""
    test_labels_N: Array | None
    """int64, or nothing."""
    image_shape: tuple[int, int, int] | None
    """Channels, height, width; nothing for tables."""
    sha256: str
    """Digest of the arrays' types, shapes and bytes, labels included: see content_digest."""
    scaling: dict[str, Any]
    """`{"kind": "bytes", "divide_by": 255}`, `{"kind": "none"}`, or `minmax` or `standard` with `offset` and `scale`:
    model value = (stored value - offset) / scale. Both are lists: one number per column, or one for all pixels."""
    columns: list[str] | None = None
    """Names of the columns, for tables that have them."""
    movable: bool = False
    """Whether writable rows may be moved and scaled where they are, since nobody else reads them."""
    classes: dict[int, str] | None = None
    """What the numbers of the labels stand for, where they were given as texts."""
    remarks: tuple[Remark, ...] = ()
    """What is worth saying: what was left out, which classes were found."""

    @property
    def size(self) -> int:
        """Pixels per image, or columns."""
        size: int = self.train_NP.shape[1]
        return size

    @cached_property
    def rows(self) -> Rows:
        """What components may ask of the rows before they are moved and scaled."""
        train, test = (in_unit_range(values_NP, self.scaling) for values_NP in (self.train_NP, self.test_NP))
        return Rows(self.name, self.size, self.image_shape, train, train and test)


def load_dataset(name: str, params: Mapping[str, Any]) -> Dataset:
    """Load a registered data set and check what the rest of the program relies on.

    Args:
        name: a name from `aecli list datasets`.
        params: the data set's own parameters, as the config has checked them.

    Returns: the data set: finite values, at least 2 training rows and 1 test row, widths and labels that agree.

    Raises:
        DataError: data is missing, damaged, or breaks one of these rules.
    """
    origin = str(params.get("file") or params.get("folder") or name)
    try:
        loaded: Dataset = DATASETS[name].function(**params)
    except OSError as error:  # a folder that may not be looked into, a disk that fails
        raise DataError(f"{error.filename or origin}: cannot be read: {error.strerror or error}") from error
    check_rows(loaded.train_NP, loaded.train_labels_N, f"{origin}, training part", fewest=2)
    check_rows(loaded.test_NP, loaded.test_labels_N, f"{origin}, test part", fewest=1)
    if loaded.test_NP.shape[1:] != (loaded.size,) or loaded.test_NP.dtype != loaded.train_NP.dtype:
        raise DataError(f"{origin}: the training and the test part differ in width or type")
    if loaded.image_shape and math.prod(loaded.image_shape) != loaded.size:
        raise DataError(f"{origin}: {loaded.size} pixels are no image of shape {loaded.image_shape}")
    return loaded


def check_rows(values_NP: Array, labels_N: Array | None, origin: str, *, fewest: int) -> None:
    """Refuse rows nothing can be trained or measured on.

    Args:
        values_NP: the rows, two-dimensional.
        labels_N: their labels, if there are any.
        origin: where they come from; the start of the message.
        fewest: the smallest number of rows that will do.

    Raises:
        DataError: no columns, too few rows, another number of labels than rows, or values that are not finite.
    """
    rows, columns = values_NP.shape
    if rows < fewest:
        raise DataError(f"{origin}: has {rows} rows; at least {fewest} are needed")
    if columns == 0:
        raise DataError(f"{origin}: has rows without any column; there is nothing to reconstruct")
    if labels_N is not None and len(labels_N) != rows:
        raise DataError(f"{origin}: {rows} rows but {len(labels_N)} labels; every row needs one label")
    if values_NP.dtype.kind == "f" and not (finite_NP := np.isfinite(values_NP)).all():
        row, column = (int(i) for i in np.argwhere(~finite_NP)[0])
        count = int(finite_NP.size - finite_NP.sum())
        raise DataError(
            f"{origin}: values that are NaN or infinite: {count}, the first in row {row}, column {column} "
            "(counted from 0); remove or replace them"
        )


def content_digest(*arrays: Array | None) -> str:
    """SHA-256 over arrays: of each its type, its shape and its bytes in C order; `none` where there is no array.

    The same content has the same digest, whatever kind of file it came from and whatever the machine's byte order.
    """
    digest = hashlib.sha256()
    for array in arrays:
        if array is None:
            digest.update(b"none;")
            continue
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        digest.update(f"{little.dtype.str} {array.shape};".encode())
        digest.update(little)
    text: str = digest.hexdigest()
    return text
