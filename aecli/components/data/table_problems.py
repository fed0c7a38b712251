"""What is wrong with a table that numpy refused: the first few places with their lines, or what all rows have."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from aecli.components.data.labels import is_number
from aecli.errors import DataError
from aecli.lazy import np

SHOWN = 5
"""Bad cells that a message lists."""
DECIMAL_COMMA = re.compile(r"\s*[+-]?\d+,\d+\s*")


class CountedRows(Protocol):
    """What csv.reader makes."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...
    def __next__(self) -> list[str]: ...


class Bad(NamedTuple):
    """One thing that is wrong with a row."""

    message: str
    cause: tuple[str, str]
    """What would be said of all rows that have it, and what to do; `{}` stands for the cell."""
    cell: str = ""


def explain(
    path: Path, rows: CountedRows, *, columns: Sequence[str], kept: Sequence[bool], label: str | None, error: Exception
) -> DataError:
    """What is wrong with the rows after the header.

    Args:
        path: the file.
        rows: all of its rows, the header first.
        columns: as they are in every row; a name that is empty stands for a column without one.
        kept: which of them hold data.
        label: the column of the classes.
        error: what numpy said.
    """
    header = next(rows)
    found: list[tuple[int, Bad]] = []
    count, total, hints = Counter[tuple[str, str]](), 0, dict.fromkeys(header_hints(header))
    for row in rows:
        total += bool(row)
        for bad in problems_of(row, columns, kept, label):
            count[bad.cause] += 1
            hints |= dict.fromkeys(cell_hints(bad))
            if len(found) < SHOWN or count[bad.cause] == 1:
                found.append((rows.line_num, bad))
    if not found:  # numpy and the csv module disagree about the text
        return DataError(f"{path}: cannot be read as a table of numbers: {error}")
    everywhere = {cause for cause, number in count.items() if number == total > 1}
    causes = {bad.cause: bad.cell for _, bad in reversed(found) if bad.cause in everywhere}
    lines = [f"{path}: {what.format(cell)}; {remedy}" for (what, remedy), cell in reversed(causes.items())]
    single = [f"{path}:{line}: {bad.message}" for line, bad in found if bad.cause not in everywhere][:SHOWN]
    number = sum(number for cause, number in count.items() if cause not in everywhere)
    if single:
        lines += [*single, f"{path}: {number} problem{'s' * (number > 1)} in all; correct or remove these rows"]
    lines[-1] += "".join(f"; {hint}" for hint in hints)
    return DataError("\n".join(lines))


def problems_of(row: Sequence[str], columns: Sequence[str], kept: Sequence[bool], label: str | None) -> Iterator[Bad]:
    """What is wrong with one row."""
    if row and row[0].lstrip().startswith("#"):
        yield Bad("a comment", ("every line is a comment", "remove the lines that begin with #"))
    elif row and len(row) != len(columns):
        cells = f"{len(row)} cells, but the header has {len(columns)}"
        yield Bad(cells, (f"every row has {cells}", "give each column a name, that of row names too"))
    elif row:
        last = len(columns) - 1
        for index, (name, cell, is_kept) in enumerate(zip(columns, row, kept, strict=True)):
            is_last = index == last
            yield from problems_of_cell(name, cell, is_kept=is_kept, is_label=name == label, is_last=is_last)


def problems_of_cell(name: str, cell: str, *, is_kept: bool, is_label: bool, is_last: bool) -> Iterator[Bad]:
    """What is wrong with one cell."""
    if not is_kept:
        if not name and cell.strip() and is_last:
            yield Bad(f'the last column has no name, but a cell: "{cell}"', ("the last column has no name", "name it"))
        return
    if not cell.strip():
        yield Bad(f'column "{name}": empty cell', (f'column "{name}": every cell is empty', "remove it"))
    elif not is_label and not is_number(cell):
        remedy = (
            f"if these are classes: label: {name}; else remove the column, or write numbers" if name else "remove it"
        )
        cause = (f'column "{name}": no cell is a number, such as "{{}}"', remedy)
        yield Bad(f'column "{name}": not a number: "{cell}"', cause, cell)
    elif not is_label and not np.isfinite(float(cell)):
        cause = (f'column "{name}": no cell is a finite number', "remove it")
        yield Bad(f'column "{name}": not a finite number: "{cell}"', cause)


def header_hints(header: Sequence[str]) -> Iterator[str]:
    """What the header may be instead."""
    if header[0].startswith("#"):
        yield "is line 1 a comment? remove it"
    if header[0].lower().startswith("sep="):
        yield "remove line 1, which only a spreadsheet understands"
    if len(header) == 1 and any(sign in header[0] for sign in ";,\t|"):
        yield "is the delimiter right?"


def cell_hints(bad: Bad) -> Iterator[str]:
    """What helps against one thing that is wrong."""
    if DECIMAL_COMMA.fullmatch(bad.cell):
        yield "write decimals with a point: 1.5, not 1,5"
    if bad.message == "a comment":
        yield "remove the lines that begin with #"
