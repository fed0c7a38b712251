"""What a command would print, as a text: for whoever has its answer as an object."""

import io
import shutil
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout

from aecli.console.printing import stderr, stdout


class Paper(io.StringIO):
    """A text that is as wide as the screen it will be read on, where there is one, and never coloured."""

    def __init__(self) -> None:
        super().__init__()
        self.columns = shutil.get_terminal_size().columns if sys.stdout is not None and sys.stdout.isatty() else None
        """None where there is no screen."""


def text_of(show: Callable[[], None]) -> str:
    """What a function of this package prints, without the line end after it."""
    paper = Paper()
    consoles = (stdout, stderr)
    for console in consoles:
        console.cache_clear()
    try:
        with redirect_stdout(paper), redirect_stderr(paper):
            show()
    finally:
        for console in consoles:
            console.cache_clear()
    return paper.getvalue().rstrip("\n")
