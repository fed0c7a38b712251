"""Tables in CSV files as data sets.

numpy reads them at once; only a table that it refuses is walked cell by cell, to say what is wrong and where.

Shapes: N rows, P columns of numbers.
"""

import csv as csv_module
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from aecli.components.data.annotations import Array, Share
from aecli.components.data.dataset import Dataset, dataset
from aecli.components.data.files import existing_file, readable
from aecli.components.data.parts import Part, assemble
from aecli.errors import DataError
from aecli.lazy import np

SHOWN = 5
"""Bad cells that a message lists."""


@dataclass(frozen=True, eq=False)
class Table:
    """The content of one file: numbers, and the cells of the label column as text."""

    path: Path
    columns: list[str]
    values_NP: Array
    labels: list[str] | None


@dataset()
def csv(
    *,
    file: str,
    label: str | None = None,
    test_file: str | None = None,
    delimiter: str = ",",
    scaling: Literal["minmax", "standard", "none"] = "minmax",
    test_share: Share = 0.2,
) -> Dataset:
    """Tables of numbers in CSV files with a header row, UTF-8.

    one row per line; every column but the label column holds finite numbers

    Args:
        file: training rows; relative to where the command runs.
        label: the column with the classes; whole numbers are kept, anything else becomes the index of the class in
            sorted order.
        test_file: test rows, with the same header.
        delimiter: the character between cells.
        scaling: of each column, fitted on the training rows.
        test_share: share of the rows that becomes the test split if there is no test_file; the draw is fixed, the same
            for every seed.

    Source: RFC 4180
    """
    train = read_table(existing_file(file), label, delimiter)
    test = None if test_file is None else read_table(existing_file(test_file), label, delimiter)
    if test is not None and test.columns != train.columns:
        raise DataError(f"{test.path}:1: the columns are not those of {train.path}, in the same order")
    tables = [train] if test is None else [train, test]
    parts = [
        Part(table.values_NP, labels_N, None, str(table.path))
        for table, labels_N in zip(tables, class_numbers([table.labels for table in tables]), strict=True)
    ]
    test_part = parts[1] if len(parts) == 2 else None
    return assemble("csv", parts[0], test_part, scaling=scaling, test_share=test_share, columns=train.columns)


def read_table(path: Path, label: str | None, delimiter: str) -> Table:
    """One CSV file.

    Raises:
        DataError: the header or a cell is not as it must be; the message has the line and the column.
    """
    if len(delimiter) != 1 or delimiter in '\r\n"':
        raise DataError(f'{path}: delimiter must be one character, such as ","')
    with readable(path), path.open(encoding="utf-8-sig", newline="") as stream:
        try:
            columns = read_header(csv_module.reader(stream, delimiter=delimiter), path, label)
            position = columns.index(label) if label is not None else None
            values_NP, labels = read_rows(stream, delimiter, len(columns), position)
        except UnicodeDecodeError as error:
            raise DataError(f"{path}: is not UTF-8 text: {error.reason}; save it as UTF-8") from error
        except csv_module.Error as error:
            raise DataError(f"{path}: cannot be read as CSV: {error}") from error
        except ValueError as error:
            stream.seek(0)
            raise explain(path, csv_module.reader(stream, delimiter=delimiter), label, error) from error
    if len(values_NP) == 0:
        raise DataError(f"{path}: has a header but no rows")
    return Table(path, [column for column in columns if column != label], values_NP, labels)


def read_header(rows: Iterator[list[str]], path: Path, label: str | None) -> list[str]:
    """The names of the columns, all different, with the label column among them."""
    columns = [cell.strip() for cell in next(rows, [])]
    if not columns:
        raise DataError(f"{path}: is empty, or starts with an empty line; expected a header row")
    if all(is_number(cell) for cell in columns):
        raise DataError(f"{path}:1: the header is missing: the first row holds only numbers; add a row of column names")
    if twice := [name for name, count in Counter(columns).items() if count > 1]:
        raise DataError(f'{path}:1: column "{twice[0]}" is there twice; rename one')
    if label is not None and label not in columns:
        raise DataError(f'{path}:1: no label column "{label}"; columns: {", ".join(columns)}')
    if label is not None and len(columns) == 1:
        raise DataError(f'{path}:1: has no column besides the label "{label}"; there is nothing to reconstruct')
    return columns


def read_rows(stream: Iterator[str], delimiter: str, width: int, label: int | None) -> tuple[Array, list[str] | None]:
    """All rows after the header, in one call of numpy: about a second for 100,000 x 50.

    Raises:
        ValueError: something in them is not as it must be.
    """
    classes: dict[str, int] = {}

    def number_of(cell: str) -> int:
        return classes.setdefault(cell.strip(), len(classes))

    converters: dict[int | str, Callable[[str], int]] = {} if label is None else {label: number_of}
    first = next((line for line in stream if line.strip()), None)  # numpy warns about no rows
    if first is None:
        return np.empty((0, width)), None
    values_NP = np.loadtxt(
        chain_line(first, stream),
        delimiter=delimiter,
        quotechar='"',
        comments=None,
        ndmin=2,
        encoding=None,
        converters=converters,
    )
    if values_NP.shape[1] != width or not np.isfinite(values_NP).all() or "" in classes:
        raise ValueError("ragged, empty or not finite")
    if label is None:
        return values_NP, None
    names = list(classes)
    return np.delete(values_NP, label, axis=1), [names[int(number)] for number in values_NP[:, label]]


def chain_line(first: str, rest: Iterator[str]) -> Iterator[str]:
    """A line that has been taken from a stream, and the rest of it."""
    yield first
    yield from rest


class CountedRows(Protocol):
    """What csv.reader makes."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...
    def __next__(self) -> list[str]: ...


def explain(path: Path, rows: CountedRows, label: str | None, error: Exception) -> DataError:
    """What is wrong with the rows that numpy refused: the first few places, and their number."""
    header = [cell.strip() for cell in next(rows)]
    found: list[str] = []
    count = 0
    for row in rows:
        for problem in problems_of(row, header, label):
            count += 1
            if len(found) < SHOWN:
                found.append(f"{path}:{rows.line_num}: {problem}")
    if not found:  # numpy and the csv module disagree about the text
        return DataError(f"{path}: cannot be read as a table of numbers: {error}")
    hint = "; is the delimiter right?" if len(header) == 1 and any(sign in header[0] for sign in ";,\t|") else ""
    last = f"{path}: {count} problem{'s' * (count > 1)} in all; correct or remove these rows{hint}"
    return DataError("\n".join([*found, last]))


def problems_of(row: list[str], header: list[str], label: str | None) -> Iterator[str]:
    """What is wrong with one row."""
    if row and len(row) != len(header):
        yield f"{len(row)} cells, but the header has {len(header)}"
    elif row:
        for name, cell in zip(header, row, strict=True):
            if not cell.strip():
                yield f'column "{name}": empty cell'
            elif name != label and not is_number(cell):
                yield f'column "{name}": not a number: "{cell}"'
            elif name != label and not np.isfinite(float(cell)):
                yield f'column "{name}": not a finite number: "{cell}"'


def is_number(cell: str) -> bool:
    """Whether numpy would read it as a number; Python alone also takes 1_000 and digits of other scripts."""
    try:
        float(cell)
    except ValueError:
        return False
    return cell.isascii() and "_" not in cell


def class_numbers(labels: list[list[str] | None]) -> list[Array | None]:
    """Labels as int64, the same numbers in all tables: whole numbers as given, else indices in sorted order."""
    given = [cells for cells in labels if cells is not None]
    if not given:
        return [None] * len(labels)
    names = set().union(*given)
    if all(is_number(name) and float(name).is_integer() and abs(float(name)) < 2**53 for name in names):
        numbers = {name: int(float(name)) for name in names}
    else:
        order = sorted(names, key=float if all(map(is_number, names)) else str)
        numbers = {name: index for index, name in enumerate(order)}
    return [None if cells is None else np.array([numbers[cell] for cell in cells], np.int64) for cells in labels]
