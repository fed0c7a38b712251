"""Who watches what Python started: a line that moves where a human looks, nobody elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aecli.experiment.record import Watcher
    from aecli.sweep.watching import SweepWatcher


def is_wanted(progress: bool | None) -> bool:
    """Whether to show progress; where nobody said, in a notebook and on a terminal."""
    if progress is not None:
        return progress
    from aecli.console.notebook import in_notebook

    return in_notebook() or (sys.stderr is not None and sys.stderr.isatty())


@contextmanager
def watching_run(watcher: "Watcher | None", progress: bool | None) -> "Iterator[Watcher | None]":
    """The watcher that was given, or the one that suits where this runs."""
    if watcher is not None or not is_wanted(progress):
        yield watcher
        return
    from aecli.console.notebook import NotebookRun, in_notebook
    from aecli.console.run_watchers import make_watcher

    made = NotebookRun() if in_notebook() else make_watcher(quiet=False)
    try:
        yield made
    finally:
        if made is not None:
            made.close()


@contextmanager
def watching_sweep(watcher: "SweepWatcher | None", progress: bool | None) -> "Iterator[SweepWatcher]":
    """The watcher that was given, or the one that suits where this runs; stdout stays free."""
    if watcher is not None:
        yield watcher
        return
    from aecli.api.foreseen import foresee
    from aecli.console.notebook import NotebookSweep, in_notebook
    from aecli.console.sweep_watchers import make_sweep_watcher

    shown = is_wanted(progress)
    lines = make_sweep_watcher(quiet=not shown, json=True, foresee=foresee if shown else None)
    made = NotebookSweep() if shown and in_notebook() else lines
    try:
        yield made
    finally:
        made.close()


def teller(progress: bool | None) -> Callable[[str], None]:
    """Who is told what is being measured."""
    if not is_wanted(progress):
        return lambda text: None
    from aecli.console.notebook import LiveText, in_notebook
    from aecli.console.printing import tell

    return LiveText().show if in_notebook() else tell
