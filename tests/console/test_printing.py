"""Answers go to stdout as they are, progress to stderr, and what JSON has no number for is null."""

import io
import json
import re
import sys

import pytest

from aecli.console.printing import duration, message, number, plain_width, say, say_json, show, show_error, stderr, tell
from aecli.console.tables import table
from aecli.errors import ConfigError, Problem


def test_an_answer_is_printed_as_it_is_and_progress_beside_it(capsys):
    long = "word " * 100
    say(long)
    tell(long)
    message("it is so", severity="warning")
    out, err = capsys.readouterr()
    assert out == long + "\n" and err.splitlines() == [long, "warning: it is so"]


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_on_a_terminal_no_word_of_a_message_is_broken(columns, monkeypatch):
    class Screen(io.StringIO):
        def isatty(self):
            return True

    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")
    stderr.cache_clear()
    said = "this net is behind the mean image: test mse 0.07727 against 0.06753; only 24 steps of the optimizer"
    try:
        message(said, severity="warning")
        show_error(ConfigError([Problem("", "", said)]))
    finally:
        stderr.cache_clear()
    lines = [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", screen.getvalue()).splitlines()]
    assert max(map(len, lines)) <= columns
    assert " ".join(lines) == f"warning: {said} {said} error: the config was refused: 1 problem"


def test_what_json_has_no_number_for_is_null(capsys):
    say_json({"a": float("nan"), "b": [float("inf"), 1]})
    assert json.loads(capsys.readouterr().out) == {"a": None, "b": [None, 1]}


def test_the_last_columns_of_a_table_are_numbers(capsys):
    show(table("title", ["", "mse"], [["short", "1"], ["much longer", "0.25"]]))
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == "title" and any(line.endswith("   1") for line in lines), "flush right"


@pytest.mark.parametrize(("value", "text"), [(None, "-"), (1234, "1,234"), (0.123456, "0.1235"), (-0.0, "0")])
def test_a_number_has_four_digits_and_a_count_all(value, text):
    assert number(value) == text


@pytest.mark.parametrize(("seconds", "text"), [(7, "0:07"), (754, "12:34"), (3723, "1:02:03")])
def test_a_duration_is_that_of_a_clock(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(("columns", "width"), [("99", 99), ("0", 120), ("wide", 120)])
def test_what_is_no_terminal_is_as_wide_as_columns_says(columns, width, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    assert plain_width() == width
