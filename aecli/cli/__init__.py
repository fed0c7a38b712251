"""The command line: parse, call, print, exit. No logic lives here."""

import signal
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
from aecli.cli.system import FULL, refusal_of_system
from aecli.cores import shorten_waiting
from aecli.errors import AecliError, InterruptedRun, UsageError
from aecli.runs.interrupts import take_signals_once

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
    """The entry point: an AecliError, or a system that says no, becomes a message and an exit code; a bug keeps its
    traceback."""
    from aecli import console

    shorten_waiting()
    console.prepare_streams()
    take_signals_once()
    try:
        app()
    except AecliError as error:
        refuse_a_folder_that_is_gone()
        if isinstance(error, InterruptedRun):  # nothing is to disturb the way out
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        console.show_error(error)
        sys.exit(error.exit_code)
    except OSError as error:  # typer itself ends quietly where the reader of a pipe has gone
        refuse_a_folder_that_is_gone()
        if (text := refusal_of_system(error)) is None:
            raise
        if error.filename is None:
            console.discard(sys.stdout)
        console.message(text)
        sys.exit(1 if error.errno in FULL else UsageError.exit_code)
