"""From what the user gave to one checked Config: find the file, resolve `extends`, apply `--set`, validate."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from aecli.config.checks import check
from aecli.config.merge import apply_set, merge, read_file
from aecli.config.presets import find_config, preset_file, preset_names
from aecli.config.problems import explain, in_order
from aecli.config.schema import Config, LossTerm, keep_current
from aecli.config.yaml_source import Document
from aecli.errors import ConfigError, Problem
from aecli.text import shell_word

SWEEP_KEYS = {"base", "seeds", "looks", "grid", "zip", "list", "random", "search", "tune", "exclude"}
"""Of a sweep's file, which is no config of a run."""


def read_chain(path: Path, above: tuple[Path, ...] = ()) -> Document:
    """A file with everything it extends, merged; without a name of its own it is called like the file."""
    shown = os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
    document = read_file(path, shown)
    if document.data.keys() & SWEEP_KEYS and not document.data.keys() & Config.model_fields.keys() - {"name"}:
        how = f"aecli sweep --config {shell_word(shown)}"
        raise ConfigError([Problem(shown, "", f"is a sweep, not the config of one run: {how}")])
    document.data.setdefault("name", name_after(path))
    return extend(document, path.parent, (*above, path.resolve()))


def name_after(path: Path, otherwise: str = "run") -> str:
    """The name of a run whose config has none: that of the file, less what a name may not have; a pipe has none."""
    if not path.is_file():
        return otherwise
    return re.sub(r"[^A-Za-z0-9._-]+", "_", path.stem).lstrip("._-")[:64] or otherwise


def extend(document: Document, folder: Path, chain: tuple[Path, ...]) -> Document:
    """A document merged over what it extends, which is looked for in the folder first; `chain` came before."""
    if "extends" not in document.data:
        return document
    base = document.data.pop("extends")
    where = document.locate(("extends",))
    if not isinstance(base, str):
        raise ConfigError([Problem(where, "extends", "expected the name of one YAML file")])
    try:
        base_path = find_config(base, beside=folder)
    except ConfigError as error:
        raise ConfigError([Problem(where, "extends", error.problems[0].message)]) from None
    is_itself = chain[-1:] == (base_path.resolve(),)
    if is_itself and {base, f"{base}.yaml"} & {*preset_names()}:  # it may be called like the preset that it changes
        base_path = preset_file(base)
    if base_path.resolve() in chain:
        raise ConfigError([Problem(where, "extends", f'"{base}" extends this file in turn; break the circle')])
    return merge(read_chain(base_path, chain), document)


def load_config(
    source: "str | Path | Mapping[str, Any] | Config", *, set: str | Sequence[str] = (), **shortcuts: Any
) -> Config:
    """One checked config.

    Args:
        source: a file, the name of a preset, a mapping of sections, or a Config.
        set: overrides `section.key=value`, as with --set.
        shortcuts: `seed`, `name` and `device`, as with the flags; None leaves the value alone.

    Returns: the config, every default filled in; it remembers where each value came from.

    Raises:
        ConfigError: with everything that is wrong, one problem each.
    Example:
        >>> load_config({"loss": "huber"}, set=["loss.delta=0.2"]).loss_terms[0].delta
        0.2
    """
    if isinstance(source, Config):
        document = Document(source.plain(), "config")
    elif isinstance(source, Mapping):
        document = extend(Document(thawed(source), "config"), Path(), ())
    else:
        document = read_chain(find_config(str(source)))
    document = apply_set(document, set)
    paths = {"seed": ("seed",), "name": ("name",), "device": ("training", "device")}
    for name, value in shortcuts.items():
        if value is not None:
            apply_shortcut(document, paths[name], value, f"--{name} {value}")
    return validate(document)


def apply_shortcut(document: Document, path: tuple[str, ...], value: object, label: str) -> None:
    """Set what a flag stands for."""
    holder = document.data
    for part in path[:-1]:
        holder = holder.setdefault(part, {}) if isinstance(holder, dict) else {}
    if isinstance(holder, dict):
        holder[path[-1]] = value
    document.keys[path] = document.values[path] = label


def validate(document: Document) -> Config:
    """Types, names and ranges, then the rules across fields.

    Raises:
        ConfigError: with everything that is wrong.
    """
    keep_current()
    try:
        config = Config.model_validate(document.data)
    except ValidationError as error:
        raise ConfigError(explain(error.errors(include_url=False), document, Config)) from None
    config._document = document
    if problems := check(config):
        raise ConfigError(in_order(problems, document.name))
    return config


def thawed(value: object) -> object:
    """Plain dicts and lists that may be changed."""
    if isinstance(value, Mapping):
        return {key: thawed(item) for key, item in value.items()}
    return [thawed(item) for item in value] if isinstance(value, (list, tuple)) else value


def check_loss(name: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of one loss, checked and completed: its own, as constant numbers.

    Raises:
        ConfigError: the name is unknown, or a parameter is unknown, no number, or out of range.
    """
    document = Document({"name": name, **params}, "")
    foreign = [key for key, value in params.items() if key == "weight" or isinstance(value, Mapping)]
    if foreign:
        message = "a loss by itself has constant parameters and no weight; annealing and sums are for configs"
        raise ConfigError([Problem("", key, message) for key in foreign])
    try:
        term = TypeAdapter(LossTerm).validate_python(document.data)
    except ValidationError as error:
        raise ConfigError(explain(error.errors(include_url=False), document, LossTerm)) from None
    return {key: value for key, value in term.model_dump().items() if key not in ("name", "weight")}
