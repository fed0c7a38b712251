"""The command line: parse, call, print, exit. No logic lives here."""

import errno
import os
import sys
from pathlib import Path

import typer

from aecli.cli import (
    check_command,
    compare_command,
    configs,
    diff_command,
    docs_command,
    dose_command,
    evaluate_command,
    recommend_command,
    report_command,
    runs_command,
    sweep_command,
    train,
)
from aecli.cli.hints import HintedCommand
from aecli.errors import AecliError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says of a file that cannot grow."""

SPINS = "20000"
"""How often a thread of OpenMP looks for work before it sleeps: about a millisecond instead of libgomp's sixteen. While
other programs keep the cores busy, threads that wait for each other that long make an epoch several times as slow."""

app = typer.Typer(
    name="aecli",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Train autoencoders from YAML files and judge them.

    First steps:

    [bold]aecli train --config smoke.yaml[/]   everything, in seconds

    [bold]aecli train --config mse.yaml[/]     the main job, about a minute

    [bold]aecli init mse.yaml my.yaml[/]       a config of your own to start from

    [bold]aecli list losses[/]                 what there is to choose from

    [bold]aecli docs[/]                        pages on everything else""",
)
train.add_commands(app)
evaluate_command.add_commands(app)
sweep_command.add_commands(app)
compare_command.add_commands(app)
report_command.add_commands(app)
recommend_command.add_commands(app)
dose_command.add_commands(app)
check_command.add_commands(app)
configs.add_commands(app)
runs_command.add_commands(app)
diff_command.add_commands(app)
docs_command.add_commands(app)
for registered in app.registered_commands:
    registered.cls = HintedCommand


def version(wanted: bool) -> None:
    """Print the version and leave."""
    if wanted:
        from aecli import __version__, console

        console.say(__version__)
        raise typer.Exit


@app.callback()
def options(
    show_version: bool = typer.Option(False, "--version", help="Show the version.", callback=version, is_eager=True),
) -> None:
    """Options of every command."""


def refuse_a_folder_that_is_gone() -> None:
    """End with one line where the folder that the command was called in has been removed, whatever that led to."""
    try:
        Path.cwd()
    except FileNotFoundError:
        from aecli import console

        console.message("the current folder has been removed: cd into one that exists, and try again")
        sys.exit(2)


def main() -> None:
    """The entry point: an AecliError or a full disk becomes a message and an exit code; a bug keeps its traceback."""
    os.environ.setdefault("GOMP_SPINCOUNT", SPINS)  # read when torch is loaded
    try:
        app()
    except AecliError as error:
        from aecli import console

        refuse_a_folder_that_is_gone()
        console.show_error(error)
        sys.exit(error.exit_code)
    except OSError as error:
        refuse_a_folder_that_is_gone()
        if error.errno not in FULL:  # typer itself ends quietly where the reader of a pipe has gone
            raise
        from aecli import console

        console.discard_stdout()
        console.message(f"stdout: cannot be written: {error.strerror}")
        sys.exit(1)
