"""One run folder, read: whatever it holds, reading it ends in a RunRecord or a LeftOut.

Its files may be cut off, edited, half copied, not readable, or not aecli's at all.
"""

import json
from pathlib import Path
from typing import Any

from aecli.comparison.evidence.index import Index, content_digest
from aecli.comparison.evidence.run_record import LeftOut, RunRecord
from aecli.comparison.evidence.settings import NAMED_SECTIONS, look_up
from aecli.config.yaml_source import MAX_BYTES, parse
from aecli.errors import ConfigError
from aecli.runs.folder import SCHEMA, RunFolder
from aecli.text import printable

SECTIONS = ("data", "architecture", "optimization", "training")
UNFINISHED = ("running", "interrupted")
FAILED = ("failed", "diverged")
REASON_LENGTH = 300


def read_run(path: Path, index: Index | None = None) -> RunRecord | LeftOut:
    """Read one run folder, or say why it cannot be compared.

    Args:
        path: the run folder.
        index: what is known about the runs beside it; what is read now is added.
    """
    folder = RunFolder(path)
    try:
        require(folder.status_file)
        status = folder.read_status()
        if status.get("status") != "completed":
            return unfinished(path, status)
        summary, config = read_file(folder.summary), read_file(folder.config, MAX_BYTES + 1)
    except FileNotFoundError as error:
        return LeftOut(path, "broken", f"has no {Path(error.filename or 'a file').name}")
    except OSError as error:
        return unreadable(path, error, Path(error.filename or "a file").name)
    if index is None:
        return parse_run(folder, status, summary, config)
    digest = content_digest(summary, config)
    known = index.find(path.name, digest)
    if known is not None and is_sound(known[0]) and isinstance(known[1], dict) and known[1].get("schema") == SCHEMA:
        return RunRecord(folder, *known, status)
    run = parse_run(folder, status, summary, config)
    if isinstance(run, RunRecord):
        index.add(path.name, digest, run.config, run.head)
    return run


def parse_run(folder: RunFolder, status: dict[str, Any], summary: bytes, config: bytes) -> RunRecord | LeftOut:
    """A complete run from the content of its files, or what is wrong with them."""
    numbers, settings = parse_summary(summary), parse_config(config, folder.config.name)
    if numbers is None:
        return LeftOut(folder.path, "broken", "summary.json is damaged; write it anew with: aecli resume")
    if numbers.get("schema") != SCHEMA:
        schema = printable(numbers.get("schema"))[:20]
        return LeftOut(folder.path, "broken", f"summary.json has schema {schema}, and this aecli knows {SCHEMA}")
    if settings is None:
        return LeftOut(folder.path, "broken", "config.yaml is damaged")
    suites = numbers.pop("suites", {})
    return RunRecord(folder, settings, numbers, status, suites)


def unreadable(path: Path, error: OSError, file: str = "") -> LeftOut:
    """A folder that may not be looked into, or a file in it."""
    return LeftOut(path, "unreadable", printable(f"{file} cannot be read: {error.strerror}".strip()))


def require(file: Path) -> None:
    """Refuse a file that is not there, is no file, or may not be read.

    Raises:
        OSError: with the name of the file.
    """
    read_file(file, 0)


def read_file(file: Path, size: int = -1) -> bytes:
    """The content of a file, at most so many bytes of it.

    Raises:
        OSError: with the name of the file: it is not there, is no file, or may not be read.
    """
    if not file.is_file():  # to open a pipe would wait for ever
        raise FileNotFoundError(0, "is no file", str(file))
    with file.open("rb") as stream:
        return stream.read(size)


def unfinished(path: Path, status: dict[str, Any]) -> LeftOut:
    """Why a run that is not complete is left out."""
    kind, epoch, epochs, reason = (status.get(key) for key in ("status", "epoch", "epochs", "reason"))
    if kind not in (*UNFINISHED, *FAILED):
        return LeftOut(path, "broken", "status.json is damaged")
    text = kind if epoch is None or epochs is None else f"{kind}, epoch {epoch} of {epochs}"
    text = printable(f"{text}: {reason}" if reason else text)
    return LeftOut(path, "failed" if kind in FAILED else "unfinished", text[:REASON_LENGTH])


def parse_summary(content: bytes) -> dict[str, Any] | None:
    """What summary.json says; None if it is damaged."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def parse_config(content: bytes, name: str) -> dict[str, Any] | None:
    """The config that a run wrote; None if it is damaged or lacks what every config has."""
    try:
        config = parse(content.decode("utf-8-sig"), name, fast=True).data
    except (ConfigError, UnicodeDecodeError):
        return None
    return config if is_sound(config) else None


def is_sound(config: object) -> bool:
    """Whether a config has what every config has."""
    return (
        isinstance(config, dict)
        and type(config.get("seed")) is int
        and all(isinstance(config.get(section), dict) for section in SECTIONS)
        and bool(config.get("loss"))
        and isinstance(config.get("regularization"), list)
        and all(has_names(look_up(config, key) or []) for key in NAMED_SECTIONS)
    )


def has_names(part: object) -> bool:
    """Whether it is a mapping with a name, or a list of such."""
    return all(
        isinstance(item, dict) and isinstance(item.get("name"), str)
        for item in (part if isinstance(part, list) else [part])
    )
