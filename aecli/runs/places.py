"""Where runs are: which folders are runs, which of them a folder holds, and when each began.

Knows names of files and nothing of what is in a run.
"""

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aecli.files.json_files import read_json
from aecli.files.reading import read_bytes

FILES = ("config.yaml", "status.json", "metrics.jsonl", "summary.json")
"""A folder with two of these is a run, whole or broken."""
ROOT = Path("runs")
"""The folder of all runs where nobody names another."""
NAME = re.compile(r"(\d{8}T\d{6}Z)_(.+)_s\d+_[0-9a-f]{4}")
"""What run folders are called: when it began, the config's name, the seed, four random digits."""
NAME_LINE = re.compile(r"^name: *(.+?) *$", re.M)
HEAD_BYTES = 4096


def is_run(path: Path) -> bool:
    """Whether the folder has two of the files of a run; what is missing then makes it a broken one."""
    found = (name for name in FILES if (path / name).is_file())
    return next(found, None) is not None and next(found, None) is not None


def runs_in(root: Path) -> list[Path]:
    """The runs directly in a folder, and those of the sweeps in it; the folder may be that of a sweep."""
    children = folders_in(root)
    found = [child for child in children if is_run_readable(child)]
    known = set(found)
    sweeps = [root, *(child for child in children if child not in known)]
    within = [run for sweep in sweeps for run in folders_in(sweep / "runs") if is_run_readable(run)]
    return [*found, *within]


def folders_in(path: Path) -> list[Path]:
    """The folders in a folder, hidden ones left out; none where it is missing or may not be read."""
    with suppress(OSError), os.scandir(path) as entries:
        return [path / entry.name for entry in entries if entry.name[0] != "." and entry.is_dir()]
    return []


def is_run_readable(path: Path) -> bool:
    """The same as `is_run`; a folder that may not be looked into is none."""
    with suppress(OSError):
        return is_run(path)
    return False


def newest_first(runs: Iterable[Path]) -> list[Path]:
    """Runs by when they began, the latest first."""
    return sorted(runs, key=lambda run: (started(run, read_json(run / "status.json") or {}), run.name), reverse=True)


def started(run: Path, status: dict[str, Any]) -> str:
    """When a run began, as text that sorts by time: by its status, else its name, else its last change."""
    told = status.get("started")
    if isinstance(told, str):
        return told
    if match := NAME.fullmatch(run.name):
        time = match[1]
        return f"{time[:4]}-{time[4:6]}-{time[6:8]}T{time[9:11]}:{time[11:13]}:{time[13:15]}.000Z"
    with suppress(OSError):
        return datetime.fromtimestamp(run.stat().st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return ""


def config_name(run: Path) -> str:
    """The name of a run's config, by the name of its folder, else by its config.yaml; empty if neither tells."""
    if match := NAME.fullmatch(run.name):
        return match[2]
    with suppress(OSError):
        head = read_bytes(run / "config.yaml", HEAD_BYTES, below=run, head=HEAD_BYTES)
        match = NAME_LINE.search(head.decode(errors="replace"))
        return match[1].strip("'\"") if match else ""
    return ""
