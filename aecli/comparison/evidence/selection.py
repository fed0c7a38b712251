"""Runs among which a search chose: why the number of its winner is too good, and how to get an honest one.

A search leaves `search.json` and sweeps with fresh seeds beside the folder of its runs; here they are read, never made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Any

from aecli.comparison.evidence.run_record import RunRecord
from aecli.runs.files import read_json
from aecli.text import printable


@dataclass(frozen=True)
class Selection:
    """A search whose runs are compared."""

    folder: str
    objectives: tuple[str, ...]
    luck: str
    """In words, how much of being the best is luck."""
    fresh: tuple[tuple[str, str], ...]
    """(command, YAML) of each sweep with fresh seeds; empty while the search is not at its end."""


def find_selections(runs: Sequence[RunRecord]) -> list[Selection]:
    """The searches that runs come from, each once."""
    folders = dict.fromkeys(run.path.parent.parent for run in runs)
    return [found for found in map(read_selection, folders) if found is not None]


def read_selection(folder: Path) -> Selection | None:
    """The search in a sweep folder; None where there is none."""
    found = read_json(folder / "search.json")
    if found is None:
        is_begun = (folder / "search.log").is_file()
        return Selection(printable(folder), (), "it is not at its end yet", ()) if is_begun else None
    objectives = found.get("objectives")
    names = tuple(map(printable, objectives)) if isinstance(objectives, list) else ()
    return Selection(
        printable(folder), names, luck_words(found.get("luck")), tuple(fresh_sweeps(folder, found.get("best")))
    )


def fresh_sweeps(folder: Path, best: object) -> list[tuple[str, str]]:
    """The sweeps with fresh seeds that a search has written: of its winner, or of each member of the front."""
    found = []
    offered = [one.get("fresh_seeds") for one in best if isinstance(one, dict)] if isinstance(best, list) else []
    for path in (
        folder / Path(name).name for name in offered if isinstance(name, str)
    ):  # the folder may have been moved
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, ValueError):
            continue
        body = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
        found.append((f"aecli sweep --config {quote(printable(path))}", body.strip()))
    return found


def luck_words(luck: object) -> str:
    """How much of being the best is luck.

    Example:
        >>> luck_words({"settings": 12, "seeds": 3, "deviations": 1.63, "optimism": 0.00031})
        'were all 12 settings equally good, the best of them would look 0.00031 better than it is'
    """
    held: Mapping[str, Any] = luck if isinstance(luck, Mapping) else {}
    settings, deviations, optimism = (held.get(key) for key in ("settings", "deviations", "optimism"))
    if not isinstance(settings, int) or not isinstance(deviations, (int, float)) or settings < 1:
        return "the best of many is partly the luckiest"
    if settings == 1:
        return "there was no other to choose from"
    if isinstance(optimism, (int, float)):
        return (
            f"were all {settings:,} settings equally good, the best of them would look {optimism:.2g} better than it is"
        )
    spread = f"{deviations:.2g} standard deviations of the spread over seeds"
    return f"were all {settings:,} settings equally good, the best of them would look better than it is by {spread}, which one seed each cannot show"


def selection_words(selection: Selection) -> tuple[str, str]:
    """What is wrong, and what it forbids to conclude, each in one sentence."""
    by = ", ".join(selection.objectives) or "validation numbers"
    what = f"{selection.folder} is a search: its settings were chosen by {by}; {selection.luck}"
    offer = (
        f"fresh seeds for it: {' and '.join(command for command, _ in selection.fresh)}"
        if selection.fresh
        else "let it come to its end, which writes a sweep with fresh seeds"
    )
    return (
        what,
        f"the winner's validation number is optimistic, and its test number as far as its seeds were lucky; {offer}",
    )
