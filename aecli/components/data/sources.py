"""The files that a data set is read from: what they look like without being read, and what is in them now.

Size and times of files say at once that nothing was written since; where they differ, the content decides.
"""

import json
import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from aecli.components.data.dataset import DATASETS, load_dataset
from aecli.components.data.files import files_in
from aecli.errors import DataError
from aecli.lazy import LazyModule

hashlib = LazyModule("hashlib")

PATHS = re.compile(r"(.+_)?(file|folder|labels|path|root)")
"""Parameters of data sets that are paths, by what they are called."""
Sources = dict[str, dict[str, str]]
"""Parameter -> the whole path and the stamp of what it names."""


def describe_sources(parameters: Mapping[str, Any], place: Path | None = None) -> Sources:
    """The files and folders that a data set is read from, with a stamp of their sizes and times.

    Args:
        parameters: of the data set.
        place: where relative paths start, if not where the command runs.
    """
    return {name: {"path": str(path), "stamp": stamp(path)} for name, path in paths_of(parameters, place).items()}


def paths_of(parameters: Mapping[str, Any], place: Path | None = None) -> dict[str, Path]:
    """The parameters that name something there."""
    found: dict[str, Path] = {}
    for name, value in parameters.items():
        if isinstance(value, str) and value and PATHS.fullmatch(name):
            try:
                path = (place or Path.cwd()) / Path(value).expanduser()
                if path.exists():
                    found[name] = path
            except (OSError, RuntimeError, ValueError):  # no path, or one that may not be looked at
                continue
    return found


def stamp(path: Path) -> str:
    """A digest of the names, sizes and times of a file, or of all files in a folder: another one after any write.

    Returns: 16 hexadecimal digits; nothing where it is not there or may not be looked at. Costs a second for 100,000
        files.
    """
    digest = hashlib.sha256()
    try:
        names = ["/".join(inside) for inside in files_in(path)] if path.is_dir() else [""]
        for name in names:
            told = os.stat(f"{path}/{name}" if name else path)  # noqa: PTH116, a Path for each of many takes longer
            digest.update(f"{name} {told.st_size} {told.st_mtime_ns} {told.st_ctime_ns};".encode(errors="replace"))
    except (OSError, DataError):
        return ""
    text: str = digest.hexdigest()
    return text[:16]


def is_as_stamped(sources: object) -> bool:
    """Whether nothing was written since to what a run was trained on, to go by sizes and times."""
    return isinstance(sources, dict) and all(
        isinstance(source, dict) and source.get("stamp") and stamp(Path(source["path"])) == source["stamp"]
        for source in sources.values()
    )


def reads_files(name: object) -> bool:
    """Whether a data set is read from files that its parameters name."""
    return name in DATASETS and any(PATHS.fullmatch(parameter.name) for parameter in DATASETS[str(name)].parameters)


def changed_since(data: Mapping[str, Any], parameters: Mapping[str, Any], place: Path | None = None) -> str | None:
    """What has changed of the data that a run was trained on.

    Args:
        data: what the run's environment.json says of its data.
        parameters: of its data set.
        place: where relative paths start, if not where the command runs.

    Returns: the paths; None if the content is the same, or if the data is not read from files that are named.

    Raises:
        DataError: it cannot be read.
    """
    before, name = data.get("sha256"), data.get("dataset")
    if before is None or not reads_files(name):
        return None
    now = describe_sources(parameters, place)
    if now and now == data.get("sources") and all(source["stamp"] for source in now.values()):
        return None
    whole = {**parameters, **{key: source["path"] for key, source in now.items()}}
    if digest_now(str(name), json.dumps(whole, sort_keys=True), json.dumps(now, sort_keys=True)) == before:
        return None
    given = (str(value) for key, value in parameters.items() if value and PATHS.fullmatch(key))
    return ", ".join(given)


@lru_cache(maxsize=64)
def digest_now(name: str, parameters: str, sources: str) -> str:
    """The digest of a data set as it is now, read once for all runs on it.

    Args:
        name: of the data set.
        parameters: as JSON.
        sources: as JSON; another one after any write.

    Raises:
        DataError: it cannot be read.
    """
    return load_dataset(name, json.loads(parameters)).sha256
