"""A comparison as Markdown."""

import re
from collections.abc import Sequence

from aecli.comparison.telling.formats.render import Markup, render
from aecli.comparison.telling.table import Table
from aecli.comparison.verdicts.group import Comparison


def write_markdown(comparison: Comparison, tables: Sequence[Table], *, matrix: bool = False) -> str:
    """A table for each data set with the verdicts under it; the best of each column in bold."""
    return render(comparison, tables, MARKUP, matrix=matrix)


def markdown_text(text: str) -> str:
    """Text that Markdown shows as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", text)


def markdown_table(table: Table) -> list[str]:
    """A GitHub-flavoured table."""
    rule = ["---" if column.is_text else "---:" for column in table.columns]
    lines = [pipes([markdown_text(head) for head in table.heads]), pipes(rule)]
    for row in table.rows:
        cells = [markdown_text(cell.text) for cell in row.cells]
        lines.append(
            pipes([f"**{text}**" if cell.is_best else text for text, cell in zip(cells, row.cells, strict=True)])
        )
    return lines


def pipes(cells: Sequence[str]) -> str:
    """One line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


MARKUP = Markup(
    escape=markdown_text, table=markdown_table, title=lambda title: f"**{title}**", item=lambda line: f"- {line}"
)
