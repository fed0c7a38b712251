"""The ranked table of a comparison as a screen shows it: long ones cut, narrow ones without what matters least."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from aecli.comparison.telling.table import Cell, Column, Row, Table
from aecli.console.tables import table

if TYPE_CHECKING:
    from aecli.console.tables import Table as DrawnTable

ROWS_SHOWN = 60
"""Rows on the screen where nobody asked for a number of them; every other format has them all."""


def cut(made: Table) -> Table:
    """The first rows of a long table, and its baselines."""
    ours = [row for row in made.rows if row.kind != "baseline"]
    if len(ours) <= ROWS_SHOWN:
        return made
    return replace(
        made,
        rows=(*ours[:ROWS_SHOWN], *(row for row in made.rows if row.kind == "baseline")),
        cut=len(ours) - ROWS_SHOWN,
    )


def with_ranges(made: Table) -> Table:
    """One row for each predictor that needs no training: where training sets differ, from its best to its worst."""
    by_predictor: dict[str, list[Row]] = {}
    for row in made.rows:
        if row.kind == "baseline":
            by_predictor.setdefault(row.predictor, []).append(row)
    merged = [rows[0] if len(rows) == 1 else range_row(rows) for rows in by_predictor.values()]
    return replace(made, rows=(*(row for row in made.rows if row.kind != "baseline"), *merged))


def range_row(rows: Sequence[Row]) -> Row:
    """`0.01721 to 0.01726`: a predictor on several training sets."""
    cells = []
    for same in zip(*(row.cells for row in rows), strict=True):
        means = sorted(cell.estimate.mean for cell in same if cell.estimate is not None)
        ends = dict.fromkeys(f"{mean:.4g}" for mean in (*means[:1], *means[-1:]))
        cells.append(Cell(" to ".join(ends)))
    return Row("baseline", rows[0].predictor, (Cell(rows[0].predictor), *cells[1:]), predictor=rows[0].predictor)


def draw_table(made: Table, judging: Collection[str], *, is_bare: bool) -> "DrawnTable":
    """The table for a screen: where it is too narrow, settings leave first, then the metrics that do not judge.

    Args:
        made: what is drawn.
        judging: names of the metrics that the verdicts are about.
        is_bare: leave intervals out where the metric does not judge.
    """
    from rich.text import Text

    is_spare = [column.kind == "metric" and column.key not in judging for column in made.columns]
    rows = []
    for row in made.rows:
        style = "dim" if row.kind == "baseline" else ""
        line = []
        for cell, spare in zip(row.cells, is_spare, strict=True):
            text = cell.text.partition(" ±")[0] if spare and is_bare else cell.text
            line.append(Text(f"{text} *", "bold") if cell.is_best else Text(text, style))
        rows.append(line)
    order = sorted(range(1, len(made.columns)), key=lambda at: (leaving_rank(made.columns[at], judging), -at))
    texts = [at for at, column in enumerate(made.columns) if column.is_text]
    return table("", made.heads, rows, texts=texts, leaves=order)


def leaving_rank(column: Column, judging: Collection[str]) -> int:
    """When a column leaves a screen that is too narrow: settings, other metrics, standing, seeds, what judges."""
    if column.kind == "metric":
        return 4 if column.key in judging else 1
    return {"setting": 0, "standing": 2, "count": 3}[column.kind]
