"""Who is at which trial: a file for each trial that is being worked on, so that several processes share a sweep.

Every look and every change happens under one lock of the operating system, which it frees when a process ends. A claim
is dead when its process is gone (on this host), or when it has been silent for two minutes (on another). A claim that
someone else has taken over meanwhile is left to them.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from aecli.files.json_files import read_json, write_json
from aecli.runs.folder import timestamp
from aecli.runs.processes import birth, lives

SILENCE_S = 120.0
"""Seconds without a heartbeat after which the owner on another host is taken for dead."""
HEARTBEAT_S = 10.0
OWNER = ("pid", "born", "host")


class Claims:
    """The claims of one sweep folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mine: dict[str, dict[str, object]] = {}
        """Digest -> the process that works for us."""

    def take(self, digest: str, pid: int) -> bool:
        """Claim a trial for a process of this host.

        Returns: whether it is ours now; False where someone who lives has it.
        """
        owner: dict[str, object] = {"pid": pid, "born": birth(pid), "host": socket.gethostname()}
        with self.locked():
            if is_held(read_json(self.path(digest))):
                return False
            self.write(digest, owner)
        self.mine[digest] = owner
        return True

    def beat(self) -> None:
        """Show that our claims live."""
        with self.locked():
            for digest, owner in list(self.mine.items()):
                if self.is_ours(digest):
                    self.write(digest, owner)

    def release(self, digest: str) -> None:
        """Give a trial back."""
        with self.locked():
            if self.is_ours(digest):
                with suppress(OSError):
                    self.path(digest).unlink()
        self.mine.pop(digest, None)

    def is_ours(self, digest: str) -> bool:
        """Whether nobody has taken a claim of ours over, as they may once the process that worked for us is gone."""
        claim = read_json(self.path(digest)) or {}
        return digest in self.mine and all(claim.get(key) == self.mine[digest][key] for key in OWNER)

    def is_taken(self, digest: str) -> bool:
        """Whether someone who lives is at a trial."""
        return is_held(read_json(self.path(digest)))

    def anybody_works(self) -> bool:
        """Whether some trial is being worked on now, as far as can be told without the lock."""
        return any(is_held(read_json(path)) for path in self.folder.glob("*.json"))

    def nobody_works(self) -> bool:
        """Whether no trial is being worked on; certain while the lock is held. Claims of the dead are taken away."""
        for path in self.folder.glob("*.json"):
            if is_held(read_json(path)):
                return False
            with suppress(OSError):
                path.unlink()
        return True

    def path(self, digest: str) -> Path:
        """The claim's file."""
        return self.folder / f"{digest}.json"

    def write(self, digest: str, owner: dict[str, object]) -> None:
        """Write a claim."""
        write_json(self.path(digest), {**owner, "heartbeat": timestamp()})

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else looks or changes while inside."""
        try:
            import fcntl
        except ImportError:  # Windows has no such lock
            yield
            return
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def is_held(claim: dict[str, object] | None) -> bool:
    """Whether the owner of a claim lives."""
    if claim is None:
        return False
    if claim.get("host") == socket.gethostname():
        return lives(claim.get("pid"), claim.get("born"))
    try:
        age = datetime.now(UTC) - datetime.fromisoformat(str(claim["heartbeat"]))
    except (KeyError, TypeError, ValueError):
        return False
    return age.total_seconds() < SILENCE_S
