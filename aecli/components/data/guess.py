"""What people write for a data set, as a mapping with its name: a path alone, or a path under another key."""

from pathlib import Path
from typing import Any

from aecli.components.data.dataset import DATASETS
from aecli.errors import DataError

FORMS = "{name: images, folder: PATH}, or {name: csv, file: PATH}; also npy, npz, idx"
BY_SUFFIX: dict[str, dict[str, Any]] = {
    ".csv": {"name": "csv"},
    ".tsv": {"name": "csv", "delimiter": "\t"},
    ".npy": {"name": "npy"},
    ".npz": {"name": "npz"},
}


def spell_out(value: object) -> object:
    """A path as the data set that reads it; anything else as it is.

    Raises:
        ValueError: nothing reads it, or the path stands under the wrong key.

    Example:
        >>> spell_out("rows.csv"), spell_out("mnist")
        ({'name': 'csv', 'file': 'rows.csv'}, 'mnist')
    """
    if isinstance(value, str):
        return value if value in DATASETS or not looks_like_path(value) else by_path(value)
    if not isinstance(value, dict):
        return value
    name = value.get("name")
    if isinstance(name, str) and name not in DATASETS and looks_like_path(name):  # a path, and parameters set beside it
        return {**by_path(name), **{key: one for key, one in value.items() if key != "name"}}
    given = {key: value[key] for key in ("file", "folder") if isinstance(value.get(key), str)}
    if name is None and len(given) == 1:
        (path,) = given.values()
        return {**by_path(path), **{key: one for key, one in value.items() if key not in given}}
    if isinstance(name, str) and name in DATASETS:
        refuse_wrong_key(name, given)
    return value


def looks_like_path(text: str) -> bool:
    """Whether a text is rather a path than a name.

    Example:
        >>> [looks_like_path(text) for text in ("mnits", "./pictures", "x.npy", "~", "rows.parquet")]
        [False, True, True, True, True]
    """
    return "/" in text or text.startswith(("~", ".")) or "." in text or "\\" in text or there(text).exists()


def there(text: str) -> Path:
    """The path that a text says."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


def by_path(text: str) -> dict[str, Any]:
    """The data set of a path: by its ending, or by what is in the folder.

    Raises:
        ValueError: it is not there, or nothing reads it.
    """
    path = there(text)
    if known := BY_SUFFIX.get(path.suffix.lower()):
        return {**known, "file": text}
    try:
        if path.is_dir():
            return {"name": "idx" if holds_idx(path) else "images", "folder": text}
        found = path.exists()
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from error
    if found:
        raise ValueError(f"{text}: no data set reads {path.suffix or 'a file without an ending'}; write {FORMS}")
    raise ValueError(f"{text}: no such file or folder, and no name of a data set; write {FORMS}")


def holds_idx(folder: Path) -> bool:
    """Whether files of a folder are called as IDX files are."""
    return any("images" in path.name and ("idx" in path.name or "ubyte" in path.name) for path in folder.iterdir())


def refuse_wrong_key(name: str, given: dict[str, str]) -> None:
    """Refuse a path under the key of the other kind.

    Raises:
        ValueError: with the right one.
    """
    takes = {parameter.name for parameter in DATASETS[name].parameters}
    for wrong, right in (("file", "folder"), ("folder", "file")):
        if wrong in given and wrong not in takes and right in takes:
            raise ValueError(f"{name} takes {right}, not {wrong}: write {right}: {given[wrong]}")
