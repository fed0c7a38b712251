"""A comparison as CSV."""

import csv
import io
from collections.abc import Sequence

from aecli.comparison.telling.digits import DASH
from aecli.comparison.telling.table import LABEL, Table
from aecli.comparison.verdicts.group import Comparison


def write_csv(comparison: Comparison, tables: Sequence[Table]) -> str:
    """One line for each row: what it is, its settings, n, and for each metric the mean and its interval in full."""
    columns = [column for table in tables for column in table.columns if column != LABEL]
    numbers = list(dict.fromkeys(column.key for column in columns if column.kind == "metric"))
    texts = list(dict.fromkeys(column.key for column in columns if column.kind != "metric"))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        [
            "data",
            "kind",
            "label",
            *map(csv_text, texts),
            *(name for key in numbers for name in (key, f"{key}.low", f"{key}.high")),
        ]
    )
    for group, table in zip(comparison.groups, tables, strict=True):
        for row in table.rows:
            cells = dict(zip(table.keys, row.cells, strict=True))
            named = [cells[key].text if key in cells else "" for key in texts]
            line: list[object] = [csv_text(text) for text in (group.data, row.kind, row.label, *named)]
            for key in numbers:
                estimate = cells[key].estimate if key in cells else None
                line += ["", "", ""] if estimate is None else [estimate.mean, estimate.low, estimate.high]
            writer.writerow(line)
    return text.getvalue()


def csv_text(text: str) -> str:
    """Text that a spreadsheet does not take for a formula: an apostrophe before what begins like one and is no number.

    Example:
        >>> csv_text("=1+1"), csv_text("-0.5"), csv_text("mse")
        ("'=1+1", '-0.5', 'mse')
    """
    if text == DASH or not text.startswith(("=", "+", "-", "@", "\t", "\r")):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text
