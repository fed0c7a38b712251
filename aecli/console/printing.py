"""Where output goes and what its pieces look like: answers to stdout, progress and messages to stderr.

Every other module of this package prints through these functions. What a run or a registry is, they do not know.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import IO, TYPE_CHECKING, cast

from aecli.console.streams import Progress, discard
from aecli.console.tables import broken
from aecli.errors import AecliError, ConfigError
from aecli.files.json_files import finite

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

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
    """A console that neither highlights numbers nor reads markup in data, and raises what its stream raises."""
    from rich.console import Console

    class Plain(Console):
        def on_broken_pipe(self) -> None:
            raise  # rich itself would end the process

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else getattr(stream, "columns", None) or plain_width()
    is_paper = hasattr(stream, "columns")
    return Plain(  # in a notebook rich would show what it prints under the cell, whoever captures it
        file=cast("IO[str]", Progress()) if stderr else None,
        highlight=False,
        markup=False,
        emoji=False,
        width=width,
        force_jupyter=False,
        color_system=None if is_paper else "auto",
    )


def plain_width() -> int:
    """Columns of what is no terminal: COLUMNS, as on one, else 120."""
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdecimal() and int(columns) > 0 else PLAIN_WIDTH


def say(text: str) -> None:
    """One line of the answer, as it is."""
    with full_disk_reported():
        print(text, flush=True)


def say_json(data: object) -> None:
    """The answer as JSON; what JSON has no number for (nan, inf) becomes null."""
    say(json.dumps(finite(data), indent=2, allow_nan=False))


def show(renderable: "RenderableType", *, soft_wrap: bool = False) -> None:
    """Print a table or a text as part of the answer."""
    with full_disk_reported():
        stdout().print(renderable, soft_wrap=soft_wrap, crop=False)


@contextmanager
def full_disk_reported() -> Iterator[None]:
    """Raise what is wrong with stdout, other than a reader who has gone, as an error for the user.

    Raises:
        AecliError: the answer cannot be written.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        discard(sys.stdout)
        raise AecliError(f"stdout: cannot be written: {error.strerror or error}") from error


@contextmanager
def closed_pipe_tolerated() -> Iterator[None]:
    """Go on where nobody reads the answer any more, since the exit code is an answer too."""
    try:
        yield
    except BrokenPipeError:
        discard(sys.stdout)


def tell(text: str) -> None:
    """One line of progress; a terminal that is too narrow gets several, and no word is broken."""
    stderr().print(fitting(text), soft_wrap=True)


def fitting(text: str) -> str:
    """Text for stderr: on a terminal in lines that end between words, else as it is."""
    console = stderr()
    return "\n".join(broken(line, console.width) for line in text.splitlines()) if console.is_terminal else text


def message(text: str, *, severity: str = "error") -> None:
    """A message to the user; the first word is coloured, nothing is cut, no word is broken."""
    from rich.text import Text

    head = "" if text.startswith(severity) else f"{severity}: "
    line = Text(fitting(head + text))
    line.stylize(COLOURS[severity], 0, len(severity) + 1)
    stderr().print(line, soft_wrap=True)


def show_error(error: AecliError) -> None:
    """An error for the user: the problems of a config as `file:line:column: ...`, anything else as one message."""
    if isinstance(error, ConfigError):
        for problem in error.problems:
            stderr().print(fitting(str(problem)), soft_wrap=True)
        count = len(error.problems)
        message(f"the config was refused: {count} problem{'s' if count > 1 else ''}")
    else:
        message(str(error))


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
