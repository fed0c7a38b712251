"""A config or a run, whichever a text means: a path, a config's file, `last`, a name."""

from pathlib import Path
from typing import Any

from aecli.config.load import load_config
from aecli.config.merge import read_file
from aecli.config.presets import find_config, first_file, preset_folder
from aecli.errors import ConfigError, NoSuchRun, UsageError
from aecli.runs.folder import open_run_folder
from aecli.runs.ids import TAGGED, find_run


def find_target(text: str) -> Path | None:
    """The folder that a text means; None where it is a config's file.

    A folder that exists comes first, then a config's file, here, in ./configs/ or among the presets, then a run.

    Raises:
        UsageError: it is neither.
    """
    if Path(text).is_dir():
        return Path(text)
    if text.endswith((".yaml", ".yml")) or first_file([Path(), Path("configs"), preset_folder()], text):
        return None
    try:
        return find_run(text)
    except NoSuchRun as no_run:
        if "/" in text or text.startswith(("last", TAGGED)):
            raise
        try:
            find_config(text)
        except ConfigError as no_config:
            raise UsageError(f"{no_config}\n{no_run}") from None
        return None


def resolved_config(text: str) -> tuple[str, dict[str, Any]]:
    """What is told as the name of a config or a run, and every setting of it.

    A run's config that this aecli refuses, as one of another version may be, is taken as it was written.

    Raises:
        UsageError, ConfigError: there is neither.
    """
    folder = find_target(text)
    if folder is None:
        return text, load_config(text).plain()
    run = open_run_folder(folder)
    try:
        return str(run.path), load_config(run.config).plain()
    except ConfigError:
        return str(run.path), read_file(run.config, str(run.config)).data
