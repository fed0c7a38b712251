"""The list of runs on the screen: aligned, as wide as the terminal, ids and numbers whole."""

import pytest

from aecli.comparison.evidence.run_list import list_runs
from aecli.console.run_rows import cut, lines_of, show_run_list
from aecli.runs.notes import tag

ROW = {
    "id": "9f3a",
    "state": "completed",
    "name": "a_name",
    "differs": "huber(delta=0.05), epochs=5",
    "mse ↓": "0.0743",
}
ROW |= {"size": "5.8 MB", "tags": "paper", "note": "the one of the figure"}


@pytest.mark.parametrize("width", [120, 80, 60, 40, 20])
def test_lines_fit_and_ids_and_numbers_are_whole(width):
    lines = lines_of([ROW, {**ROW, "differs": "x" * 90, "tags": "", "note": ""}], width)
    assert max(map(len, lines)) <= width
    assert all("9f3a" in line and "0.0743" in line for line in lines[1:])
    assert lines[0].startswith("id ") and ("5.8 MB" in lines[1]) == (width > 20)


def test_columns_in_which_nothing_stands_are_left_out():
    assert lines_of([{**ROW, "tags": "", "differs": "", "note": ""}], 80)[0].split() == [
        "id",
        "state",
        "name",
        "mse",
        "↓",
        "size",
    ]


def test_what_is_cut_is_marked():
    assert (cut("abcdef", 6), cut("abcdef", 4)) == ("abcdef", "abc…")


def test_a_list_ends_with_how_many_there_are_and_hostile_texts_are_shown_not_obeyed(write_run, tmp_path, capsys):
    paths = [write_run(test={"mse": 0.0123}), write_run(set=["loss.name=mae"], name="a\x1b[31m")]
    tag(paths[0], "paper")
    show_run_list(list_runs(tmp_path / "runs"))
    out = capsys.readouterr().out
    assert "\x1b" not in out and "a\\x1b[31m" in out
    assert out.splitlines()[-1].startswith("2 runs, ") and " paper" in out and "0.0123" in out
    show_run_list(list_runs(tmp_path / "runs", where=["tag=paper"]))
    assert capsys.readouterr().out.splitlines()[-1].startswith("1 of 2 runs, ")
    show_run_list(list_runs(tmp_path / "runs", where=["tag=none"]))
    assert capsys.readouterr().out == f"no run in {tmp_path}/runs: none of the 2 runs there\n"
    (tmp_path / "empty").mkdir()
    show_run_list(list_runs(tmp_path / "empty"))
    assert capsys.readouterr().out == f"no run in {tmp_path}/empty: none yet; aecli train makes one\n"
