"""The runs of a folder as a list, whatever became of them: state, config, main number, size, notes and tags.

A thousand configs are read in a moment: of YAML that aecli wrote, no section is parsed twice.
"""

import json
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from aecli.comparison.evidence.collect import garbage_collection_paused
from aecli.comparison.evidence.conditions import is_number, known_keys, meets, read_condition
from aecli.comparison.evidence.labels import make_labels
from aecli.comparison.evidence.lookup import locate
from aecli.comparison.evidence.measures import DEFAULT_METRIC, SPLITS, Measure, measure
from aecli.comparison.evidence.read_run import is_sound, parse_config, read_file
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.evidence.settings import choose_factors, flatten, identity, spell_settings
from aecli.config.yaml_source import MAX_BYTES, parse
from aecli.errors import AecliError, UsageError
from aecli.registry import unknown_name
from aecli.runs.folder import RunFolder
from aecli.runs.ids import short_ids
from aecli.runs.notes import Notes, read_notes
from aecli.runs.places import runs_in, started
from aecli.runs.sizes import bytes_in
from aecli.text import printable

COLUMNS = ("id", "state", "name", "differs", "size", "started", "seed", "tag")
"""What can be sorted by and asked for, besides metrics and keys of the config."""
TAG_CONDITION = re.compile(r"^\s*tag\s*(!=|=)\s*(\S+)\s*$")
SUITES, AFTER_TEST = "suites", "code"
"""Keys of summary.json: what is most of it and comes last, and what follows the metrics of the three splits."""
SECTION = re.compile(r"^(?=\w)", re.M)


@dataclass(frozen=True)
class ListedRun:
    """One run of the list."""

    record: RunRecord
    id: str
    """What can be typed for it."""
    started: str
    """In UTC; text that sorts by time."""
    bytes: int
    notes: Notes
    differs: str = ""
    """What sets its config apart from the others in the list, in few characters."""

    @property
    def state(self) -> str:
        """As in status.json; `broken` where that cannot be read."""
        return str(self.record.status.get("status", "broken"))

    def plain(self, metric: Measure) -> dict[str, Any]:
        """For JSON."""
        return {
            "id": self.id,
            "run": str(self.record.path),
            "started": self.started,
            "state": self.state,
            "epoch": self.record.status.get("epoch"),
            "epochs": self.record.status.get("epochs"),
            "name": self.record.config.get("name"),
            "seed": self.record.config.get("seed"),
            "differs": self.differs,
            metric.name: metric.value(self.record),
            "bytes": self.bytes,
            "pruned": self.record.status.get("pruned"),
            **self.notes.plain(),
        }


@dataclass(frozen=True)
class RunList:
    """What there is."""

    root: Path
    runs: tuple[ListedRun, ...]
    metric: Measure
    """The number that is shown."""
    found: int
    """How many runs there were before any condition."""


def list_runs(root: str | Path = "runs", *, sort: str | None = None, where: Sequence[str] = ()) -> RunList:
    """The runs in a folder and in the sweeps in it, newest first.

    Args:
        root: the folder of runs.
        sort: one of COLUMNS, a metric (best first) or a key of the config.
        where: conditions such as `state=completed`, `tag=x`, `loss.name=mse`, `test.mse<0.01`.

    Raises:
        UsageError: there is no such folder, or a condition or a column cannot be read.
    """
    root = Path(root)
    if not root.is_dir():
        raise UsageError(f"{printable(root)}: no such folder; runs are in ./runs of the folder where they were trained")
    paths = runs_in(root)
    end = SUITES if where or sort not in (None, *COLUMNS) else AFTER_TEST
    with garbage_collection_paused():
        listed = [read_listed(path, short, end) for path, short in zip(paths, short_ids(paths), strict=True)]
    listed.sort(key=lambda one: (one.started, one.record.path.name), reverse=True)
    named = with_differences(select(listed, where))
    records = [one.record for one in listed]
    asked = None if sort is None or sort in COLUMNS else locate(sort, records)
    is_measured = asked is not None and any(asked.value(record) is not None for record in records)
    metric = asked if asked and is_measured else measure(DEFAULT_METRIC)
    order = sort_key(sort or "started", metric if is_measured else None, records)
    return RunList(root, tuple(sorted(named, key=order)), metric, len(listed))


def read_listed(path: Path, short: str, end: str) -> ListedRun:
    """One run, in whatever state it is, with its summary up to a key."""
    folder = RunFolder(path)
    record = RunRecord(folder, read_config(folder), read_head(folder, end), folder.read_status())
    return ListedRun(record, short, started(path, record.status), bytes_in(path), read_notes(path))


def read_head(folder: RunFolder, end: str) -> dict[str, Any]:
    """summary.json up to a key of its first level, so that what is long and not asked for is not read."""
    with suppress(OSError, ValueError):
        head, rest, _ = read_file(folder.summary).decode().partition(f'\n  "{end}": ')
        found = json.loads(head.rstrip().removesuffix(",") + "}" if rest else head)
        return {key: part for key, part in found.items() if key != SUITES} if isinstance(found, dict) else {}
    return {key: part for key, part in folder.read_summary().items() if key != SUITES}


def read_config(folder: RunFolder) -> dict[str, Any]:
    """What config.yaml says; empty if it is missing or damaged."""
    try:
        text = read_file(folder.config, MAX_BYTES + 1).decode("utf-8-sig")
        config: dict[str, Any] = {}
        for section in SECTION.split(text):
            config |= parse_section(section)
        if is_sound(config):
            return config
    except (OSError, UnicodeDecodeError):
        return {}
    except (AecliError, TypeError):  # YAML that hangs together across sections
        pass
    return parse_config(text.encode(), folder.config.name) or {}


@lru_cache(maxsize=10_000)
def parse_section(text: str) -> dict[str, Any]:
    """A part of a config that begins at a key of the first level."""
    found: dict[str, Any] = parse(text, "config.yaml", fast=True).data or {}
    return found


def with_differences(listed: Sequence[ListedRun]) -> list[ListedRun]:
    """The same, each with what sets its config apart; with the loss where nothing does."""
    parts = [content_of(one.record.config) for one in listed]
    samples = {part: one.record.config for part, one in zip(parts, listed, strict=True) if one.record.config}
    keys = {part: identity(config) for part, config in samples.items()}
    configs = {key: samples[part] for part, key in keys.items()}
    rows = spell_settings(list(configs.values()), choose_factors(list(configs.values())) or ["loss"])
    settings = dict(zip(configs, rows, strict=True))
    labels = make_labels(settings, configs) if len(rows) > 1 else {key: row["loss"] for key, row in settings.items()}
    texts = {part: printable(labels[key]) for part, key in keys.items()}
    return [replace(one, differs=texts.get(part, "")) for one, part in zip(listed, parts, strict=True)]


def content_of(config: dict[str, Any]) -> tuple[object, ...]:
    """Equal for configs of the same sections, which are the same objects where their text was the same."""
    return tuple((key, id(part)) for key, part in config.items() if key not in ("name", "seed"))


def select(listed: Sequence[ListedRun], where: Sequence[str]) -> list[ListedRun]:
    """The runs that meet every condition on a column, a metric or a key of the config.

    Raises:
        UsageError: a condition cannot be read.
    """
    tags = [match for text in where if (match := TAG_CONDITION.match(text))]
    others = [text for text in where if not TAG_CONDITION.match(text)]
    seen = [as_condition_sees(one) for one in listed] if others else []
    conditions = [read_condition(text, seen) for text in others]
    met = [all(meets(record, condition) for condition in conditions) for record in seen] or [True] * len(listed)
    return [
        one
        for one, is_met in zip(listed, met, strict=True)
        if is_met and all((match[2] in one.notes.tags) == (match[1] == "=") for match in tags)
    ]


def as_condition_sees(one: ListedRun) -> RunRecord:
    """The run with its columns and its metrics among the keys of its config."""
    columns = {"id": one.id, "state": one.state, "size": one.bytes, "started": one.started}
    return replace(
        one.record, config={**one.record.config, **columns, **{key: one.record.part([key]) for key in SPLITS}}
    )


def sort_key(sort: str, metric: Measure | None, records: Sequence[RunRecord]) -> Callable[[ListedRun], tuple[Any, ...]]:
    """The order of a column: best, largest or first in the alphabet first, what has nothing there last.

    Args:
        sort: the column; a list that is newest first keeps that among equals.
        metric: the column as a number that was measured.
        records: all runs, for the keys of their configs.

    Raises:
        UsageError: there is no such column.
    """
    if metric is not None:
        return lambda one: missing_last(
            value if (value := metric.value(one.record)) is None else metric.loss_like(value)
        )
    columns: dict[str, Callable[[ListedRun], tuple[Any, ...]]] = {
        "id": lambda one: (one.id,),
        "state": lambda one: (one.state,),
        "name": lambda one: (str(one.record.config.get("name", "")),),
        "differs": lambda one: (one.differs,),
        "size": lambda one: (-one.bytes,),
        "started": lambda one: (),
        "seed": lambda one: missing_last(one.record.config.get("seed")),
        "tag": lambda one: (not one.notes.tags, one.notes.tags),
    }
    if sort in columns:
        return columns[sort]
    if sort not in known_keys(records):
        raise UsageError(
            f"--sort {unknown_name(printable(sort), COLUMNS, 'columns, besides metrics and keys of configs')}"
        )
    return lambda one: missing_last(flatten(one.record.config).get(sort))


def missing_last(value: object) -> tuple[Any, ...]:
    """A key that sorts numbers before texts, and nothing last."""
    if value is None:
        return (2, "")
    return (0, value) if is_number(value) else (1, str(value))
