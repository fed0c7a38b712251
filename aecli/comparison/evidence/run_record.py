"""One run as it was read back: a complete run, or the reason why it cannot be compared."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from aecli.runs.folder import RunFolder
from aecli.runs.stored_values import finite_number

DEEPEST = 50


@dataclass(frozen=True)
class RunRecord:
    """A complete run, read back."""

    folder: RunFolder
    config: dict[str, Any]
    """The effective config as plain data."""
    head: dict[str, Any]
    """summary.json without its suites, which are most of it."""
    status: dict[str, Any]
    suites_read: object = field(default=None, repr=False, compare=False)
    """`suites` of summary.json, where that was parsed."""
    tuned: tuple[str, ...] = ()
    """Keys of the config whose values were tuned before this run judges them; see `tunings`."""

    @cached_property
    def suites(self) -> dict[str, Any]:
        """`suites` of summary.json; empty where there are none."""
        suites = self.folder.read_summary().get("suites") if self.suites_read is None else self.suites_read
        return suites if isinstance(suites, dict) else {}

    @property
    def summary(self) -> dict[str, Any]:
        """summary.json."""
        return {**self.head, "suites": self.suites}

    @property
    def path(self) -> Path:
        """The run folder."""
        return self.folder.path

    @property
    def seed(self) -> int:
        """The seed of every random stream."""
        return int(self.config["seed"])

    @cached_property
    def environment(self) -> dict[str, Any]:
        """environment.json; empty if it is missing or broken."""
        environment = self.folder.read_environment()
        return environment if is_shallow(environment) else {}

    @property
    def started(self) -> str:
        """When it began, as text that sorts by time; empty if that is not known."""
        started = self.status.get("started")
        return started if isinstance(started, str) else ""

    @property
    def data(self) -> dict[str, Any]:
        """What the run was trained and judged on; empty if it is not known."""
        data = self.environment.get("data")
        return data if isinstance(data, dict) else {}

    @property
    def data_sha256(self) -> str | None:
        """The digest of the data; None if it is not known."""
        digest = self.data.get("sha256")
        return digest if isinstance(digest, str) else None

    def part(self, path: Iterable[str]) -> dict[str, Any]:
        """The mapping at a path of summary.json; empty where there is none."""
        value: object = self.head
        for key in path:
            value = (
                self.suites
                if value is self.head and key == "suites"
                else value.get(key)
                if isinstance(value, dict)
                else None
            )
        return value if isinstance(value, dict) else {}

    def number(self, path: Sequence[str]) -> float | None:
        """The finite number at a path of summary.json; None where there is none."""
        return finite_number(self.part(path[:-1]).get(path[-1]))


@dataclass(frozen=True)
class LeftOut:
    """A folder that cannot be compared."""

    path: Path
    kind: str
    """unfinished | failed | broken | unreadable | foreign"""
    reason: str
    """In one line, fit to be printed."""


def is_shallow(data: object, levels: int = DEEPEST) -> bool:
    """Whether data is nested so little that nobody who walks through it runs out of stack."""
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return levels > 0 and all(is_shallow(part, levels - 1) for part in parts)
