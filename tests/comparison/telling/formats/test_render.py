"""What all formats share: names are text, rows have names, the matrix is a second table."""

import csv
import html.parser
import io
import json
import re

import pytest
from fake_formats import made

from aecli.comparison.telling.formats.csv_lines import write_csv
from aecli.comparison.telling.formats.html_table import write_html
from aecli.comparison.telling.formats.latex import write_latex
from aecli.comparison.telling.formats.markdown import write_markdown
from aecli.comparison.telling.formats.render import Markup, render

EVIL = "images <b>|`_*[x]$&%#{}~^\\.npy"


@pytest.fixture
def evil(write_run, tmp_path):
    """Two runs whose settings hold what every format would obey."""
    write_run()
    path = write_run(set=["architecture.init=he_normal"])
    config = path / "config.yaml"
    config.write_text(config.read_text().replace("he_normal", json.dumps(EVIL + "\n")))
    return tmp_path / "runs"


class Texts(html.parser.HTMLParser):
    """The tags and the texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)

    def handle_data(self, data):
        self.texts.append(data)


def test_no_format_obeys_what_stands_in_a_name(evil):
    comparison, tables = made(evil)
    page = Texts()
    page.feed(write_html(comparison, tables))
    assert "b" not in page.tags
    assert EVIL + r"\n" in page.texts
    assert not re.search(r"(?<!\\)\|`", write_markdown(comparison, tables))
    assert write_markdown(comparison, tables).count("\n| ") == 6
    rows = list(csv.DictReader(io.StringIO(write_csv(comparison, tables))))
    assert EVIL + r"\n" in [row["architecture.init"] for row in rows]
    assert r"\%\#\{\}" in write_latex(comparison, tables)


def test_rows_have_names_where_one_config_is_compared(write_run):
    path = write_run()
    assert "| mean image |  | 0.0675 |" in write_markdown(*made(path))
    assert r"pca 32 &  & 0.0168 &  \\" in write_latex(*made(path))
    assert "<td>mean image</td>" in write_html(*made(path))


def test_the_matrix_is_a_second_table_where_asked_for(three_losses):
    for write in (write_markdown, write_latex, write_html):
        plain, both = write(*made(three_losses)), write(*made(three_losses), matrix=True)
        assert "referees: mean and regret" not in plain and "referees: mean and regret" in both
    assert r"| huber | 0.01233 +52 % |" in write_markdown(*made(three_losses), matrix=True)


def test_a_format_is_four_functions(three_losses):
    shouted = Markup(
        escape=str.upper,
        table=lambda table: [f"<{len(table.rows)} rows>"],
        title=lambda title: f"# {title}",
        item=lambda line: f"* {line}",
    )
    title, table, items = render(*made(three_losses), shouted, matrix=False).split("\n\n")
    assert (title, table) == ("# MNIST, 10,000 TEST IMAGES", "<5 rows>")
    assert all(line.startswith("* ") and line == line.upper() for line in items.splitlines())
