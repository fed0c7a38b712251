"""`aecli docs`."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from aecli import console
from aecli.cli import app
from aecli.cli.docs_command import complete_page, complete_word
from aecli.console.markdown import for_the_screen
from aecli.errors import UsageError
from aecli.pages import docs, page_titles


@pytest.fixture(autouse=True)
def fresh_consoles():
    """Consoles that write to whatever stdout is now."""
    console.stdout.cache_clear()
    yield
    console.stdout.cache_clear()


def call(*arguments, **variables):
    return CliRunner(env=variables).invoke(app, ["docs", *arguments])


def process(*arguments):
    command = [sys.executable, "-X", "importtime", "-m", "aecli", "docs", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_without_a_page_there_is_a_list_that_says_how_to_read_one():
    result = call()
    assert result.exit_code == 0
    assert result.stdout == f"{docs()}\nread one: aecli docs PAGE, such as configs; look up a word: aecli docs fvu\n"


@pytest.mark.parametrize("page", page_titles())
def test_where_there_is_no_terminal_a_page_is_its_markdown(page):
    assert call(page).stdout == docs(page)


@pytest.mark.parametrize("page", page_titles())
def test_on_a_terminal_a_page_is_drawn_within_its_width(page):
    result = call(page, TTY_COMPATIBLE="1", NO_COLOR="1", COLUMNS="80", TERM="xterm")
    assert result.exit_code == 0
    assert "](" not in result.stdout and "```" not in result.stdout and "|---" not in result.stdout
    lines = [line.replace("\x1b[0m", "") for line in result.stdout.splitlines()]
    assert page_titles()[page] in lines[0]


def test_the_shell_completes_the_pages_that_begin_with_what_was_typed():
    assert complete_page("") == list(page_titles())
    assert complete_page("sw") == ["sweeps"] and complete_page("nothing") == []
    assert complete_word("bce") == ["bce_excess_nats", "bce_nats"]


def test_a_word_is_looked_up_in_its_page_or_by_itself():
    assert call("words", "rope").stdout == call("rope").stdout == docs("words", "rope")
    result = call("words", "rpoe")
    assert result.exit_code == 2 or isinstance(result.exception, UsageError)


def test_an_unknown_page_is_refused_with_the_nearest_name_and_no_torch_is_loaded():
    done = process("sweps")
    assert done.returncode == 2 and done.stdout == ""
    said = f'error: unknown page "sweps"; did you mean "sweeps"? pages: {", ".join(page_titles())}'
    assert said in done.stderr.splitlines()
    assert not {line.split()[-1] for line in done.stderr.splitlines()} & {"torch", "numpy", "scipy"}


def test_links_say_how_to_read_what_they_lead_to():
    assert for_the_screen("[a](data.md) [b](#c) [d](../../e/f.md) [g](https://h.i)") == (
        "a (`aecli docs data`) b d (e/f.md in the repository) [g](https://h.i)"
    )


def test_code_stays_as_it_is():
    text = "`[a](data.md)`\n\n```\nx[0](data.md)\n```\n"
    assert for_the_screen(text) == text
