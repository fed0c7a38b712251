"""`aecli dose`."""

from pathlib import Path
from typing import Annotated

import typer

from aecli import console
from aecli.cli.shared_options import Json, RopeOption, RunsArgument, Where, runs_or_all

HELP = """
Show how each goal moves with a strength: up to where it is free, where the cliff is, and if it kept its promise.

The reference is the smallest dose, 0 where there are runs without the regularizer. Runs that differ in anything else
but the seed are not mixed.

Example: [bold]aecli dose runs/regularization --key regularization.l1_proximal.weight --plot dose.png[/]
"""


def add_commands(app: typer.Typer) -> None:
    """Enrol the command."""
    app.command(help=HELP)(dose)


def dose(
    key: Annotated[str, typer.Option("--key", metavar="KEY", help="A number of the config: regularization.l1.weight.")],
    runs: RunsArgument = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(
            "--metric", metavar="NAME", help="A goal, or gap; may be repeated. What was measured if not given."
        ),
    ] = None,
    rope: RopeOption = "1%",
    where: Where = None,
    plot: Annotated[Path | None, typer.Option("--plot", metavar="FILE.png", help="Draw it.")] = None,
    json: Json = False,
) -> None:
    """Show how each goal moves with a strength: where it is free, where the cliff is, if it kept its promise."""
    from aecli.comparison.dose.dose import dose_response

    if plot:
        from aecli.comparison.dose.plot import check_file

        check_file(plot)
    found = dose_response(
        runs_or_all(runs, f"dose --key {key}"), key=key, metrics=metric or [], rope=rope, where=where or []
    )
    if json:
        from aecli.comparison.dose.dose_json import dose_json

        console.say_json(dose_json(found))
    else:
        from aecli.console.dose_response import show_dose_response

        show_dose_response(found)
    if plot:
        from aecli.comparison.dose.plot import save_plot

        for path in save_plot(found, plot):
            console.tell(f"wrote {path}")
