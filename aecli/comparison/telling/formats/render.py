"""What the formats that are read share: title, table, verdicts and lint of each data set."""

from collections.abc import Callable, Sequence

from aecli.comparison.telling.finding_words import finding_words
from aecli.comparison.telling.matrix_table import MATRIX_TITLE, matrix_table
from aecli.comparison.telling.table import Table, with_labels
from aecli.comparison.telling.verdict_words import verdict_words
from aecli.comparison.verdicts.group import Comparison
from aecli.comparison.verdicts.matrix import make_matrix


def render(
    comparison: Comparison,
    tables: Sequence[Table],
    matrix: bool,
    escape: Callable[[str], str],
    draw: Callable[[Table], list[str]],
    title: Callable[[str], str],
    item: Callable[[str], str],
) -> str:
    """Title, table, the matrix if asked for, verdicts and lint of each data set, in the words of one format."""
    blocks: list[str] = []
    for group, table in zip(comparison.groups, tables, strict=True):
        lines = [verdict_words(verdict) for verdict in group.verdicts] + [
            finding_words(finding) for finding in group.findings
        ]
        blocks += [title(escape(group.data)), "\n".join(draw(with_labels(table)))]
        if matrix:
            blocks += [title(escape(MATRIX_TITLE)), "\n".join(draw(matrix_table(make_matrix(group))))]
        blocks.append("\n".join(item(escape(line)) for line in lines))
    return "\n\n".join(block for block in blocks if block)
