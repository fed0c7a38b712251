"""A table fits itself to the screen: columns leave by their order, numbers and words stay whole."""

import re

import pytest

from aecli.console.printing import make_console
from aecli.console.tables import line_width, table

ROWS = [["mse, seed 0", "0.06493", "0.0645 *", "-4.0 % to +2.2 %"], ["bce_excess_nats ↓", "0.1994", "1,234", "-"]]
HEADS = ["", "test", "validation of all", "95 % interval"]


def printed(made, width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    console = make_console(stderr=False)
    with console.capture() as captured:
        console.print(made, crop=False)
    return captured.get().splitlines()


@pytest.mark.parametrize("width", [12, 15, 20, 24, 30, 36, 40, 47, 60, 67, 68, 80, 120])
def test_no_line_is_too_wide_and_every_number_is_whole(width, monkeypatch):
    made = table("a title in words", HEADS, ROWS)
    lines = printed(made, width, monkeypatch)
    kept = made.fit(width).kept
    assert kept[0] == 0 and len(kept) > 1
    text = "\n".join(lines)
    for row in ROWS:
        assert all(row[at] in text for at in kept[1:])
    words = {word for head in HEADS for word in head.split()}
    assert all(word in re.split(r"\s+", text) for at in kept for word in HEADS[at].split()), words
    note = " ".join(text.split()).partition("too narrow for ")[2]
    hidden = [HEADS[at] for at in range(4) if at not in kept]
    assert note == (f"{', '.join(hidden)}: set COLUMNS to {made.natural}, or see --json" if hidden else "")
    if width >= 24:
        assert max(map(len, lines)) <= width


def test_the_last_column_leaves_first_unless_the_table_says_otherwise():
    widths = range(70, 20, -3)
    for leaves, order in (((), [3, 2]), ((1,), [1, 3]), ((2, 1), [2, 1])):
        made = table("", HEADS, ROWS, leaves=leaves)
        left = [at for width in widths for at in range(4) if at not in made.fit(width).kept]
        assert list(dict.fromkeys(left)) == order


def test_heads_are_broken_before_names_and_names_before_a_column_leaves():
    made = table("", ["", "mean of severities"], [["the name of a row that is rather long", "0.5"]])
    assert [made.fit(width).widths for width in (60, 45, 36)] == [(37, 18), (30, 10), (22, 10)]
    assert made.fit(made.natural).widths == (37, 18) and line_width((37, 18)) == made.natural


def test_a_name_keeps_its_ends_where_nothing_else_can_give_way(monkeypatch):
    made = table("", ["", "mse"], [["optimization.optimizer.lr=0.001", "0.0675"]])
    text = "\n".join(printed(made, 30, monkeypatch))
    assert " optimizati….lr=0.001  0.0675 " in text


def test_text_in_a_cell_keeps_its_style_and_is_broken_at_blanks(monkeypatch):
    from rich.text import Text

    rows = [["a", Text("no such file or directory: /data/x.npy", "red")]]
    made = table("", ["trial", "reason"], rows, text_columns=2)
    lines = printed(made, 36, monkeypatch)
    assert [line.split() for line in lines[3:5]] == [["a", "no", "such", "file", "or", "directory:"], ["/data/x.npy"]]


def test_a_row_that_is_short_is_filled_and_an_empty_table_has_its_heads(monkeypatch):
    assert "0.5" in "".join(printed(table("", ["", "a", "b"], [["x", "0.5"]]), 40, monkeypatch))
    assert printed(table("", ["", "a"], []), 40, monkeypatch)[1].split() == ["a"]


def test_wide_letters_count_twice(monkeypatch):
    made = table("", ["", "mse"], [["漢字" * 10, "0.0675"]])
    assert made.natural == line_width((40, 6)) and "0.0675" in "\n".join(printed(made, 30, monkeypatch))
