"""`aecli report`."""

from pathlib import Path
from typing import Annotated

import typer

from aecli import console
from aecli.cli.shared_options import AtOption, BaselineOption, Metrics, RopeOption, RunsArgument, Where, runs_or_all

HELP = """Write a comparison as one HTML file that needs nothing else and can be mailed or printed.

The verdict in words, tables, figures, the images where two candidates differ most, what cannot be concluded, and the
commands that make each run again. An earlier report is replaced, any other file only with --force. The last line on
stdout is the file.

Example: [bold]aecli report runs/* -o report.html --metric mse --metric ssim[/]
"""


def add_commands(app: typer.Typer) -> None:
    """Enrol the command."""
    app.command(help=HELP)(report)


def report(
    runs: RunsArgument = None,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The HTML file.")] = Path(
        "report.html"
    ),
    metric: Metrics = None,
    baseline: BaselineOption = None,
    rope: RopeOption = "1%",
    where: Where = None,
    at: AtOption = None,
    title: Annotated[str | None, typer.Option(metavar="TEXT", help="Its heading.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE even if it is no report of aecli.")] = False,
    is_opened: Annotated[bool, typer.Option("--open", help="Show it in the browser.")] = False,
) -> None:
    """Write a comparison as one HTML file that needs nothing else and can be mailed or printed."""
    from datetime import UTC, datetime

    from aecli.comparison.telling.report.report import check_target, write_report
    from aecli.comparison.verdicts.at_point import compare_at
    from aecli.comparison.verdicts.compare import compare

    path = check_target(output, force=force)
    chosen = runs_or_all(runs, "report")
    metrics = metric or ["test.mse"]
    comparison = compare(chosen, metrics=metrics, baseline=baseline, rope=rope, where=where or [])
    points = None if at is None else compare_at(chosen, at, metrics=metrics, rope=rope, where=where or [])
    written = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    write_report(comparison, path, title=title, written=written, points=points)
    if is_opened and not console.open_page(path):
        console.message(f"there is no browser to show it in; open {path.absolute().as_uri()}", severity="note")
    console.say(str(path))
