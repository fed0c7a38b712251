"""Tables: varieties of CSV, classes, and refusals with line and column."""

import time

import numpy as np
import pytest

from aecli.components.data.tables import csv

HEADER = "a,b,kind\n"
ROWS = "1,10,cat\n2,20,dog\n3,30,cat\n4,40,ant\n"


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return str(path)


def both(tmp_path, text, **params):
    path = write(tmp_path / "t.csv", text)
    return csv(file=path, test_file=path, **params)


def test_numbers_and_text_labels_are_read(tmp_path):
    data = both(tmp_path, HEADER + ROWS, label="kind")
    assert data.columns == ["a", "b"] and data.image_shape is None and data.train_NP.dtype == np.float32
    assert data.train_NP.tolist() == [[1, 10], [2, 20], [3, 30], [4, 40]]
    assert data.train_labels_N.tolist() == [1, 2, 1, 0] and data.train_labels_N.dtype == np.int64
    assert data.scaling == {"kind": "minmax", "offset": [1, 10], "scale": [3, 30]} and data.rows.unit_range


@pytest.mark.parametrize(
    "labels, expected",
    [
        (["7", "-2", "7", "100"], [7, -2, 7, 100]),
        (["1.0", "2.0", "1.0", "3.0"], [1, 2, 1, 3]),
        (["10.5", "9.5", "10.5", "100"], [1, 0, 1, 2]),
        (["10", "9", "x", "9"], [0, 1, 2, 1]),
        ([" b", "a ", '"b"', "a"], [1, 0, 1, 0]),
    ],
    ids=["whole", "whole with a point", "numbers", "mixed", "spaces and quotes"],
)
def test_whole_labels_are_kept_and_others_numbered_in_sorted_order(labels, expected, tmp_path):
    text = "kind,a\n" + "".join(f"{label},{row}\n" for row, label in enumerate(labels))
    assert both(tmp_path, text, label="kind").train_labels_N.tolist() == expected


def test_both_files_number_the_classes_alike(tmp_path):
    train, test = write(tmp_path / "a.csv", "a,k\n1,x\n2,z\n"), write(tmp_path / "b.csv", "a,k\n1,z\n2,y\n")
    data = csv(file=train, test_file=test, label="k")
    assert (data.train_labels_N.tolist(), data.test_labels_N.tolist()) == ([0, 2], [2, 1])


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffa,b\n1,2\n3,4\n5,6\n",
        "a,b\r\n1,2\r\n3,4\r\n5,6\r\n",
        "a,b\n1,2\n\n3,4\n5,6\n\n\n",
        'a,"b"\n"1",2\n 3 , 4.0\n5e0,+6',
    ],
    ids=["byte order mark", "windows", "blank lines", "quotes and spaces"],
)
def test_the_usual_varieties_of_csv_are_read(text, tmp_path):
    data = both(tmp_path, text)
    assert data.train_NP.tolist() == [[1, 2], [3, 4], [5, 6]] and data.columns == ["a", "b"]


def test_another_delimiter_and_one_column_are_read(tmp_path):
    assert both(tmp_path, "a;b\n1;2\n3;4\n", delimiter=";").train_NP.tolist() == [[1, 2], [3, 4]]
    assert both(tmp_path, "a\tb\n1\t2\n3\t4\n", delimiter="\t").train_NP.tolist() == [[1, 2], [3, 4]]
    assert both(tmp_path, "a\n1\n2\n").train_NP.tolist() == [[1], [2]]


def test_a_share_is_held_out_without_a_test_file(tmp_path):
    path = write(tmp_path / "t.csv", "a\n" + "".join(f"{row}\n" for row in range(10)))
    data = csv(file=path, test_share=0.3)
    assert (len(data.train_NP), len(data.test_NP)) == (7, 3)
    assert sorted(np.concatenate([data.train_NP, data.test_NP])[:, 0].tolist()) == list(range(10))


def test_standard_and_no_scaling(tmp_path):
    assert both(tmp_path, "a\n1\n3\n", scaling="standard").scaling == {"kind": "standard", "offset": [2], "scale": [1]}
    assert both(tmp_path, "a\n1\n3\n", scaling="none").scaling == {"kind": "none"}


@pytest.mark.parametrize(
    "text, params, message",
    [
        ("", {}, ": is empty, or starts with an empty line; expected a header row"),
        ("\n1,2\n", {}, ": is empty, or starts with an empty line; expected a header row"),
        ("a,b\n", {}, ": has a header but no rows"),
        ("a,b\n1,2\n3,4\n", {}, ": has 2 rows; at least 3 are needed"),
        (
            "1,2\n3,4\n",
            {},
            ":1: the header is missing: the first row holds only numbers; add a row of column names",
        ),
        ("a,b,a\n1,2,3\n", {}, ':1: column "a" is there twice; rename one'),
        ("a,b\n1,2\n", {"label": "c"}, ':1: no label column "c"; columns: a, b'),
        ("a\n1\n", {"label": "a"}, ':1: has no column besides the label "a"; there is nothing to reconstruct'),
        (
            "a,b\n1,2\n3,abc\n5,6\n",
            {},
            ':3: column "b": not a number: "abc"\n{}: 1 problem in all; correct or remove these rows',
        ),
        (
            "a,b\n1,2\n3,\n 5 ,nan\n-inf,6\n",
            {},
            ':3: column "b": empty cell\n{}:4: column "b": not a finite number: "nan"\n'
            '{}:5: column "a": not a finite number: "-inf"\n{}: 3 problems in all; correct or remove these rows',
        ),
        (
            "a,b\n1,2\n3\n5,6,7\n",
            {},
            ":3: 1 cells, but the header has 2\n{}:4: 3 cells, but the header has 2\n"
            "{}: 2 problems in all; correct or remove these rows",
        ),
        (
            "a,b\n1,2,3\n4,5,6\n",
            {},
            ": every row has 3 cells, but the header has 2; give each column a name, that of row names too",
        ),
        (
            "a,k\n1,x\n2, \n3,y\n",
            {"label": "k"},
            ':3: column "k": empty cell\n{}: 1 problem in all; correct or remove these rows',
        ),
        (
            "a;b\n1;2\n",
            {},
            ':2: column "a;b": not a number: "1;2"\n'
            "{}: 1 problem in all; correct or remove these rows; is the delimiter right?",
        ),
        (
            "a\n1_000\n2\n",
            {},
            ':2: column "a": not a number: "1_000"\n{}: 1 problem in all; correct or remove these rows',
        ),
        (
            "t,b\n" + "".join(f"{1.7e9 + row:.0f},1\n" for row in range(8)),
            {},
            ': column "t": its values differ by less than 32-bit numbers resolve; '
            "subtract a constant from it, or remove it",
        ),
        ("a,b\n1,2\n", {"delimiter": "::"}, ': delimiter must be one character, such as ","'),
    ],
    ids=[
        "empty", "blank first line", "no rows", "two rows", "no header", "duplicate", "no label", "only label", "text",
        "missing and not finite", "ragged", "all too long", "missing label", "delimiter", "underscore", "time stamps",
        "long delimiter",
    ],
)  # fmt: skip
def test_bad_tables_are_refused_with_line_and_column(text, params, message, tmp_path, refusal):
    path = write(tmp_path / "t.csv", text)
    assert refusal("csv", file=path, **params) == path + message.replace("{}", path)


@pytest.mark.parametrize("cell", ["nan", "NaN", "inf", "-Infinity", "1e999"])
def test_a_number_that_is_not_finite_is_refused_where_numpy_would_take_it(cell, tmp_path, refusal):
    path = write(tmp_path / "t.csv", f"a,b\n1,2\n3,{cell}\n5,6\n")
    assert refusal("csv", file=path).startswith(f'{path}:3: column "b": not a finite number: "{cell}"\n')


def test_only_the_first_problems_are_listed_with_their_number(tmp_path, refusal):
    path = write(tmp_path / "t.csv", "a,b\n" + "x,1\n" * 300 + "2,1\n")
    lines = refusal("csv", file=path).splitlines()
    assert lines[4:] == [
        f'{path}:6: column "a": not a number: "x"',
        f"{path}: 300 problems in all; correct or remove these rows",
    ]


def test_the_line_is_right_after_blank_lines_and_line_breaks_in_quotes(tmp_path, refusal):
    path = write(tmp_path / "t.csv", 'a,k\n1,"x\ny"\n\noops,z\n')
    assert refusal("csv", file=path, label="k").startswith(f'{path}:5: column "a": not a number: "oops"')


def test_another_header_in_the_test_file_is_refused(tmp_path, refusal):
    train, test = write(tmp_path / "a.csv", "a,b\n1,2\n3,4\n"), write(tmp_path / "b.csv", "b,a\n1,2\n")
    assert refusal("csv", file=train, test_file=test) == (
        f"{test}:1: the columns are not those of {train}, in the same order"
    )


def test_what_is_no_text_is_refused(tmp_path, refusal):
    path = tmp_path / "t.csv"
    path.write_bytes("größe,b\n1,2\n".encode("latin-1"))
    assert refusal("csv", file=path) == f"{path}: is not UTF-8 text: invalid start byte; save it as UTF-8"
    path.write_bytes(b"a,b\n1,\x00\n")
    assert refusal("csv", file=path).startswith(f'{path}:2: column "b": not a number')
    assert refusal("csv", file=tmp_path) == f"{tmp_path}: is a folder; name a file"


def test_a_large_table_is_read_at_once(tmp_path):
    values = np.random.default_rng(0).normal(size=(10_000, 50)).round(6)
    path = tmp_path / "t.csv"
    np.savetxt(path, values, delimiter=",", fmt="%.6f", header=",".join(f"c{i}" for i in range(50)), comments="")
    start = time.perf_counter()
    data = csv(file=str(path))
    assert time.perf_counter() - start < 2.0  # about 0.1 s; a tenth of 100,000 x 50
    assert sorted(np.concatenate([data.train_NP, data.test_NP])[:, 0]) == sorted(values[:, 0].astype(np.float32))
