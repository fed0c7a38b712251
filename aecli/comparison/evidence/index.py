"""An index of the runs in a folder: what their config and the head of their summary say, so that none is parsed again.

It lies in the cache folder, one file for each folder of runs, and may be deleted at any time. An entry belongs to the
content of the files it was made of, by SHA-256: to read and hash them takes a fifth of the time that parsing takes, and
unlike sizes, times and inodes, which a copy, a second clock or a quick second write can repeat, it is never wrong.
"""

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aecli import __version__
from aecli.cache import cache_folder, store
from aecli.files.reading import MIB, read_bytes

FORMAT = f"aecli {__version__}, index 1"
WORTH = 32
"""New entries for which the file is written; fewer runs are read in a moment."""
LARGEST = 256 * MIB
KEPT = 16
"""Files in the cache, the ones written last."""

Entry = list[Any]
"""Digest of the files, config, head of the summary."""


@dataclass
class Index:
    """What is known about the runs in one folder."""

    parent: Path
    file: Path | None
    """Where it is kept; None where there is no cache folder."""
    known: dict[str, Entry]
    """As it was kept: name of the run folder -> entry."""
    fresh: dict[str, Entry] = field(default_factory=dict)
    """What was read since."""

    def find(self, name: str, digest: str) -> tuple[Any, Any] | None:
        """Config and head of the summary of a run whose files have this digest; whatever was kept, so to be checked."""
        entry = self.known.get(name)
        return (entry[1], entry[2]) if isinstance(entry, list) and len(entry) == 3 and entry[0] == digest else None

    def add(self, name: str, digest: str, config: dict[str, Any], head: dict[str, Any]) -> None:
        """Remember a run that was read."""
        self.fresh[name] = [digest, config, head]

    def save(self) -> None:
        """Keep it, if enough is new; where nothing can be written, nothing is kept."""
        if self.file is None or len(self.fresh) < WORTH:
            return
        with suppress(OSError, RecursionError):
            present = {path.name for path in self.parent.iterdir()}
            entries = {name: entry for name, entry in (self.known | self.fresh).items() if name in present}
            content = json.dumps({"format": FORMAT, "runs": entries}).encode()
            store(self.file, hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
            remove_old(self.file.parent)


def open_index(parent: Path) -> Index:
    """The index of a folder of runs, empty where none was kept, or a damaged one, or one of another version."""
    try:
        name = hashlib.sha256(os.path.realpath(parent).encode(errors="surrogateescape")).hexdigest()[:32]
        file = cache_folder() / "index" / f"{name}.json"
    except OSError:  # no home folder
        return Index(parent, None, {})
    return Index(parent, file, read_entries(file))


def read_entries(file: Path) -> dict[str, Entry]:
    """What a file holds: the digest of the rest, then JSON; nothing for anything else."""
    with suppress(OSError, ValueError, RecursionError):
        digest, _, content = read_bytes(file, LARGEST).partition(b"\n")
        if hashlib.sha256(content).hexdigest().encode() != digest:
            return {}
        data = json.loads(content)
        if isinstance(data, dict) and data.get("format") == FORMAT and isinstance(data.get("runs"), dict):
            entries: dict[str, Entry] = data["runs"]
            return entries
    return {}


def remove_old(folder: Path) -> None:
    """Leave only the files that were written last; folders of runs come and go."""
    files = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime)
    for file in files[:-KEPT]:
        file.unlink(missing_ok=True)


def content_digest(*contents: bytes) -> str:
    """SHA-256 of several files, each with its length, so that nothing can move from one to the next."""
    digest = hashlib.sha256()
    for content in contents:
        digest.update(b"%d;" % len(content))
        digest.update(content)
    return digest.hexdigest()
