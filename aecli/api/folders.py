"""The one place where what is named in Python, one or several, becomes what the rooms below take: runs and texts."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from aecli.errors import UsageError
from aecli.text import each

AnyRun = str | os.PathLike[str]
"""A run folder, as a path or as a Run."""


def one_run(run: AnyRun) -> Path:
    """The folder of one run that somebody named.

    Raises:
        UsageError: it is neither a path nor a Run.
    """
    try:
        return Path(run)
    except TypeError:
        raise UsageError(f"expected a run: a path or a Run, got {type(run).__name__}") from None


def many_runs(runs: AnyRun | Iterable[AnyRun]) -> list[str]:
    """The folders that somebody named: one path, glob or Run, or several.

    Raises:
        UsageError: one of them is neither a path nor a Run.
    """
    try:
        return [os.fspath(run) for run in ([runs] if isinstance(runs, (str, os.PathLike)) else runs)]
    except TypeError:
        raise UsageError(f"expected runs: paths, globs or Runs, one or a list of them, got {runs!r}") from None


def one_or_more(texts: str | Sequence[str]) -> list[str]:
    """One text is one, never a row of letters.

    Raises:
        UsageError: there is something else among them.

    Example:
        >>> one_or_more("seed=3"), one_or_more(("a", "b"))
        (['seed=3'], ['a', 'b'])
    """
    found = each(texts)
    if other := [text for text in found if not isinstance(text, str)]:
        raise UsageError(f"expected a text such as {'seed=3'!r}, or a list of them, got {other[0]!r}")
    return found
