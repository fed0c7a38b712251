"""JSON on the disk: objects, and objects by the line."""

import json
import math
from pathlib import Path
from typing import Any

from aecli.files.reading import MIB, open_file, read_bytes
from aecli.files.writing import append, write_text, writing

LARGEST = 32 * MIB
"""Bytes of a JSON file."""
LONGEST = 4 * MIB
"""Bytes of a line."""
MOST_VALUES = 4_000_000
"""Values in a file: each takes some hundred bytes of memory, and as little as two on the disk."""


def write_json(path: Path, data: object, *, durable: bool = False) -> None:
    """Write JSON atomically; what JSON has no number for (nan, inf) becomes null."""
    write_text(path, json.dumps(finite(data), indent=2) + "\n", durable=durable)


def append_line(path: Path, data: object) -> None:
    """Append one JSON object as a line, whole or not at all.

    Raises:
        RunFolderError: the line could not be written.
    """
    with writing(path):
        append(path, (json.dumps(finite(data)) + "\n").encode())


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in a JSON file; None if the file is missing or broken, or holds anything else."""
    try:
        return parse_object(read_bytes(path, LARGEST, below=path.parent))
    except OSError:
        return None


def parse_object(content: bytes) -> dict[str, Any] | None:
    """The object that JSON says; None if it is broken, says anything else, or more than any of ours."""
    if count_values(content) > MOST_VALUES:
        return None
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def count_values(content: bytes) -> int:
    """At least as many as there are values in JSON, without taking memory for any of them."""
    return 1 + sum(map(content.count, (b",", b"[", b"{")))


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON-lines file, up to the first line that is broken."""
    records: list[dict[str, Any]] = []
    values = 0
    try:
        with open_file(path, below=path.parent) as file:
            while line := file.readline(LONGEST):
                values += count_values(line)
                record = parse_object(line) if line.strip() and values <= MOST_VALUES else None
                if record is None:
                    break
                records.append(record)
    except OSError:
        pass
    return records


def finite(value: object) -> object:
    """The same data with null for numbers that JSON does not have."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
