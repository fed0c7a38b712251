"""Tables of the page: names and numbers, cut into as many tables as it takes so that none is wider than the page.

A screen that is narrower than a table shows each row as a card; that is up to the style of the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aecli.comparison.telling.matrix_table import matrix_table
from aecli.comparison.telling.table import Table
from aecli.comparison.verdicts.class_errors import ClassTable
from aecli.comparison.verdicts.matrix import Matrix

ROOM = 112
"""Letters of the columns beside the name."""
GAP = 2
"""Letters between two columns."""
TEXT = 20
"""Letters that a setting is counted as at most, since it may be broken at blanks."""


@dataclass(frozen=True)
class GridCell:
    """What stands at one place."""

    text: str
    style: str = "number"
    """The classes of the page's style: number or words, with best or worst."""


@dataclass(frozen=True)
class GridRow:
    """One row."""

    name: str
    cells: tuple[GridCell, ...]
    kind: str = "candidate"
    """candidate | baseline"""


@dataclass(frozen=True)
class Grid:
    """One table, narrow enough for the page."""

    heads: tuple[str, ...]
    """Of the columns beside the name."""
    rows: tuple[GridRow, ...]


def split(heads: Sequence[str], rows: Sequence[GridRow], room: int = ROOM) -> list[Grid]:
    """The columns in as many tables as they need, in their order; a column that is too wide stands alone.

    Example:
        >>> row = GridRow("mse", (GridCell("0.25"), GridCell("0.125"), GridCell("0.5")))
        >>> [grid.heads for grid in split(["a", "b", "c"], [row], room=14)]
        [('a', 'b'), ('c',)]
    """
    parts: list[list[int]] = [[]]
    taken = 0
    for at, head in enumerate(heads):
        width = GAP + max(
            cell_width(head, "words"), *(cell_width(row.cells[at].text, row.cells[at].style) for row in rows)
        )
        if parts[-1] and taken + width > room:
            parts.append([])
            taken = 0
        parts[-1].append(at)
        taken += width
    return [
        Grid(
            tuple(heads[at] for at in part),
            tuple(GridRow(row.name, tuple(row.cells[at] for at in part), row.kind) for row in rows),
        )
        for part in parts
        if part
    ]


def cell_width(text: str, style: str) -> int:
    """The letters of a number, or of a text as far as it is not broken at blanks."""
    return len(text) if style.startswith("number") else max([min(len(text), TEXT), *map(len, text.split())])


def result_grids(table: Table) -> list[Grid]:
    """Names, seeds and metrics of everything that was compared."""
    return chosen_grids(
        table, [at for at, column in enumerate(table.columns) if column.kind not in ("label", "setting")]
    )


def setting_grids(table: Table) -> list[Grid]:
    """What differs between the configs; nothing where nothing does that their names do not tell."""
    ours = replace(table, rows=tuple(row for row in table.rows if row.kind != "baseline"))
    settings = [at for at, column in enumerate(table.columns) if column.kind == "setting"]
    return chosen_grids(ours, settings) if len(ours.rows) > 1 else []


def chosen_grids(table: Table, chosen: Sequence[int]) -> list[Grid]:
    """Some of the columns."""
    styles = ["words" if table.columns[at].is_text else "number" for at in chosen]
    rows = []
    for row in table.rows:
        cells = [row.cells[at] for at in chosen]
        shown = [
            GridCell(f"{cell.text} *", f"{style} best") if cell.is_best else GridCell(cell.text, style)
            for cell, style in zip(cells, styles, strict=True)
        ]
        rows.append(GridRow(row.label, tuple(shown), row.kind))
    return split([table.heads[at] for at in chosen], rows)


def matrix_grids(matrix: Matrix) -> list[Grid]:
    """Every candidate by every neutral metric."""
    made = matrix_table(matrix)
    rows = []
    for row, (label, cells) in zip(made.rows, matrix.rows, strict=True):
        styles = ["number best" if cell.regret == 0 else "number" for cell in cells]
        texts = [cell.text for cell in row.cells[1:]]
        rows.append(GridRow(label, tuple(map(GridCell, texts, styles))))
    return split(made.heads[1:], rows)


def class_grids(table: ClassTable) -> list[Grid]:
    """The error of every class; the worst of each candidate is marked."""
    rows = []
    for label, values, worst in table.rows:
        texts = ["-" if value is None else f"{value:#.3g}" for value in values]
        cells = [
            GridCell(f"▲ {text}", "number worst") if at == worst else GridCell(text) for at, text in enumerate(texts)
        ]
        rows.append(GridRow(label, tuple(cells)))
    return split(table.classes, rows)
