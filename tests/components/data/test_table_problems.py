"""What tables of people have besides numbers: names of rows, commas, comments, and what is said of it."""

import gzip

import pytest

from aecli.components.data.table_problems import DECIMAL_COMMA
from aecli.components.data.tables import csv


def write(path, text):
    path.write_text(text)
    return str(path)


@pytest.mark.parametrize(
    "text",
    ["a,b,\n1,2,\n3,4,\n5,6,\n", "a,b\n1,2,\n3,4,\n5,6,\n", "a,b,\n1,2\n3,4\n5,6\n"],
    ids=["everywhere", "in the rows", "in the header"],
)
def test_a_delimiter_at_the_end_of_the_lines_makes_no_column(text, tmp_path):
    path = write(tmp_path / "t.csv", text)
    data = csv(file=path, test_file=path)
    assert data.columns == ["a", "b"] and data.train_NP.tolist() == [[1, 2], [3, 4], [5, 6]] and data.remarks == ()


@pytest.mark.parametrize("header", [",a,b", "a,b", '"",a,b'], ids=["unnamed", "as R writes it", "quoted"])
def test_names_of_rows_are_left_out_and_told(header, tmp_path):
    path = write(tmp_path / "t.csv", f"{header}\nx,1,2\ny,3,4\nz,5,6\n")
    data = csv(file=path, test_file=path)
    assert data.columns == ["a", "b"] and data.train_NP.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert [one.code for one in data.remarks] == ["row-names"]


def test_a_column_that_counts_the_rows_is_kept_with_a_warning(tmp_path):
    path = write(tmp_path / "t.csv", ",a\n0,1\n1,3\n2,2\n")
    data = csv(file=path, test_file=path)
    assert data.columns == ["", "a"] and [one.code for one in data.remarks] == ["index-column"]
    path = write(tmp_path / "t.csv", ",a\n5,1\n1,3\n2,2\n")
    assert csv(file=path, test_file=path).remarks == ()


def test_a_tab_may_be_written_as_two_signs(tmp_path):
    path = write(tmp_path / "t.tsv", "a\tb\n1\t2\n3\t4\n5\t6\n")
    assert csv(file=path, delimiter="\\t").columns == ["a", "b"]


def test_a_test_file_may_lack_the_labels(tmp_path):
    train, test = write(tmp_path / "a.csv", "k,a\nx,1\ny,2\n"), write(tmp_path / "b.csv", "a\n1\n2\n")
    data = csv(file=train, test_file=test, label="k")
    assert data.train_labels_N.tolist() == [0, 1] and data.test_labels_N is None


@pytest.mark.parametrize(
    ("text", "params", "message"),
    [
        (
            "a,kind\n1,x\n2,y\n3,x\n",
            {},
            ': column "kind": no cell is a number, such as "x"; if these are classes: label: kind; else remove the '
            "column, or write numbers",
        ),
        ("a,b\n1,\n2,\n3,\n", {}, ': column "b": every cell is empty; remove it'),
        (
            "a;b\n1,5;2\n2,5;3\n",
            {"delimiter": ";"},
            ': column "a": no cell is a number, such as "1,5"; if these are classes: label: a; else remove the '
            "column, or write numbers; write decimals with a point: 1.5, not 1,5",
        ),
        (
            "a,b\n1,2\n# half\n3,4\n",
            {},
            ":3: a comment\n{}: 1 problem in all; correct or remove these rows; remove the lines that begin with #",
        ),
        (
            "# made by hand\na,b\n1,2\n3,4\n",
            {},
            ": every row has 2 cells, but the header has 1; give each column a name, that of row names too; "
            "is line 1 a comment? remove it",
        ),
        (
            "a,b,\n1,2,\n3,4,5\n",
            {},
            ':3: the last column has no name, but a cell: "5"\n{}: 1 problem in all; correct or remove these rows',
        ),
        (
            "a,b\n1,2,3\n4,5\n",
            {},
            ":2: 3 cells, but the header has 2\n{}: 1 problem in all; correct or remove these rows",
        ),
    ],
    ids=["text", "empty", "decimal comma", "comment", "comment above", "not empty", "longer once"],
)
def test_the_cause_is_told_with_what_to_do(text, params, message, tmp_path, refusal):
    path = write(tmp_path / "t.csv", text)
    assert refusal("csv", file=path, **params) == path + message.replace("{}", path)


def test_decimal_commas_are_known():
    assert [bool(DECIMAL_COMMA.fullmatch(cell)) for cell in ("1,5", " -10,25 ", "1,2,3", "a,5")] == [
        True,
        True,
        False,
        False,
    ]


def test_what_is_compressed_is_called_so(tmp_path, refusal):
    path = tmp_path / "t.csv"
    path.write_bytes(gzip.compress(b"a\n1\n"))
    assert refusal("csv", file=path) == f"{path}: is compressed by gzip, not text; unpack it first"
    path = tmp_path / "t.xlsx"
    path.write_bytes(b"PK\3\4 and more")
    assert refusal("csv", file=path) == f"{path}: is a zip archive or a spreadsheet, not text; export it as CSV"
