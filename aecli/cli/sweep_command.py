"""`aecli sweep`."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aecli import console
from aecli.cli.shared_options import Json, Quiet, complete_file
from aecli.errors import UsageError

if TYPE_CHECKING:
    from aecli.sweep.run_sweep import Swept

FAILED = 6
"""Exit code."""


def complete_sweep(incomplete: str) -> list[str]:
    """Shipped sweeps and local YAML files that begin with what was typed."""
    from aecli.config.presets import sweep_names

    return complete_file(incomplete, (Path(), Path("configs/sweeps")), sweep_names())


def complete_folder(incomplete: str) -> list[str]:
    """Sweep folders in ./runs that begin with what was typed."""
    names = [path.parent.as_posix() for path in sorted(Path("runs").glob("*/plan.json"))]
    return [name for name in names if name.startswith(incomplete)]


def add_commands(app: typer.Typer) -> None:
    """Enrol the command."""
    app.command()(sweep)


SweepOption = Annotated[
    str | None,
    typer.Option(
        "--config", "-c", metavar="FILE", help="A sweep's YAML, or a shipped one.", autocompletion=complete_sweep
    ),
]
BaseSetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a value of the base, in every trial. May be repeated."),
]
OutOption = Annotated[Path | None, typer.Option(metavar="DIR", help="The sweep's folder; runs/NAME if not given.")]
JobsOption = Annotated[str, typer.Option(metavar="N|NxT|auto", help="Workers, or workers x threads; auto measures.")]
EngineOption = Annotated[str, typer.Option(metavar="local|ray", help="This machine, or a Ray cluster.")]
AddressOption = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Of a Ray cluster: auto, or host:port; one is started here if not given."),
]
PilotOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="RUNS",
        help="Runs whose spread over seeds tells what the sweep can show; those it has if not given. May be repeated.",
    ),
]
StatusOption = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Show how far the sweep in a folder is.", autocompletion=complete_folder),
]


def sweep(
    config: SweepOption = None,
    set: BaseSetOption = None,
    out: OutOption = None,
    jobs: JobsOption = "auto",
    engine: EngineOption = "local",
    address: AddressOption = None,
    plan: Annotated[bool, typer.Option("--plan", help="Show the plan and what it can show, and stop.")] = False,
    pilot: PilotOption = None,
    status: StatusOption = None,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop at the first trial that fails.")] = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Train many runs: a grid, a list, random draws, times seeds. What is there already is not trained again.

    The same command goes on after Ctrl-C, a kill, or a change that adds trials; several processes may share one sweep.
    Exit code 6 if some trials failed.

    Example: [bold]aecli sweep --config losses.yaml --plan[/], then [bold]aecli compare runs/losses[/]
    """
    if status is not None:
        show_status(status, json=json)
        return
    if config is None:
        raise UsageError("--config FILE names the sweep; --status DIR shows one that runs")
    from aecli.api.foreseen import foresee
    from aecli.console.sweep_watchers import make_sweep_watcher
    from aecli.sweep.run_sweep import run_sweep

    watcher = make_sweep_watcher(quiet=quiet, json=json, foresee=partial(foresee, pilot=pilot or ()))
    try:
        swept = run_sweep(
            config,
            set=set or [],
            out=out,
            jobs=jobs,
            engine=engine,
            address=address,
            fail_fast=fail_fast,
            plan_only=plan,
            watcher=watcher,
        )
    finally:
        watcher.close()
    if swept is not None:
        show_swept(swept, json=json)
    elif json:
        console.say_json(watcher.planned)


def show_status(folder: Path, *, json: bool) -> None:
    """Print how far a sweep is."""
    from aecli.console.sweep_results import show_sweep_state
    from aecli.sweep.record.sweep_status import read_sweep

    found = read_sweep(folder)
    console.say_json(found.plain()) if json else show_sweep_state(found)


def show_swept(swept: "Swept", *, json: bool) -> None:
    """Print what a sweep came to.

    Raises:
        Exit: code 6: some trials failed, or were not come to.
    """
    from aecli.console.sweep_results import show_search_result, show_tuned, tell_trouble

    tell_trouble(swept)
    if json:
        console.say_json(swept.plain())
    else:
        if swept.found:
            show_search_result(swept.found)
        show_tuned(swept.tuned)
        console.say(str(swept.folder.path))
    if not swept.is_whole:
        raise typer.Exit(FAILED)
