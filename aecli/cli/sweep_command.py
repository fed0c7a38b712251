"""`aecli sweep`."""

from pathlib import Path
from typing import Annotated

import typer

from aecli import console
from aecli.cli.train import Json, Quiet, complete_file
from aecli.errors import UsageError

FAILED = 6


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


def sweep(
    config: Annotated[
        str | None,
        typer.Option(
            "--config", "-c", metavar="FILE", help="A sweep's YAML, or a shipped one.", autocompletion=complete_sweep
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="The sweep's folder; runs/NAME if not given.")] = None,
    jobs: Annotated[
        str, typer.Option(metavar="N|NxT|auto", help="Workers, or workers x threads; auto measures.")
    ] = "auto",
    engine: Annotated[str, typer.Option(metavar="local|ray", help="This machine, or a Ray cluster.")] = "local",
    address: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Of a Ray cluster: auto, or host:port; one is started here if not given."),
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Show the plan and stop.")] = False,
    status: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Show how far the sweep in a folder is.", autocompletion=complete_folder),
    ] = None,
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
        from aecli.console.sweep_watchers import show_status
        from aecli.sweep.record.sweep_status import read_sweep

        found = read_sweep(status)
        console.say_json(found.plain()) if json else show_status(found)
        return
    if config is None:
        raise UsageError("--config FILE names the sweep; --status DIR shows one that runs")
    from aecli.console.sweep_watchers import make_sweep_watcher, show_found
    from aecli.sweep.run_sweep import sweep as run_sweep

    watcher = make_sweep_watcher(quiet=quiet, json=json)
    try:
        swept = run_sweep(
            config,
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
    if swept is None:
        if json:
            console.say_json(watcher.planned)
        return
    for trial, outcome in swept.failed:
        console.message(
            f"{trial.label}: {outcome.kind}: {outcome.reason}" + (f" ({outcome.run})" if outcome.run else "")
        )
    if swept.untried:
        console.message(
            f"stopped there; {swept.untried:,} trial{' was' if swept.untried == 1 else 's were'} not tried, and the same command goes on",
            severity="note",
        )
    if json:
        failed = [
            {"trial": trial.label, "kind": outcome.kind, "reason": outcome.reason, "run": outcome.run}
            for trial, outcome in swept.failed
        ]
        search = {"search": swept.found.plain()} if swept.found else {}
        console.say_json(
            {
                "sweep": str(swept.folder.path),
                "trials": swept.trials,
                "completed": swept.completed,
                "failed": failed,
                "untried": swept.untried,
                **search,
            }
        )
    else:
        if swept.found:
            show_found(swept.found)
        console.say(str(swept.folder.path))
    if not swept.is_whole:
        raise typer.Exit(FAILED)
