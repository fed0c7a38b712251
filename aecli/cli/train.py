"""`aecli train` and `aecli resume`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aecli import console
from aecli.cli.shared_options import Json, Quiet, RunArgument, Set, complete_config

if TYPE_CHECKING:
    from aecli.api import Run
    from aecli.console.run_watchers import Lines

ConfigOption = Annotated[
    str,
    typer.Option(
        "--config", "-c", metavar="FILE", help="A YAML file or a preset's name.", autocompletion=complete_config
    ),
]


HELP = """Train one autoencoder from a YAML file into a new run folder.

The last line on stdout is the run folder. Exit codes: 0 done, 2 config, 4 data, 5 diverged, 130 and 143 interrupted.

Example: [bold]aecli train --config mse.yaml --seed 1 --set loss.name=huber --set loss.delta=0.1[/]
"""


def add_commands(app: typer.Typer) -> None:
    """Enrol the commands."""
    app.command(help=HELP)(train)
    app.command()(resume)


def train(
    config: ConfigOption,
    set: Set = None,
    seed: Annotated[int | None, typer.Option(help="Seed of every random stream.")] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of all runs.")] = Path("runs"),
    name: Annotated[str | None, typer.Option(help="Part of the run folder's name.")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda, cuda:1, mps.")] = None,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Train one autoencoder from a YAML file into a new run folder."""
    watcher = console.make_watcher(quiet=quiet)
    from aecli import api

    with watcher_closed(watcher):
        run = api.train(config, out=out, set=set or [], seed=seed, name=name, device=device, watcher=watcher)
    answer(run, json=json)


def resume(
    run: RunArgument,
    set: Set = None,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Go on with an interrupted run, or extend a finished one.

    The weights are bitwise those of a run that was never interrupted.

    Example: [bold]aecli resume runs/20261122T101502Z_mse_s0_9f3a --set training.epochs=100[/]
    """
    from aecli import api

    watcher = console.make_watcher(quiet=quiet)
    with watcher_closed(watcher):
        resumed = api.resume(run, set=set or [], watcher=watcher)
    answer(resumed, json=json)


@contextmanager
def watcher_closed(watcher: "Lines") -> Iterator[None]:
    """Take the bar of a watcher away, however what is done inside ends."""
    try:
        yield
    except KeyboardInterrupt:  # while a run is trained, a signal is an InterruptedRun instead
        console.message("interrupted before there was anything to save")
        raise
    finally:
        watcher.close()


def answer(run: "Run", *, json: bool) -> None:
    """Print the summary, and the run folder as the last line."""
    with console.closed_pipe_tolerated():  # the run is there all the same
        if json:
            console.say_json({"run": str(run.path), **run.summary})
            return
        console.show_scores(run.summary)
        console.say(str(run.path))
