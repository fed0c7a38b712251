"""The list of runs and the difference of two configs as Python sees them: a line, a text, HTML, plain data."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from aecli.api.answer import Answer
from aecli.api.folders import one_or_more
from aecli.comparison.evidence import config_diff, run_list
from aecli.text import counted, printable


@dataclass(frozen=True, repr=False)
class RunList(Answer, run_list.RunList):
    """The runs of a folder, in the order that was asked for."""

    def __len__(self) -> int:
        return len(self.runs)

    def __iter__(self) -> Iterator[run_list.ListedRun]:
        return iter(self.runs)

    def __bool__(self) -> bool:
        return bool(self.runs)

    def brief(self) -> str:
        """`'runs', 3 of 12 runs`."""
        some = f"{len(self)} of " if len(self) != self.found else ""
        return f"{printable(self.root)!r}, {some}{counted(self.found, 'run')}"

    def show(self) -> None:
        """Print what `aecli runs` prints."""
        from aecli.console.run_rows import show_run_list

        show_run_list(self)

    def plain(self) -> list[dict[str, Any]]:
        """As data for JSON: `aecli runs --json`."""
        return [one.plain(self.metric) for one in self.runs]


@dataclass(frozen=True, repr=False)
class ConfigDiff(Answer, config_diff.ConfigDiff):
    """The settings in which two runs or configs differ."""

    def brief(self) -> str:
        """`'a.yaml', 'b.yaml': 2 settings differ`."""
        return f"{', '.join(repr(printable(name)) for name in self.names)}: {counted(len(self.keys), 'difference')}"

    def show(self) -> None:
        """Print what `aecli diff` prints."""
        from aecli.console.changed_settings import show_config_diff

        show_config_diff(self)

    def plain(self) -> dict[str, Any]:
        """As data for JSON: `aecli diff --json`."""
        return config_diff.ConfigDiff.plain(self)


def list_runs(
    root: str | os.PathLike[str] = "runs", *, sort: str | None = None, where: str | Sequence[str] = ()
) -> RunList:
    """The runs in a folder and in the sweeps in it, newest first.

    Args:
        root: the folder of runs.
        sort: a column of `aecli runs`, a metric (best first) or a key of the config.
        where: conditions such as `state=completed`, `tag=x`, `loss.name=mse`, `test.mse<0.01`.

    Raises:
        UsageError: there is no such folder, or a condition or a column cannot be read.
    """
    found = run_list.list_runs(os.fspath(root), sort=sort, where=one_or_more(where))
    return RunList(**{one.name: getattr(found, one.name) for one in fields(found)})


def diff_configs(one: str | os.PathLike[str], other: str | os.PathLike[str]) -> ConfigDiff:
    """Where two runs or configs differ.

    Args:
        one: a run as anywhere, or a config's file or name.
        other: the same.

    Raises:
        UsageError, ConfigError: one of them is neither.
    """
    found = config_diff.diff_configs(os.fspath(one), os.fspath(other))
    return ConfigDiff(found.names, found.sides)
