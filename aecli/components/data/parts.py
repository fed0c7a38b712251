"""From arrays as they were read to a Dataset: rows, labels, the test split, the scaling.

Shapes: N images or rows, P pixels or columns, C channels, H height, W width.
"""

from collections import Counter
from dataclasses import dataclass, replace

from aecli.components.data.annotations import Array, Scaling, Side
from aecli.components.data.dataset import Dataset, check_rows, content_digest
from aecli.components.data.labels import number_classes
from aecli.components.data.remarks import Remark, classes_found
from aecli.components.data.rows import set_apart
from aecli.components.data.scaling import are_equal, extremes, fit_scaling
from aecli.errors import DataError
from aecli.lazy import np

ALL_EQUAL = "fvu, skill and PCA are undefined on them, and there is nothing to learn: is it the right file?"


@dataclass(frozen=True, eq=False)
class Part:
    """The training or the test rows, of any numeric type, and where they come from."""

    values_NP: Array
    labels_N: Array | None
    """Texts or any numbers as they were read; int64 in a data set."""
    image_shape: tuple[int, int, int] | None
    origin: str
    labels_origin: str = ""
    """Of the labels, where it is another."""


def make_part(
    values: Array,
    labels: Array | None,
    origin: str,
    *,
    height: Side = None,
    width: Side = None,
    labels_origin: str = "",
) -> Part:
    """Rows from an array as people store them.

    Args:
        values: (N, P), (N, H, W) or (N, H, W, C).
        labels: (N,) or (N, 1), whole numbers or texts.
        origin: the file, for messages.
        height: of the images, for (N, P).
        width: of the images, for (N, P).
        labels_origin: where the labels come from, if that is elsewhere.

    Raises:
        DataError: the values are not numbers, or the shape is none of these.
    """
    if values.dtype.kind not in "fiub":
        raise DataError(f"{origin}: is not numeric but of type {values.dtype}; store numbers")
    if not 2 <= values.ndim <= 4 or (values.ndim == 4 and values.shape[3] not in (1, 3)):
        raise DataError(
            f"{origin}: has shape {values.shape}; expected (rows, columns), (images, height, width) "
            "or (images, height, width, channels) with 1 or 3 channels"
        )
    shape = shape_of_images(values, origin, height, width)
    channels_first = values.transpose(0, 3, 1, 2) if values.ndim == 4 else values
    rows_NP = channels_first.reshape(len(values), int(np.prod(channels_first.shape[1:])))  # -1 fails on no rows
    return Part(rows_NP, labels, shape, origin, labels_origin)


def shape_of_images(values: Array, origin: str, height: Side, width: Side) -> tuple[int, int, int] | None:
    """Channels, height and width, from the array or, if it is flat, from what the config says."""
    if (height is None) != (width is None):
        raise DataError(f"{origin}: height and width belong together; give both or none")
    if values.ndim > 2:
        channels, rows, columns = values.shape[3] if values.ndim == 4 else 1, values.shape[1], values.shape[2]
        if height is not None and (height, width) != (rows, columns):
            raise DataError(f"{origin}: images are {rows} x {columns}, not {height} x {width} as height and width say")
        return channels, rows, columns
    if height is None or width is None:
        return None
    channels, rest = divmod(values.shape[1], height * width)
    if rest or channels not in (1, 3):
        raise DataError(
            f"{origin}: rows of {values.shape[1]} values are no {height} x {width} images with 1 or 3 channels; "
            "change height and width"
        )
    return channels, height, width


def assemble(
    name: str,
    train: Part,
    test: Part | None,
    *,
    scaling: Scaling = "auto",
    test_share: float = 0.2,
    columns: list[str] | None = None,
    remarks: tuple[Remark, ...] = (),
) -> Dataset:
    """A data set from its parts, whose memory it takes; without a test part, a share of the rows becomes one.

    Raises:
        DataError: a part breaks a rule of check_rows, or the parts do not fit together.
    """
    train, test, classes = with_numbered_classes(train, test)
    if classes is not None:
        origin = train.origin if test is None else f"{train.origin} and {test.origin}"
        remarks = (*remarks, classes_found(origin, class_sizes(train, test, classes)))
    check_rows(train.values_NP, train.labels_N, train.origin, fewest=3 if test is None else 2)
    if test is None:
        train, test = hold_out(train, test_share)
    else:
        check_rows(test.values_NP, test.labels_N, test.origin, fewest=1)
        check_alike(train, test)
    original = train
    if scaling != "auto" or train.values_NP.dtype != np.uint8:
        train, test = to_float32(train), to_float32(test)
    if are_equal(train.values_NP):
        remarks = (*remarks, Remark("all-equal", f"{train.origin}: all training rows are equal", ALL_EQUAL))
    digest = content_digest(train.values_NP, train.labels_N, test.values_NP, test.labels_N)
    is_table = train.image_shape is None
    fitted = fit_scaling(scaling, train.values_NP, per_column=is_table)
    if is_table and "offset" in fitted:
        check_resolution(original, columns)
    if not np.isfinite(fitted.get("scale", [1])).all():
        raise DataError(f"{train.origin}: the values span more than 32-bit numbers hold; divide them by a constant")
    return Dataset(
        name,
        train.values_NP,
        train.labels_N,
        test.values_NP,
        test.labels_N,
        image_shape=train.image_shape,
        sha256=digest,
        scaling=fitted,
        columns=columns,
        movable=True,
        classes=classes,
        remarks=remarks,
    )


def with_numbered_classes(train: Part, test: Part | None) -> tuple[Part, Part | None, dict[int, str] | None]:
    """The parts with labels as numbers, and the names of the numbers where the labels were texts."""
    parts = [train] if test is None else [train, test]
    labels, classes = number_classes(
        [part.labels_N for part in parts], [part.labels_origin or part.origin for part in parts]
    )
    train, *rest = (replace(part, labels_N=numbers) for part, numbers in zip(parts, labels, strict=True))
    return train, rest[0] if rest else None, classes


def class_sizes(train: Part, test: Part | None, classes: dict[int, str]) -> dict[str, int]:
    """How many rows each class has in all parts."""
    counts: Counter[int] = Counter()
    for part in (train, test):
        if part is not None and part.labels_N is not None:
            numbers, rows = np.unique(part.labels_N, return_counts=True)
            counts.update(dict(zip(numbers.tolist(), rows.tolist(), strict=True)))
    return {name: counts[number] for number, name in classes.items()}


def hold_out(part: Part, share: float) -> tuple[Part, Part]:
    """Training and test rows, each in their order; the draw is fixed: it is the same for every seed of a run.

    The rows are moved within the part's own memory.
    """
    rows = len(part.values_NP)
    count = min(max(round(rows * share), 1), rows - 2)
    order = np.random.default_rng(0).permutation(rows)
    chosen = np.sort(order[count:]), np.sort(order[:count])
    values = set_apart(part.values_NP, *chosen, in_place=True)
    labels = [None if part.labels_N is None else part.labels_N[rows] for rows in chosen]
    train, test = (replace(part, values_NP=values[i], labels_N=labels[i]) for i in (0, 1))
    return train, test


def check_alike(train: Part, test: Part) -> None:
    """Refuse a test part of another width, shape or kind than the training part."""
    for noun, ours, theirs in (
        ("columns or pixels", train.values_NP.shape[1], test.values_NP.shape[1]),
        ("channels, height, width", train.image_shape, test.image_shape),
        ("type", kind_of(train), kind_of(test)),
    ):
        if ours != theirs:
            raise DataError(f"{test.origin}: {noun} {theirs}, but {train.origin} has {ours}; both parts must be alike")


def kind_of(part: Part) -> str:
    """Bytes are divided by 255 and other numbers are not, so the two cannot be mixed."""
    return "bytes" if part.values_NP.dtype == np.uint8 else "other numbers"


def check_resolution(part: Part, columns: list[str] | None) -> None:
    """Refuse a column such as a time stamp, whose differences 32-bit numbers would lose without a word."""
    if part.values_NP.dtype.itemsize < 4:
        return
    low_P, high_P = (extreme.astype(np.float64) for extreme in extremes(part.values_NP, per_column=True))
    spread_P, largest_P = high_P - low_P, np.maximum(abs(low_P), abs(high_P))
    for column in np.flatnonzero((spread_P > 0) & (spread_P < 1e-4 * largest_P)):  # few: only these are looked at whole
        values_N = part.values_NP[:, column].astype(np.float64)
        if abs(values_N - values_N.astype(np.float32)).max() > 1e-3 * spread_P[column]:
            label = f'"{columns[column]}"' if columns else str(column)
            raise DataError(
                f"{part.origin}: column {label}: its values differ by less than 32-bit numbers resolve; "
                "subtract a constant from it, or remove it"
            )


def to_float32(part: Part) -> Part:
    """The part in the type that models compute in.

    Raises:
        DataError: a value is too large for it.
    """
    with np.errstate(over="ignore"):
        values_NP = part.values_NP.astype(np.float32, copy=False)
    if not np.isfinite(values_NP).all():
        raise DataError(f"{part.origin}: holds values beyond 3.4e38, which 32-bit numbers cannot hold; divide them")
    return Part(values_NP, part.labels_N, part.image_shape, part.origin)
