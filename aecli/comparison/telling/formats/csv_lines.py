"""A comparison as CSV."""

import csv
import io
from collections.abc import Sequence

from aecli.comparison.telling.digits import DASH
from aecli.comparison.telling.table import Table
from aecli.comparison.verdicts.group import Comparison


def write_csv(comparison: Comparison, tables: Sequence[Table]) -> str:
    """One line for each row: what it is, its settings, n, and for each metric the mean and its interval in full."""
    keys = list(dict.fromkeys(key for table in tables for key in table.keys))
    numbers = [
        key for key in keys if any(key in table.keys[table.text_columns + len(table.counters) :] for table in tables)
    ]
    texts = [key for key in keys if key not in numbers]
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
