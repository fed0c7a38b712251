"""One run folder, read: whatever it holds, reading it ends in a RunRecord or a LeftOut.

Its files may be cut off, edited, half copied, not readable, or not aecli's at all.
"""

from pathlib import Path
from typing import Any

from aecli.comparison.evidence.index import Index, content_digest
from aecli.comparison.evidence.run_record import LeftOut, RunRecord
from aecli.comparison.evidence.settings import NAMED_SECTIONS, look_up
from aecli.config.yaml_source import MAX_BYTES, parse
from aecli.errors import ConfigError
from aecli.files.json_files import LARGEST, parse_object
from aecli.files.reading import read_bytes
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
        read_file(folder.status_file, 0)
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
    numbers, settings = parse_object(summary), parse_config(config, folder.config.name)
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


def read_file(file: Path, head: int | None = None) -> bytes:
    """The content of a file of a run, or the head of it.

    Raises:
        OSError: with the name of the file: it is not there, is no file, is too large, or may not be read.
    """
    return read_bytes(file, LARGEST, below=file.parent, head=head)


def unfinished(path: Path, status: dict[str, Any]) -> LeftOut:
    """Why a run that is not complete is left out."""
    kind, epoch, epochs, reason = (status.get(key) for key in ("status", "epoch", "epochs", "reason"))
    if kind not in (*UNFINISHED, *FAILED):
        return LeftOut(path, "broken", "status.json is damaged")
    text = kind if epoch is None or epochs is None else f"{kind}, epoch {epoch} of {epochs}"
    text = printable(f"{text}: {reason}" if reason else text)
    return LeftOut(path, "failed" if kind in FAILED else "unfinished", text[:REASON_LENGTH])


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
