"""CSV, Markdown, LaTeX, HTML, JSON: complete, and nothing in a name is obeyed."""

import csv
import html.parser
import io
import json
import re

import pytest

from aecli.comparison.statistics.intervals import mean_interval
from aecli.comparison.telling.formats.csv_lines import csv_text, write_csv
from aecli.comparison.telling.formats.html_table import write_html
from aecli.comparison.telling.formats.json_data import as_json
from aecli.comparison.telling.formats.latex import latex_text, write_latex
from aecli.comparison.telling.formats.markdown import write_markdown
from aecli.comparison.telling.table import make_table
from aecli.comparison.verdicts.compare import compare

EVIL = "images <b>|`_*[x]$&%#{}~^\\.npy"


@pytest.fixture
def losses(write_seeds, tmp_path):
    """Three losses with three seeds each."""
    write_seeds([0.0080, 0.0081, 0.0082])
    write_seeds([0.020, 0.021, 0.022], set=["loss.name=mae"])
    write_seeds([0.012, 0.012, 0.013], set=["loss.name=huber", "loss.delta=0.1"])
    return tmp_path / "runs"


@pytest.fixture
def evil(write_run, tmp_path):
    """Two runs whose settings hold what every format would obey."""
    write_run()
    path = write_run(set=["architecture.init=he_normal"])
    config = path / "config.yaml"
    config.write_text(config.read_text().replace("he_normal", json.dumps(EVIL + "\n")))
    return tmp_path / "runs"


def made(*paths, **options):
    comparison = compare(paths)
    return comparison, [make_table(group, **options) for group in comparison.groups]


def test_csv_has_every_number_in_full_with_its_interval(losses):
    rows = list(csv.DictReader(io.StringIO(write_csv(*made(losses)))))
    assert [(row["kind"], row["label"], row["n"]) for row in rows] == [
        ("candidate", "mse", "3"),
        ("candidate", "huber", "3"),
        ("candidate", "mae", "3"),
        ("baseline", "mean image", ""),
        ("baseline", "pca 32", ""),
    ]
    estimate = mean_interval([0.012, 0.012, 0.013])
    assert [float(rows[1][key]) for key in ("test.mse", "test.mse.low", "test.mse.high")] == [
        estimate.mean,
        estimate.low,
        estimate.high,
    ]
    assert (rows[3]["test.mse"], rows[3]["test.mse.low"]) == ("0.0675", "")
    assert rows[0]["data"] == "mnist, 10,000 test images"


def test_csv_of_single_runs_has_seed_and_folder(losses):
    rows = list(csv.DictReader(io.StringIO(write_csv(*made(losses, fold=False)))))
    assert len(rows) == 9
    assert rows[0]["seed"] == "0"
    assert rows[0]["run"].endswith("_0000")


def test_csv_of_several_data_sets_has_the_columns_of_all(losses, write_run):
    environment = {"data": {"dataset": "other", "sha256": "1", "images": {"test": 5}}}
    for rate in ("0.1", "0.2"):
        write_run(environment=environment, set=[f"optimization.optimizer.lr={rate}"])
    rows = list(csv.DictReader(io.StringIO(write_csv(*made(losses)))))
    assert {row["data"] for row in rows} == {"mnist, 10,000 test images", "other, 5 test images"}
    assert {row["optimization.optimizer.lr"] for row in rows} == {"", "0.1", "0.2", "mean image", "pca 32"}


def test_markdown_is_a_table_with_verdicts_and_the_best_in_bold(losses):
    lines = write_markdown(*made(losses)).splitlines()
    assert lines[:5] == [
        "**mnist, 10,000 test images**",
        "",
        "| loss | n | mse ↓ |",
        "| --- | ---: | ---: |",
        "| mse | 3 | **0.00810 ±0.00025** |",
    ]
    assert any(line.startswith("- mae against mse is undecided by test.mse: ") for line in lines)
    assert any(line.startswith("- few-seeds: ") for line in lines)


def test_latex_has_a_rule_before_the_baselines_and_balanced_braces(losses):
    text = write_latex(*made(losses))
    assert r"mse & 3 & \textbf{0.00810 $\pm$0.00025} \\" in text
    assert "\\midrule\nmean image &" in text
    assert text.count(r"\begin{tabular}{lrr}") == 1
    bare = text.replace(r"\{", "").replace(r"\}", "")
    assert bare.count("{") == bare.count("}")


def test_latex_escapes_everything_it_would_obey():
    assert latex_text("a_b & 5 % $x$ #1 {y} ~ ^ \\") == (
        r"a\_b \& 5 \% \$x\$ \#1 \{y\} \textasciitilde{} \textasciicircum{} \textbackslash{}"
    )


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


def test_json_has_everything_and_its_version(losses):
    data = json.loads(json.dumps(as_json(*made(losses), matrix=True), allow_nan=False))
    assert data["schema"] == 1
    assert data["rope"] == "1 %"
    (group,) = data["groups"]
    assert group["data"] == {"name": "mnist, 10,000 test images", "sha256": "fe4f6dc3"}
    assert group["factors"] == ["loss"]
    assert group["baseline"] == "mse"
    assert group["baseline_was_chosen"] is True
    assert [candidate["label"] for candidate in group["candidates"]] == ["mse", "huber", "mae"]
    first = group["candidates"][0]
    assert first["metrics"]["test.mse"]["by_seed"] == {"0": 0.0080, "1": 0.0081, "2": 0.0082}
    assert len(first["runs"]) == 3
    assert group["baselines"] == {"mean_image": {"test.mse": 0.0675}, "pca_32": {"test.mse": 0.0168}}
    verdict = group["verdicts"][0]
    assert (verdict["candidate"], verdict["verdict"], verdict["comparisons"], verdict["seeds"]) == (
        "huber",
        "undecided",
        3,
        [0, 1, 2],
    )
    assert verdict["p"] == 0.25
    assert verdict["scale"] == "ratio" and verdict["relative"]["mean"] == pytest.approx(
        0.0123333 / 0.0081 - 1, rel=1e-4
    )
    assert group["matrix"]["huber"]["test.mse"]["regret"] == pytest.approx(0.0123333 / 0.0081 - 1, rel=1e-4)
    assert [finding["code"] for finding in group["findings"]] == ["own-referee", "few-seeds"]


def test_json_names_everything_that_was_left_out(losses, write_run):
    path = write_run(status="failed")
    data = as_json(*made(losses))
    assert data["left_out"] == [{"path": str(path), "kind": "failed", "reason": "failed, epoch 50 of 50"}]


def test_rows_have_names_where_one_config_is_compared(write_run):
    path = write_run()
    assert "| mean image |  | 0.0675 |" in write_markdown(*made(path))
    assert r"pca 32 &  & 0.0168 \\" in write_latex(*made(path))
    assert "<td>mean image</td>" in write_html(*made(path))


def test_the_matrix_is_a_second_table_where_asked_for(losses):
    for write in (write_markdown, write_latex, write_html):
        plain, both = write(*made(losses)), write(*made(losses), matrix=True)
        assert "referees: mean and regret" not in plain and "referees: mean and regret" in both
    assert r"| huber | 0.01233 +52 % |" in write_markdown(*made(losses), matrix=True)


def test_latex_takes_no_cell_for_an_argument(write_run, tmp_path):
    for sizes in ("[128,32]", "[64,32]"):
        write_run(set=[f"architecture.widths={sizes}"])
    text = write_latex(*made(tmp_path / "runs"))
    assert "{}[128, 32] & 1" in text
    assert not re.search(r"(\\\\|rule)\s*[\[*]", text)


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-x", "@SUM(A1)", "\tx", "=HYPERLINK(1)"])
def test_a_spreadsheet_finds_no_formula_in_a_csv(text):
    assert csv_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-", "-0.5", "+1e-3", "mse", "", "a=b"])
def test_a_csv_keeps_numbers_and_plain_texts(text):
    assert csv_text(text) == text


def test_a_setting_that_is_a_formula_is_a_text_in_csv(write_run, tmp_path):
    write_run()
    path = write_run(set=["architecture.init=he_normal"]) / "config.yaml"
    path.write_text(path.read_text().replace("he_normal", "'=1+1'"))
    rows = list(csv.DictReader(io.StringIO(write_csv(*made(tmp_path / "runs")))))
    assert "'=1+1" in [row["architecture.init"] for row in rows]
    assert not any(cell.startswith("=") for row in rows for cell in row.values())
