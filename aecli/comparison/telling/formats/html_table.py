"""A comparison as a fragment of HTML."""

import html
from collections.abc import Sequence

from aecli.comparison.telling.formats.render import Markup, render
from aecli.comparison.telling.table import Table
from aecli.comparison.verdicts.group import Comparison


def write_html(comparison: Comparison, tables: Sequence[Table], *, matrix: bool = False) -> str:
    """A fragment: a table for each data set; `aecli report` writes the whole page."""
    return render(comparison, tables, MARKUP, matrix=matrix)


def html_table(table: Table) -> list[str]:
    """A table element."""
    lines = [
        "<table>",
        "<thead><tr>" + "".join(f"<th>{html.escape(head)}</th>" for head in table.heads) + "</tr></thead>",
        "<tbody>",
    ]
    for row in table.rows:
        cells = [html.escape(cell.text) for cell in row.cells]
        marked = [
            f"<strong>{text}</strong>" if cell.is_best else text for text, cell in zip(cells, row.cells, strict=True)
        ]
        lines.append(f'<tr class="{row.kind}">' + "".join(f"<td>{text}</td>" for text in marked) + "</tr>")
    return [*lines, "</tbody>", "</table>"]


MARKUP = Markup(
    escape=html.escape, table=html_table, title=lambda title: f"<h2>{title}</h2>", item=lambda line: f"<p>{line}</p>"
)
