"""The list of runs, fitted to the terminal."""

import shutil
import sys
from collections.abc import Sequence

from aecli.comparison.evidence.run_list import ListedRun, RunList
from aecli.console.printing import number, plain_width, say
from aecli.runs.sizes import size_words
from aecli.text import counted, printable

GAP = 2
LEAST = {"note": 8, "differs": 10, "name": 6, "tags": 6}
"""Columns that may be cut, and what is left of them at least; below that they are left out, last one first."""


def show_run_list(found: RunList) -> None:
    """One line for each run; on a narrow terminal texts are cut, then columns left out, ids and numbers never."""
    if not found.runs:
        of = f"none of the {counted(found.found, 'run')} there" if found.found else "none yet; aecli train makes one"
        say(f"no run in {printable(found.root)}: {of}")
        return
    rows, width = [row_of(one, found) for one in found.runs], screen_width()
    lines = lines_of(rows, width)
    if hidden := [column for column in columns_of(rows) if column not in fit_columns(rows, width)]:
        lines.append(f"too narrow for {', '.join(hidden)}: widen the terminal, set COLUMNS, or see --json")
    of = f" of {found.found}" if found.found != len(found.runs) else ""
    total = size_words(sum(one.bytes for one in found.runs))
    say("\n".join([*lines, f"{len(found.runs)}{of} run{'s' * (found.found != 1)}, {total}"]))


def screen_width() -> int:
    """Columns of the terminal, or of what is none; rich, which knows as well, takes a tenth of a second to load."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else plain_width()


def row_of(one: ListedRun, found: RunList) -> dict[str, str]:
    """The columns of a run, in their order."""
    record, value = one.record, found.metric.value(one.record)
    row = {"id": one.id, "state": one.state, "name": str(record.config.get("name") or record.path.name)}
    row |= {"differs": one.differs, found.metric.title: number(value), "size": size_words(one.bytes)}
    row |= {"tags": " ".join(one.notes.tags), "note": one.notes.notes[-1]["text"] if one.notes.notes else ""}
    return {column: text if text.isprintable() else printable(text) for column, text in row.items()}


def lines_of(rows: Sequence[dict[str, str]], width: int) -> list[str]:
    """Aligned lines of at most so many columns, as far as ids and numbers allow, with a head."""
    texts = ("id", "state", *LEAST)
    wide = fit_columns(rows, width)

    def line(row: dict[str, str]) -> str:
        cells = [
            cut(row[column], space).ljust(space) if column in texts else row[column].rjust(space)
            for column, space in wide.items()
        ]
        return (" " * GAP).join(cells).rstrip()

    return [line({column: column for column in rows[0]}), *map(line, rows)]


def columns_of(rows: Sequence[dict[str, str]]) -> list[str]:
    """The columns that say something."""
    return [column for column in rows[0] if column not in LEAST or any(row[column] for row in rows)]


def fit_columns(rows: Sequence[dict[str, str]], width: int) -> dict[str, int]:
    """The columns that are shown on a screen of so many letters, and how wide each of them is."""
    columns = columns_of(rows)
    wide = {column: max(len(column), *(len(row[column]) for row in rows)) for column in columns}
    for column, least in LEAST.items():
        excess = sum(wide.values()) + GAP * (len(wide) - 1) - width
        if column in wide and excess > 0:
            wide[column] = max(min(least, wide[column]), wide[column] - excess)
    for column in ("note", "tags", "name", "differs", "size", "state"):
        if sum(wide.values()) + GAP * (len(wide) - 1) > width:
            wide.pop(column, None)
    return wide


def cut(text: str, space: int) -> str:
    """The beginning of a text that is too long, marked as such."""
    return text if len(text) <= space else text[: space - 1] + "…"
