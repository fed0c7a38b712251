"""What somebody wrote about a run: notes and tags, in notes.json of its folder. Nothing else depends on them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aecli.errors import UsageError
from aecli.files.json_files import read_json, write_json
from aecli.files.writing import remove_file
from aecli.text import printable

FILE = "notes.json"
SCHEMA = 1
TAG = re.compile(r"\w[\w.-]*")


@dataclass(frozen=True)
class Notes:
    """Notes and tags of one run."""

    notes: tuple[dict[str, str], ...] = ()
    """`{"time": in UTC, "text": as written}`, oldest first."""
    tags: tuple[str, ...] = ()
    """In alphabetical order."""

    def plain(self) -> dict[str, Any]:
        """As in the file."""
        return {"notes": list(self.notes), "tags": list(self.tags)}


def read_notes(run: Path) -> Notes:
    """The notes of a run; none where the file is missing or broken."""
    found = read_json(run / FILE) or {}
    notes, tags = (value if isinstance(value := found.get(key), list) else [] for key in ("notes", "tags"))
    whole = [
        one for one in notes if isinstance(one, dict) and all(isinstance(one.get(k), str) for k in ("time", "text"))
    ]
    return Notes(tuple(whole), tuple(sorted({tag for tag in tags if isinstance(tag, str)})))


def write_notes(run: Path, notes: Notes) -> None:
    """Write the file, or take it away where nothing is left to say.

    Raises:
        RunFolderError: it cannot be written.
    """
    if notes == Notes():
        remove_file(run / FILE)
    else:
        write_json(run / FILE, {"schema": SCHEMA, **notes.plain()})


def add_note(run: Path, text: str) -> None:
    """Add a note to those of a run.

    Raises:
        UsageError: it is empty.
    """
    if not text.strip():
        raise UsageError('an empty note; write it as: aecli runs note RUN "what I saw"')
    old, now = read_notes(run), datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    write_notes(run, Notes((*old.notes, {"time": now, "text": text.strip()}), old.tags))


def remove_notes(run: Path) -> int:
    """Take all notes of a run away, its tags not; returns how many there were."""
    old = read_notes(run)
    write_notes(run, Notes((), old.tags))
    return len(old.notes)


def tag(run: Path, name: str, *, remove: bool = False) -> bool:
    """Give a run a tag, or take it away; returns whether that changed anything."""
    old = read_notes(run)
    tags = set(old.tags) - {name} if remove else {*old.tags, name}
    if tags != set(old.tags):
        write_notes(run, Notes(old.notes, tuple(sorted(tags))))
    return tags != set(old.tags)


def check_tag(name: str) -> str:
    """A tag, as given.

    Raises:
        UsageError: it has characters that a shell or `tag:NAME` would take for something else.
    """
    if not TAG.fullmatch(name):
        raise UsageError(f'tag "{printable(name)}": letters, digits, "_", "." and "-" make a tag')
    return name
