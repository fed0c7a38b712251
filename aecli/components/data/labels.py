"""Class labels: from what people write to int64 numbers, the same in every process, with the names that were given."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from aecli.components.data.annotations import Array
from aecli.errors import DataError
from aecli.lazy import np

PLAIN = re.compile(r"[+-]?(0|[1-9]\d*)(\.0*)?")
"""A whole number as people count; 007 is a text."""
MOST = 1000
"""Names of classes that are kept; more are no classes."""


def number_classes(
    labels: Sequence[Array | None], origins: Sequence[str]
) -> tuple[list[Array | None], dict[int, str] | None]:
    """Labels of all parts as int64, numbered alike, and the name of each number where texts were given.

    Args:
        labels: of each part, as they were stored; texts may be Python objects.
        origins: where they come from, for messages.

    Raises:
        DataError: another shape, or numbers that are not whole.
    """
    texts = [None if one is None else as_texts(one) for one in labels]
    given = [
        None if one is None or text is not None else as_labels(one, origin)
        for one, text, origin in zip(labels, texts, origins, strict=True)
    ]
    if all(one is None for one in texts):
        return given, None
    for index, one in enumerate(given):
        if one is not None:  # numbers in one part, texts in another
            texts[index] = [str(number) for number in one.tolist()]
    numbers = class_numbers(cell for cells in texts for cell in cells or ())
    names: dict[int, str] = {}
    for text in sorted(numbers, key=lambda text: (len(text), text)):
        names.setdefault(numbers[text], text)
    numbered = [None if cells is None else np.array([numbers[cell] for cell in cells], np.int64) for cells in texts]
    return numbered, dict(sorted(names.items())) if len(names) <= MOST else None


def as_texts(labels: Array) -> list[str] | None:
    """The labels as texts; nothing if they are numbers.

    Example:
        >>> as_texts(np.array([b"cat", b"dog"]))
        ['cat', 'dog']
    """
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1 or labels.dtype.kind not in "USO":
        return None
    cells = labels.tolist()
    return [cell.decode(errors="replace") if isinstance(cell, bytes) else str(cell) for cell in cells]


def as_labels(labels: Array, origin: str) -> Array:
    """Whole numbers as int64 (N,), as they were given.

    Raises:
        DataError: another shape, or labels that are no whole numbers.
    """
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise DataError(f"{origin}: labels have shape {labels.shape}; expected one label per row, not one-hot rows")
    if labels.dtype.kind not in "fiub":
        raise DataError(f"{origin}: labels are of type {labels.dtype}; expected whole numbers or texts")
    with np.errstate(invalid="ignore"):  # NaN has no whole number; the comparison finds it
        whole_N = labels.astype(np.int64)
        wrong_N = (whole_N != labels) | ((labels > 0) != (whole_N > 0))
    if wrong_N.any():
        row = int(np.argmax(wrong_N))
        raise DataError(
            f"{origin}: labels must be whole numbers of 64 bits: {labels[row]} in row {row} (counted from 0)"
        )
    return whole_N


def class_numbers(cells: Iterable[str]) -> dict[str, int]:
    """The number of each label: whole numbers as given, else its place in sorted order, numbers by their size.

    Two ways to write a number are one class if people count so (1 and 1.0), and else texts (007 and 7).

    Example:
        >>> class_numbers(["10", "9", "1.0", "1"]) == {"1": 1, "1.0": 1, "9": 9, "10": 10}
        True
        >>> class_numbers(["7", "007", "8"])
        {'007': 0, '7': 1, '8': 2}
        >>> class_numbers(["nan", "2.5", "1e3", "NaN"])
        {'2.5': 0, '1e3': 1, 'NaN': 2, 'nan': 3}
    """
    texts = sorted(set(cells))
    if not all(map(is_number, texts)):
        return {text: index for index, text in enumerate(texts)}
    values = {text: exact(text) for text in texts}
    if all(map(is_whole, values.values())) and not written_apart(values):
        return {text: int(value) for text, value in values.items()}
    order = sorted(texts, key=lambda text: (values[text].is_nan(), 0 if values[text].is_nan() else values[text], text))
    return {text: index for index, text in enumerate(order)}


def is_number(cell: str) -> bool:
    """Whether numpy would read it as a number; Python alone also takes 1_000 and digits of other scripts."""
    try:
        float(cell)
    except ValueError:
        return False
    return cell.isascii() and "_" not in cell


def exact(text: str) -> Decimal:
    """The number that a text says, without rounding."""
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent beyond all bounds
        return Decimal(float(text))


def is_whole(value: Decimal) -> bool:
    """Whether it is a whole number that 64 bits hold."""
    return value.is_finite() and -(2**63) <= value < 2**63 and value == int(value)


def written_apart(values: Mapping[str, Decimal]) -> bool:
    """Whether two texts say the same number and one of them is not how people count."""
    first: dict[Decimal, str] = {}
    pairs = [(first.setdefault(value, text), text) for text, value in values.items()]
    return any(one != other and not (PLAIN.fullmatch(one) and PLAIN.fullmatch(other)) for one, other in pairs)
