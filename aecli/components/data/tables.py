"""Tables in CSV files as data sets.

numpy reads them at once; only a table that it refuses is walked cell by cell, to say what is wrong and where.

Shapes: N rows, P columns of numbers.
"""

import csv as csv_module
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from aecli.components.data.annotations import Array, Share
from aecli.components.data.dataset import Dataset, dataset
from aecli.components.data.files import existing_file, readable, refuse_archives
from aecli.components.data.labels import is_number
from aecli.components.data.parts import Part, assemble
from aecli.components.data.remarks import Remark, unused
from aecli.components.data.roles import parts_beside
from aecli.components.data.table_problems import explain
from aecli.errors import DataError
from aecli.lazy import np


@dataclass(frozen=True, eq=False)
class Table:
    """The content of one file: numbers, and the cells of the label column as text."""

    path: Path
    columns: list[str]
    values_NP: Array
    labels_N: Array | None
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Columns:
    """The columns of a file as its rows have them."""

    names: list[str]
    kept: list[bool]
    """Which hold data; a column of row names and an empty one at the end hold none."""
    label: int | None


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
        test_file: test rows, with the same header; the label column may be missing.
        delimiter: the character between cells; \\t is a tab.
        scaling: of each column, fitted on the training rows.
        test_share: share of the rows that becomes the test split if there is no test_file; the draw is fixed, the same
            for every seed.

    Source: RFC 4180
    """
    train = read_table(existing_file(file), label, delimiter)
    test = None if test_file is None else read_table(existing_file(test_file), label, delimiter, is_test=True)
    if test is not None and test.columns != train.columns:
        raise DataError(f"{test.path}:1: the columns are not those of {train.path}, in the same order")
    tables = [train] if test is None else [train, test]
    parts = [Part(table.values_NP, table.labels_N, None, str(table.path)) for table in tables]
    beside = [name for name in parts_beside(train.path) if test is None or name != test.path.name]
    remedy = "name the test rows as test_file, or move them away"
    told = (*unused(train.path.parent, beside, remedy), *train.remarks)
    test_part = parts[1] if len(parts) == 2 else None
    return assemble(
        "csv",
        parts[0],
        test_part,
        scaling=scaling,
        test_share=test_share,
        columns=train.columns,
        remarks=told,
    )


def read_table(path: Path, label: str | None, delimiter: str, *, is_test: bool = False) -> Table:
    """One CSV file; that of the test rows may lack the labels.

    Raises:
        DataError: the header or a cell is not as it must be; the message has the line and the column.
    """
    delimiter = "\t" if delimiter == "\\t" else delimiter
    if len(delimiter) != 1 or delimiter in '\r\n"':
        raise DataError(f'{path}: delimiter must be one character, such as ","')
    refuse_archives(path)
    with readable(path), path.open(encoding="utf-8-sig", newline="") as stream:
        try:
            header = [cell.strip() for cell in next(csv_module.reader(stream, delimiter=delimiter), [])]
            first = next((line for line in stream if line.strip()), None)
            row = [] if first is None else next(csv_module.reader([first], delimiter=delimiter))
            columns = find_columns(header, row, path, label, is_test=is_test)
            if first is None:
                raise DataError(f"{path}: has a header but no rows")
            values_NP, labels_N = read_rows(chain_line(first, stream), delimiter, columns)
        except UnicodeDecodeError as error:
            raise DataError(f"{path}: is not UTF-8 text: {error.reason}; save it as UTF-8") from error
        except csv_module.Error as error:
            raise DataError(f"{path}: cannot be read as CSV: {error}") from error
        except ValueError as error:
            if len(columns.names) != len(header):  # only where all rows have a cell more or less
                stream.seek(0)
                widths = {len(row) for row in list(csv_module.reader(stream, delimiter=delimiter))[1:] if row}
                columns = columns if widths == {len(columns.names)} else Columns(header, [True] * len(header), None)
            stream.seek(0)
            rows = csv_module.reader(stream, delimiter=delimiter)
            raise explain(path, rows, columns=columns.names, kept=columns.kept, label=label, error=error) from error
    is_data = [kept and index != columns.label for index, kept in enumerate(columns.kept)]
    names = [name for name, is_column in zip(columns.names, is_data, strict=True) if is_column]
    return Table(path, names, values_NP, labels_N, remarks_on(path, columns, values_NP))


def find_columns(header: list[str], row: Sequence[str], path: Path, label: str | None, *, is_test: bool) -> Columns:
    """The columns that the header names, and those that it does not: row names, and what a last delimiter makes.

    Args:
        header: the cells of the first row.
        row: the first row after it; empty where there is none.
        path: the file, for messages.
        label: the column of the classes.
        is_test: whether that may be missing.

    Raises:
        DataError: there is no header, two columns have one name, or there is no label column.
    """
    if not header:
        raise DataError(f"{path}: is empty, or starts with an empty line; expected a header row")
    if all(is_number(cell) for cell in header):
        raise DataError(f"{path}:1: the header is missing: the first row holds only numbers; add a row of column names")
    names = list(header)
    is_longer, is_empty = len(row) == len(names) + 1, bool(row) and not row[-1].strip()
    if (
        is_longer and not is_empty and not is_number(row[0]) and not names[0].startswith("#")
    ):  # as R writes names of rows
        names = ["", *names]
    elif is_longer and is_empty:
        names = [*names, ""]
    elif len(row) == len(names) - 1 and names[-1] == "":
        names.pop()
    kept = [True] * len(names)
    if len(names) > 1 and names[-1] == "" and (is_empty or not row):
        kept[-1] = False
    if len(names) > 1 and names[0] == "" and row and not is_number(row[0]):
        kept[0] = False
    named = [name for name, is_kept in zip(names, kept, strict=True) if is_kept]
    if twice := [name for name, count in Counter(named).items() if count > 1]:
        raise DataError(f'{path}:1: column "{twice[0]}" is there twice; rename one')
    if label is not None and label not in named and not is_test:
        raise DataError(f'{path}:1: no label column "{label}"; columns: {", ".join(named)}')
    if label is not None and named == [label]:
        raise DataError(f'{path}:1: has no column besides the label "{label}"; there is nothing to reconstruct')
    return Columns(names, kept, names.index(label) if label is not None and label in named else None)


def remarks_on(path: Path, columns: Columns, values_NP: Array) -> tuple[Remark, ...]:
    """What is worth saying of a column without a name at the beginning, where indices and names of rows stand."""
    if columns.names[0] or len(columns.names) == 1:
        return ()
    if not columns.kept[0]:
        message = f"{path}: the first column has no name and is left out, as names of rows"
        return (Remark("row-names", message, "give it a name in the header to train on it"),)
    first_N = values_NP[:, 0]
    if (first_N == first_N[0] + np.arange(len(first_N))).all():
        message = f"{path}: the first column has no name and counts the rows; it is trained on like any other"
        return (Remark("index-column", message, "remove it (pandas: to_csv(..., index=False)), or name it"),)
    return ()


def read_rows(lines: Iterator[str], delimiter: str, columns: Columns) -> tuple[Array, Array | None]:
    """All rows after the header, in one call of numpy: about a second for 100,000 x 50.

    Raises:
        ValueError: something in them is not as it must be.
    """
    classes: dict[str, int] = {}

    def number_of(cell: str) -> int:
        return classes.setdefault(cell.strip(), len(classes))

    converters: dict[int | str, Callable[[str], int]] = {} if columns.label is None else {columns.label: number_of}
    width = len(columns.names)
    for index in (index for index, is_kept in enumerate(columns.kept) if not is_kept):
        converters[index] = nothing if index else anything
    values_NP = np.loadtxt(
        lines,
        delimiter=delimiter,
        quotechar='"',
        comments=None,
        ndmin=2,
        encoding=None,
        converters=converters,
    )
    if values_NP.shape[1] != width or not np.isfinite(values_NP).all() or "" in classes:
        raise ValueError("ragged, empty or not finite")
    names = list(classes)
    labels_N = None
    if columns.label is not None:
        labels_N = np.array(names, object)[values_NP[:, columns.label].astype(np.int64)]
    left_out = [index for index, kept in enumerate(columns.kept) if not kept or index == columns.label]
    return np.delete(values_NP, left_out, axis=1) if left_out else values_NP, labels_N


def anything(cell: str) -> int:
    """A cell that is left out."""
    return 0


def nothing(cell: str) -> int:
    """A cell of a column without a name, which has to be empty to be left out.

    Raises:
        ValueError: it is not.
    """
    if cell.strip():
        raise ValueError("not empty")
    return 0


def chain_line(first: str, rest: Iterator[str]) -> Iterator[str]:
    """A line that has been taken from a stream, and the rest of it."""
    yield first
    yield from rest
