"""Where output goes and what its pieces look like: answers to stdout, progress and messages to stderr.

Every other module of this package prints through these functions. What a run or a registry is, they do not know.
"""

import json
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from aecli.errors import AecliError, ConfigError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

COLOURS = {"error": "bold red", "warning": "yellow", "note": "dim"}
PLAIN_WIDTH = 120
"""Columns where there is no terminal to ask."""


@cache
def stdout() -> "Console":
    """The console of answers."""
    return make_console(stderr=False)


@cache
def stderr() -> "Console":
    """The console of progress and messages."""
    return make_console(stderr=True)


def make_console(*, stderr: bool) -> "Console":
    """A console that neither highlights numbers nor reads markup in data."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, width=None if stream.isatty() else PLAIN_WIDTH)


def say(text: str) -> None:
    """One line of the answer, as it is."""
    print(text, flush=True)


def say_json(data: Any) -> None:
    """The answer as JSON."""
    print(json.dumps(data, indent=2), flush=True)


def show(renderable: Any) -> None:
    """Print a table or a text as part of the answer."""
    stdout().print(renderable)


def tell(text: str) -> None:
    """One line of progress."""
    stderr().print(text, soft_wrap=True)


def message(text: str, *, severity: str = "error") -> None:
    """A message to the user; the first word is coloured, lines are never cut."""
    from rich.text import Text

    head = "" if text.startswith(severity) else f"{severity}: "
    line = Text(head + text)
    line.stylize(COLOURS[severity], 0, len(severity) + 1)
    stderr().print(line, soft_wrap=True)


def show_error(error: AecliError) -> None:
    """An error for the user: the problems of a config as `file:line:column: ...`, anything else as one message."""
    if isinstance(error, ConfigError):
        for problem in error.problems:
            stderr().print(str(problem), soft_wrap=True)
        count = len(error.problems)
        message(f"the config was refused: {count} problem{'s' if count > 1 else ''}")
    else:
        message(str(error))


def table(title: str, columns: list[str], rows: list[list[str]], *, text_columns: int = 1) -> "Table":
    """A table whose first columns are text and whose others are numbers."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    made = Table(title=title or None, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for index, column in enumerate(columns):
        is_text = index < text_columns
        made.add_column(column, justify="left" if is_text else "right", overflow="fold", no_wrap=not is_text and " " not in column)
    for row in rows:
        made.add_row(*row)
    return made


def number(value: float | None) -> str:
    """A measured value with four significant digits, a count whole; a dash where there is none."""
    if value is None:
        return "-"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value + 0.0:.4g}"


def duration(seconds: float) -> str:
    """`0:07`, `12:34`, `1:02:03`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
