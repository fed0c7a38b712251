"""A page in the browser of whoever sits at the machine; where there is none, nothing happens."""

import os
import sys
import webbrowser
from pathlib import Path

TEXT_ONLY = ("www-browser", "links", "elinks", "lynx", "w3m")
"""Browsers that would take over the terminal."""


def open_page(path: Path) -> bool:
    """Show a file in the browser; what the browser prints is not shown.

    Returns: whether there is one to show it in.
    """
    if not has_screen():
        return False
    try:
        browser = webbrowser.get()
        if getattr(browser, "name", "") in TEXT_ONLY:
            return False
        return browser.open(path.absolute().as_uri())
    except (webbrowser.Error, OSError):
        return False


def has_screen() -> bool:
    """Whether this process can open a window, or was told by BROWSER how to show a page."""
    if sys.platform in ("win32", "darwin") or os.environ.get("BROWSER"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
