"""A comparison as a fragment of HTML."""

from aecli.comparison.telling.formats.html_table import html_table, write_html
from aecli.comparison.telling.table import LABEL, Cell, Column, Row, Table, make_table
from aecli.comparison.verdicts.compare import compare


def test_what_stands_in_cells_is_text_and_the_best_is_strong():
    cells = (Cell("<b>&"), Cell("0.1", is_best=True))
    table = Table(
        columns=(LABEL, Column("test.mse", "mse <", "metric")),
        measures=(),
        rows=(Row("candidate", "a", cells),),
    )
    assert html_table(table) == [
        "<table>",
        "<thead><tr><th>config</th><th>mse &lt;</th></tr></thead>",
        "<tbody>",
        '<tr class="candidate"><td>&lt;b&gt;&amp;</td><td><strong>0.1</strong></td></tr>',
        "</tbody>",
        "</table>",
    ]


def test_a_fragment_has_title_table_and_verdicts(three_losses):
    comparison = compare([three_losses])
    text = write_html(comparison, [make_table(group) for group in comparison.groups])
    assert text.startswith("<h2>mnist, 10,000 test images</h2>\n\n<table>")
    assert text.count("<p>") == len(comparison.groups[0].verdicts) + len(comparison.groups[0].findings)
