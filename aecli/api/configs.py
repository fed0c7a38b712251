"""aecli from Python: configs."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aecli.api.folders import one_or_more

if TYPE_CHECKING:
    from aecli.api.shown import Shown
    from aecli.config.advice import Advice
    from aecli.config.schema import Config


def validate(
    config: "str | os.PathLike[str] | Mapping[str, Any] | Config", *, set: str | Sequence[str] = ()
) -> "list[Advice]":
    """Check a config as `train` does: schema, data, model, and one batch through every loss and penalty.

    Returns: what is worth knowing about it; an empty list where there is nothing.

    Raises:
        ConfigError: it is refused, with everything that is wrong.
        DataError: its data is missing or corrupt.
    """
    from aecli.config.load import load_config

    source = os.fspath(config) if isinstance(config, os.PathLike) else config
    checked = load_config(source, set=one_or_more(set))
    from aecli.config.advice import advise
    from aecli.training.build import prepare
    from aecli.training.loop import own_torch_state

    with own_torch_state():
        splits = prepare(checked).splits
        return advise(checked, unit_range=splits.unit_range, values=splits.values, about=splits.about)


def show(target: "str | os.PathLike[str] | Mapping[str, Any] | Config", *, set: str | Sequence[str] = ()) -> "Shown":
    """A config with every default and the meaning of every field, or the story of a run.

    Raises:
        ConfigError: the config is refused.
        UsageError: there is no such run or config, or a run was to be changed.
    """
    from aecli.api.shown import show_config, show_folder
    from aecli.config.load import load_config
    from aecli.config.target import find_target
    from aecli.errors import UsageError

    changes = one_or_more(set)
    if isinstance(target, (str, os.PathLike)):
        target = os.fspath(target)
        if (folder := find_target(target)) is not None:
            if changes:
                raise UsageError(f"{target} is a run, and what it was cannot be changed; show its config.yaml instead")
            return show_folder(folder)
    return show_config(load_config(target, set=changes))


def schema() -> dict[str, Any]:
    """The JSON Schema of a config, for editors and other programs."""
    from aecli.config.explain import json_schema

    return json_schema()


def init(name: str = "mse.yaml", to: str | os.PathLike[str] | None = None, *, force: bool = False) -> Path:
    """Copy a preset to start from, and return the file.

    Args:
        name: of the preset.
        to: where to; ./PRESET if not given.
        force: overwrite a file that is there.

    Raises:
        ConfigError: there is no such preset.
        UsageError: the file is there already, or cannot be written.
    """
    from aecli.config.presets import copy_preset

    return copy_preset(name, None if to is None else Path(to), force=force)
