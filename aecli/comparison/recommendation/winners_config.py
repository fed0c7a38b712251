"""The winner's config as a file that can be trained."""

import re
from pathlib import Path

from aecli.errors import UsageError
from aecli.files.reading import MIB, read_bytes
from aecli.files.writing import find_output, write_output
from aecli.text import printable, shell_word


def training_command(config: Path | str, seed: int) -> str:
    """Trains a config with a seed."""
    return f"aecli train --config {shell_word(config)} --seed {seed}"


def winner_yaml(source: Path | str, file: Path) -> str:
    """An effective config; its first comment is the command that runs it as `file`."""
    text = read_bytes(Path(source), MIB).decode()
    text = re.sub(r"\A# aecli train .*\n", "", text)
    return f"# aecli train --config {shell_word(file)}\n{text}"


def write_winner(source: Path | str, file: Path, *, force: bool = False) -> None:
    """Write the leader's config.

    Args:
        source: config.yaml of one of its runs.
        file: where to.
        force: overwrite a file that is there.

    Raises:
        UsageError: the file is there already, or something that is no file, or its folder is not there.
        RunFolderError: the disk is full, or the folder cannot be written.
    """
    try:
        is_folder, is_there, has_place = file.is_dir(), file.exists(), file.parent.is_dir()
    except OSError as error:
        raise UsageError(f"--out {printable(file)}: cannot be written: {error.strerror}") from None
    if is_folder:
        raise UsageError(
            f"--out {printable(file)}: is a folder; name a file, for example {printable(file / 'winner.yaml')}"
        )
    find_output(file, f"--out {printable(file)}")
    if is_there and not force:
        raise UsageError(f"--out {printable(file)}: is there already; name another file, or add --force")
    if not has_place:
        raise UsageError(f"--out {printable(file)}: there is no folder {printable(file.parent)}")
    write_output(file, winner_yaml(source, file).encode(), f"--out {printable(file)}")
