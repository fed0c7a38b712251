"""What the user sees: the only place that imports rich, and only once there is something to print.

stdout carries the answer, stderr the progress. On a terminal there are bars and colours, elsewhere plain lines; rich
itself honours NO_COLOR. The last line of an answer that names a folder is printed as it is, never wrapped.
"""

from aecli.console.browser import open_page
from aecli.console.entries import show_entries
from aecli.console.printing import (
    closed_pipe_tolerated,
    discard_stdout,
    message,
    say,
    say_json,
    show_error,
    stderr,
    stdout,
    tell,
)
from aecli.console.run_watchers import make_watcher
from aecli.console.runs import show_findings, show_run, show_scores, show_standing

__all__ = [
    "closed_pipe_tolerated",
    "discard_stdout",
    "make_watcher",
    "message",
    "open_page",
    "say",
    "say_json",
    "show_entries",
    "show_error",
    "show_findings",
    "show_run",
    "show_scores",
    "show_standing",
    "stderr",
    "stdout",
    "tell",
]
