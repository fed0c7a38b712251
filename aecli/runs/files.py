"""Writing files so that a reader, or a kill at any instant, never meets half of one."""

import json
import math
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from aecli.errors import RunFolderError, UsageError


def write_atomic(path: Path, write: Callable[[BinaryIO], object], *, durable: bool = False) -> None:
    """Write a file under a temporary name in the same folder and move it into place.

    Args:
        path: the file.
        write: writes the content; what it returns is not looked at.
        durable: wait until the disk has it, so that it survives a power cut too.

    Raises:
        RunFolderError: the disk is full, or the folder cannot be written; what was there before is untouched.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            write(file)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
    except (OSError, RuntimeError) as error:  # torch reports a full disk as a RuntimeError
        raise cannot_write(path, error) from error
    finally:
        with suppress(OSError):  # it has been moved, or the folder is no folder
            temporary.unlink()


def cannot_write(path: Path, error: Exception) -> RunFolderError:
    """The error for a file of a run that could not be written."""
    return RunFolderError(
        f"cannot write {path}: {reason_of(error)}; free some space or choose another folder with --out"
    )


def reason_of(error: BaseException) -> str:
    """What the system says, in one line."""
    return getattr(error, "strerror", None) or (str(error) or type(error).__name__).splitlines()[0]


def find_output(path: Path, shown: str) -> Path:
    """Where a file that the user named is written: a link stays one, and what it leads to is written.

    Args:
        path: as the user named it.
        shown: the same for a message, with its flag.

    Raises:
        UsageError: something is there that is no file; moving a file into place would replace a device.
    """
    target = Path(os.path.realpath(path))
    if os.path.lexists(target) and not target.is_file():
        raise UsageError(f"{shown}: cannot be written: it is no file")
    return target


def write_output(path: Path, content: bytes, shown: str) -> None:
    """Write a file that the user named, the whole file or nothing; see `find_output`.

    Raises:
        UsageError: something is there that is no file.
        RunFolderError: the system refused.
    """
    try:
        write_atomic(find_output(path, shown), lambda file: file.write(content))
    except (RunFolderError, OSError) as error:
        raise RunFolderError(f"{shown}: cannot be written: {reason_of(error.__cause__ or error)}") from error


def write_text(path: Path, text: str) -> None:
    """Write a text file atomically."""
    write_atomic(path, lambda file: file.write(text.encode()))


def write_json(path: Path, data: object) -> None:
    """Write JSON atomically; what JSON has no number for (nan, inf) becomes null."""
    write_text(path, json.dumps(finite(data), indent=2) + "\n")


def append_line(path: Path, data: object) -> None:
    """Append one JSON object as a line, and flush it.

    Raises:
        RunFolderError: the line could not be written.
    """
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(finite(data)) + "\n")
    except OSError as error:
        raise cannot_write(path, error) from error


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in a JSON file; None if the file is missing or broken, or holds anything else."""
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON-lines file, up to the first line that is broken."""
    records: list[dict[str, Any]] = []
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return records
    for line in lines:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            break
        if not isinstance(record, dict):
            break
        records.append(record)
    return records


def finite(value: object) -> object:
    """The same data with null for numbers that JSON does not have."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
