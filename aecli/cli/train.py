"""`aecli train` and `aecli resume`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from aecli import console

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Nothing but the result.")]
Json = Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a value, e.g. loss.name=huber. May be repeated."),
]


def complete_config(incomplete: str) -> list[str]:
    """Presets and local YAML files that begin with what was typed."""
    from aecli.config.presets import preset_names

    return complete_file(incomplete, (Path(), Path("configs")), preset_names())


def complete_file(incomplete: str, folders: Sequence[Path], shipped: Sequence[str]) -> list[str]:
    """YAML files in some folders, and shipped ones, that begin with what was typed."""
    local = [path.as_posix() for folder in folders for path in sorted(folder.glob("*.yaml"))]
    return [name for name in dict.fromkeys([*local, *shipped]) if name.startswith(incomplete)]


def complete_run(incomplete: str) -> list[str]:
    """Run folders in ./runs that begin with what was typed."""
    names = [path.parent.as_posix() for path in sorted(Path("runs").glob("*/status.json"))]
    return [name for name in names if name.startswith(incomplete)]


RunArgument = Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.", autocompletion=complete_run)]
ConfigOption = Annotated[
    str,
    typer.Option(
        "--config", "-c", metavar="FILE", help="A YAML file or a preset's name.", autocompletion=complete_config
    ),
]


def add_commands(app: typer.Typer) -> None:
    """Enrol the commands."""
    app.command()(train)
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
    """Train one autoencoder from a YAML file into a new run folder.

    The last line on stdout is the run folder. Exit codes: 0 done, 2 config, 4 data, 5 diverged, 130 and 143 interrupted.

    Example: [bold]aecli train --config mse.yaml --seed 1 --set loss.name=huber --set loss.delta=0.1[/]
    """
    watcher = console.make_watcher(quiet=quiet)
    from aecli import api

    run = watched(watcher, api.train, config, out=out, set=set or [], seed=seed, name=name, device=device)
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

    answer(watched(console.make_watcher(quiet=quiet), api.resume, run, set=set or []), json=json)


def watched(watcher: Any, function: Any, *arguments: Any, **options: Any) -> Any:
    """Call with a watcher, whose bar is taken away however it ends."""
    try:
        return function(*arguments, watcher=watcher, **options)
    except KeyboardInterrupt:  # while a run is trained, a signal is an InterruptedRun instead
        console.message("interrupted before there was anything to save")
        raise
    finally:
        if hasattr(watcher, "close"):
            watcher.close()


def answer(run: Any, *, json: bool) -> None:
    """Print the summary, and the run folder as the last line."""
    if json:
        console.say_json({"run": str(run.path), **run.summary})
        return
    console.show_scores(run.summary)
    console.say(str(run.path))
