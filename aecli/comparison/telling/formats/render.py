"""What the formats that are read share: title, table, verdicts and lint of each data set."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aecli.comparison.telling.finding_words import finding_words
from aecli.comparison.telling.matrix_table import MATRIX_TITLE, matrix_table
from aecli.comparison.telling.table import Table
from aecli.comparison.telling.tuning_words import tuning_lines
from aecli.comparison.telling.verdict_words import verdict_words
from aecli.comparison.verdicts.group import Comparison
from aecli.comparison.verdicts.matrix import make_matrix


@dataclass(frozen=True, kw_only=True)
class Markup:
    """How one format writes what all have."""

    escape: Callable[[str], str]
    """Text that it shows as it is."""
    table: Callable[[Table], list[str]]
    """The lines of a table."""
    title: Callable[[str], str]
    item: Callable[[str], str]
    """One verdict or finding."""


def render(comparison: Comparison, tables: Sequence[Table], markup: Markup, *, matrix: bool) -> str:
    """Title, table, the matrix if asked for, verdicts and lint of each data set, in one format."""
    blocks: list[str] = []
    for group, table in zip(comparison.groups, tables, strict=True):
        blocks += [markup.title(markup.escape(group.data)), "\n".join(markup.table(table))]
        if matrix:
            made = matrix_table(make_matrix(group))
            blocks += [markup.title(markup.escape(MATRIX_TITLE)), "\n".join(markup.table(made))]
        lines = [*map(verdict_words, group.verdicts), *tuning_lines(group.tuned), *map(finding_words, group.findings)]
        blocks.append("\n".join(markup.item(markup.escape(line)) for line in lines))
    return "\n\n".join(block for block in blocks if block)
