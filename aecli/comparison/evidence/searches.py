"""Runs among which a search chose: by what, among how many, and which sweeps would give its winner an honest number.

A search leaves `search.json` and sweeps with fresh seeds beside the folder of its runs; here they are read, never made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aecli.comparison.evidence.run_record import RunRecord
from aecli.config.yaml_source import MAX_BYTES
from aecli.files.json_files import read_json
from aecli.files.reading import read_bytes
from aecli.text import printable, shell_word


@dataclass(frozen=True)
class SearchRecord:
    """A search whose runs are compared."""

    folder: str
    objectives: tuple[str, ...]
    luck: Mapping[str, object]
    """As the search wrote it: how many settings with how many seeds, and how much too good the best of equals looks."""
    is_ended: bool
    fresh: tuple[tuple[str, str], ...]
    """(command, YAML) of each sweep with fresh seeds; empty while the search is not at its end."""


def find_searches(runs: Sequence[RunRecord]) -> list[SearchRecord]:
    """The searches that runs come from, each once."""
    folders = dict.fromkeys(run.path.parent.parent for run in runs)
    return [found for found in map(read_search, folders) if found is not None]


def read_search(folder: Path) -> SearchRecord | None:
    """The search in a sweep folder; None where there is none."""
    found = read_json(folder / "search.json")
    if found is None:
        is_begun = (folder / "search.log").is_file()
        return SearchRecord(printable(folder), (), {}, is_ended=False, fresh=()) if is_begun else None
    objectives, luck = found.get("objectives"), found.get("luck")
    return SearchRecord(
        folder=printable(folder),
        objectives=tuple(map(printable, objectives)) if isinstance(objectives, list) else (),
        luck=luck if isinstance(luck, dict) else {},
        is_ended=True,
        fresh=tuple(fresh_sweeps(folder, found.get("best"))),
    )


def fresh_sweeps(folder: Path, best: object) -> list[tuple[str, str]]:
    """The sweeps with fresh seeds that a search has written: of its winner, or of each member of the front."""
    found = []
    offered = [one.get("fresh_seeds") for one in best if isinstance(one, dict)] if isinstance(best, list) else []
    names = (Path(name).name for name in offered if isinstance(name, str))
    for path in (folder / name for name in names):  # the folder may have been moved
        try:
            text = read_bytes(path, MAX_BYTES, below=folder).decode()
        except (OSError, ValueError):
            continue
        body = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
        found.append((f"aecli sweep --config {shell_word(path)}", body.strip()))
    return found
