"""A page in the browser of whoever sits at the machine; where there is none, nothing happens."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TEXT_ONLY = ("www-browser", "links", "elinks", "lynx", "w3m")
"""Browsers that would take over the terminal."""


def open_page(path: Path) -> bool:
    """Show a file in the browser, whose own messages are not shown.

    Returns: whether there is one to show it in.
    """
    import webbrowser

    if not has_screen():
        return False
    try:
        browser = webbrowser.get()
        if Path(str(getattr(browser, "name", ""))).name in TEXT_ONLY:
            return False
        with quiet_children():
            return browser.open(path.absolute().as_uri())
    except (webbrowser.Error, OSError, ValueError):
        return False


def has_screen() -> bool:
    """Whether this process can open a window, or was told by BROWSER how to show a page."""
    if sys.platform in ("win32", "darwin") or os.environ.get("BROWSER"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextmanager
def quiet_children() -> Iterator[None]:
    """Processes that are started meanwhile write to nowhere: stdout is for the answer alone."""
    sys.stdout.flush()
    with Path(os.devnull).open("w") as nowhere:
        kept = [(number, os.dup(number)) for number in (1, 2)]
        try:
            for number, _ in kept:
                os.dup2(nowhere.fileno(), number)
            yield
        finally:
            for number, copy in kept:
                os.dup2(copy, number)
                os.close(copy)
