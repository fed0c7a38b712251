"""`aecli check`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from aecli import console
from aecli.cli.shared_options import RunArgument, complete_run

HELP = """Check conditions on a finished run, for CI; exit code 0 if all hold, 3 if not.

OP is one of <= < >= > == !=, NUMBER is like 0.009, 1e-3 or 2%. METRIC is mse, validation.mse, features.linear_probe,
or any path of summary.json. Against a baseline go the metrics given alone (--assert test.ssim), else those of the
conditions, else test.mse. In GitHub Actions each condition that does not hold also becomes an annotation.

Example: [bold]aecli check runs/20261122T101502Z_mse_s0_9f3a --assert 'test.mse<=0.009'[/]
"""


def add_commands(app: typer.Typer) -> None:
    """Enrol the command."""
    app.command(help=HELP)(check)


def check(
    run: RunArgument,
    assertions: Annotated[
        list[str] | None,
        typer.Option(
            "--assert",
            metavar="CONDITION",
            help="METRIC OP NUMBER or METRIC OP METRIC, e.g. 'test.mse<=0.009'. May be repeated.",
        ),
    ] = None,
    baseline: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RUN",
            help="The run may be at most so much worse than this one. Several seeds of it, by repeating this, by a "
            "folder, a quoted glob, a config's name or tag:NAME, widen the limit by what seeds do.",
            autocompletion=complete_run,
        ),
    ] = None,
    tolerance: Annotated[
        str | None,
        typer.Option(metavar="2%|NUMBER", help="How much worse than the baseline is allowed; 0% if not given."),
    ] = None,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Write JUnit XML too.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the conditions as JSON.")] = False,
) -> None:
    """Check conditions on a finished run, for CI; exit code 0 if all hold, 3 if not."""
    from aecli.comparison.check.check import check
    from aecli.comparison.check.check_words import check_json, check_lines
    from aecli.comparison.check.ci import annotate, write_junit
    from aecli.errors import UsageError

    checked = check(run, assertions or [], baseline=baseline, tolerance=tolerance)
    not_written = None
    try:
        if junit:  # before anything is printed: whoever reads that may have gone
            write_junit(junit, checked)
    except UsageError as error:
        not_written = error
    with console.closed_pipe_tolerated():
        if json:
            console.say_json(check_json(checked))
        else:
            console.say("\n".join(check_lines(checked)))
        if os.environ.get("GITHUB_ACTIONS") == "true":
            for line in annotate(checked):
                (console.tell if json else console.say)(line)  # a runner reads both streams
    if not_written:
        raise not_written
    if checked.failed:
        raise typer.Exit(3)
