"""What a command would print, as a text."""

import builtins
import io
import sys

from aecli.console.captured import Paper, text_of
from aecli.console.printing import message, say, show, stdout
from aecli.console.tables import table


def test_a_text_is_what_would_be_printed(capfd):
    before = stdout()
    assert text_of(lambda: (say("a"), message("b", severity="note"), say("c"))) == "a\nnote: b\nc"
    assert capfd.readouterr() == ("", "")
    assert text_of(lambda: show(table("", ["name"], [["x"]]))).split() == ["name", "─" * 4, "x"]
    assert stdout() is not before and stdout().file is sys.stdout, "the next command prints where it did"


def test_in_a_notebook_nothing_goes_past_the_one_who_captures(monkeypatch):
    kernel = type("ZMQInteractiveShell", (), {})()
    monkeypatch.setattr(builtins, "get_ipython", lambda: kernel, raising=False)
    assert text_of(lambda: show(table("", ["name"], [["x"]]))).split() == ["name", "─" * 4, "x"]
    assert not stdout().is_jupyter


def test_it_is_as_wide_as_the_screen_it_is_read_on(monkeypatch):
    class Screen(io.StringIO):
        def isatty(self):
            return True

    assert Paper().columns is None
    monkeypatch.setenv("COLUMNS", "61")
    monkeypatch.setattr(sys, "stdout", Screen())
    assert Paper().columns == 61
    assert text_of(lambda: say(str(stdout().width))) == "61"


def test_a_text_has_no_colours_where_a_notebook_asks_for_them(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert text_of(lambda: (message("b", severity="warning"), show("c"))) == "warning: b\nc"
