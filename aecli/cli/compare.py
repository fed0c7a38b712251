"""`aecli compare`."""

from pathlib import Path
from typing import Annotated

import typer

from aecli import console
from aecli.cli.train import Json, complete_run
from aecli.errors import UsageError

FORMATS = ("table", "csv", "json", "md", "latex", "html")

RunsArgument = Annotated[
    list[str], typer.Argument(metavar="RUNS...", help="Run folders, folders of runs, globs.", autocompletion=complete_run)
]
Metrics = Annotated[
    list[str] | None,
    typer.Option("--metric", metavar="NAME", help="What judges; may be repeated, the first one ranks. test.mse if not given."),
]
BaselineOption = Annotated[
    str | None,
    typer.Option("--baseline", metavar="ROW", help="A run, KEY=VALUE or a row's label; the best row if not given."),
]
RopeOption = Annotated[
    str, typer.Option("--rope", metavar="BAND", help="Differences that do not matter: 1% of the baseline, or a number.")
]
Where = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="KEY=VALUE", help="Only runs whose config says so; also != < <= > >=. May be repeated."),
]


def add_commands(app: typer.Typer) -> None:
    """Enrol the command."""
    app.command()(compare)


def compare(
    runs: RunsArgument,
    metric: Metrics = None,
    baseline: BaselineOption = None,
    rope: RopeOption = "1%",
    where: Where = None,
    columns: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A column: a metric or a key of the config. May be repeated.")
    ] = None,
    sort: Annotated[str | None, typer.Option(metavar="NAME", help="Sort by a metric, best first.")] = None,
    lowest: Annotated[str | None, typer.Option("--min", metavar="NAME", help="Sort by a column, lowest first.")] = None,
    highest: Annotated[str | None, typer.Option("--max", metavar="NAME", help="Sort by a column, highest first.")] = None,
    top: Annotated[int | None, typer.Option(metavar="N", min=1, help="Show only the first N rows.")] = None,
    no_fold: Annotated[bool, typer.Option("--no-fold", help="One row for each run instead of one for all seeds.")] = False,
    matrix: Annotated[bool, typer.Option("--matrix", help="Every row by every neutral metric, with its regret.")] = False,
    format: Annotated[
        str, typer.Option(metavar="|".join(FORMATS), help="Of the answer.", autocompletion=lambda: list(FORMATS))
    ] = "table",
    plots: Annotated[Path | None, typer.Option(metavar="DIR", help="Write pictures into a folder.")] = None,
    json: Json = False,
) -> None:
    """Compare runs: fold seeds, judge against a baseline, and say what cannot be concluded.

    Rows are configs, one for all seeds; what differs between them comes first. The verdict is better, worse, equivalent
    or undecided, paired by seed.

    Example: [bold]aecli compare runs/* --baseline mse --metric mae --metric ssim[/]
    """
    from aecli.comparison.compare import compare as compare_runs
    from aecli.comparison.table import BEST, HIGHEST, LOWEST, make_table

    if format not in FORMATS:
        from aecli.registry import unknown_name

        raise UsageError(f"--format {unknown_name(format, FORMATS)}")
    ways = [(name, way) for name, way in ((sort, BEST), (lowest, LOWEST), (highest, HIGHEST)) if name is not None]
    if len(ways) > 1:
        raise UsageError("--sort, --min and --max: give one of them")
    comparison = compare_runs(runs, metrics=metric or ["test.mse"], baseline=baseline, rope=rope, where=where or [])
    order = ways[0] if ways else None
    tables = [make_table(group, columns=columns or [], sort=order, top=top, fold=not no_fold) for group in comparison.groups]
    show_as("json" if json else format, comparison, tables, matrix=matrix, top=top)
    if plots:
        from aecli.comparison.figures.plots import save_plots

        for path in save_plots(comparison, plots, console.tell):
            console.tell(f"wrote {path}")


def show_as(format: str, comparison: object, tables: list, *, matrix: bool, top: int | None) -> None:
    """Print in one of the formats."""
    from aecli.comparison import formats

    if format == "table":
        from aecli.console.comparison import show_comparison

        show_comparison(comparison, tables, matrix=matrix, top=top)
    elif format == "json":
        console.say_json(formats.as_json(comparison, tables, matrix=matrix))
    else:
        write = {"csv": formats.write_csv, "md": formats.write_markdown, "latex": formats.write_latex, "html": formats.write_html}
        console.say(write[format](comparison, tables).rstrip("\n"))
