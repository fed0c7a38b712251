"""`aecli compare`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aecli import console
from aecli.cli.shared_options import AtOption, BaselineOption, Metrics, RopeOption, RunsArgument, Where, runs_or_all
from aecli.errors import UsageError

if TYPE_CHECKING:
    from aecli.comparison.telling.table import Table
    from aecli.comparison.verdicts.at_point import PointComparison
    from aecli.comparison.verdicts.group import Comparison

FORMATS = ("table", "csv", "json", "md", "latex", "html")
OF_TABLES = ("--columns", "--top", "--no-fold", "--explain", "--matrix", "--sort", "--min", "--max")
"""Options that have no meaning for frontiers."""


ColumnsOption = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="A column: a metric or a key of the config. May be repeated."),
]
SortOption = Annotated[str | None, typer.Option(metavar="NAME", help="Sort by a metric, best first.")]
LowestOption = Annotated[str | None, typer.Option("--min", metavar="NAME", help="Sort by a column, lowest first.")]
HighestOption = Annotated[str | None, typer.Option("--max", metavar="NAME", help="Sort by a column, highest first.")]
TopOption = Annotated[int | None, typer.Option(metavar="N", min=1, help="Show only the first N rows.")]
NoFoldOption = Annotated[bool, typer.Option("--no-fold", help="One row for each run instead of one for all seeds.")]
MatrixOption = Annotated[bool, typer.Option("--matrix", help="Every row by every neutral metric, with its regret.")]
ExplainOption = Annotated[bool, typer.Option("--explain", help="Say what verdicts rest on and what findings forbid.")]
FormatOption = Annotated[
    str | None,
    typer.Option(
        metavar="|".join(FORMATS), help="Of the answer; table if not given.", autocompletion=lambda: list(FORMATS)
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print everything as JSON; the same as --format json.")]


def add_commands(app: typer.Typer) -> None:
    """Enrol the command."""
    app.command()(compare)


def compare(
    runs: RunsArgument = None,
    metric: Metrics = None,
    baseline: BaselineOption = None,
    rope: RopeOption = "1%",
    where: Where = None,
    columns: ColumnsOption = None,
    sort: SortOption = None,
    lowest: LowestOption = None,
    highest: HighestOption = None,
    top: TopOption = None,
    no_fold: NoFoldOption = False,
    matrix: MatrixOption = False,
    format: FormatOption = None,
    explain: ExplainOption = False,
    at: AtOption = None,
    plots: Annotated[Path | None, typer.Option(metavar="DIR", help="Write pictures into a folder.")] = None,
    json: JsonOption = False,
) -> None:
    """Compare runs: fold seeds, judge against a baseline, and say what cannot be concluded.

    Rows are configs, one for all seeds; what differs between them comes first. The verdict is better, worse, equivalent
    or undecided, paired by seed.

    Example: [bold]aecli compare runs/* --baseline mse --metric mae --metric ssim[/]
    """
    from aecli.comparison.telling.row_order import BEST, HIGHEST, LOWEST
    from aecli.comparison.telling.table import make_table
    from aecli.comparison.verdicts.compare import compare as compare_runs

    form = choose_format(format, json=json, matrix=matrix)
    if at is not None:
        refuse_beside_at(form, (columns, top, no_fold, explain, matrix, sort, lowest, highest))
        check_plots(plots)
        found = find_at(runs, at, metrics=metric, baseline=baseline, rope=rope, where=where)
        show_at(form, found)
        plot_at(found, plots)
        return
    ways = [(name, way) for name, way in ((sort, BEST), (lowest, LOWEST), (highest, HIGHEST)) if name is not None]
    if len(ways) > 1:
        raise UsageError("--sort, --min and --max: give one of them")
    check_plots(plots)
    comparison = compare_runs(
        runs_or_all(runs, "compare"), metrics=metric or ["test.mse"], baseline=baseline, rope=rope, where=where or []
    )
    tables = [
        make_table(group, columns=columns or [], sort=next(iter(ways), None), top=top, fold=not no_fold)
        for group in comparison.groups
    ]
    if form == "table":
        from aecli.console.comparison import show_comparison

        show_comparison(comparison, tables, matrix=matrix, top=top, explain=explain)
    else:
        show_as(form, comparison, tables, matrix=matrix)
    if plots:
        from aecli.comparison.telling.figures.plots import save_plots

        for path in save_plots(comparison, plots, console.tell):
            console.tell(f"wrote {path}")


def check_plots(plots: Path | None) -> None:
    """See that pictures can be written, before anything is computed.

    Raises:
        UsageError: they cannot.
    """
    if plots:
        from aecli.comparison.telling.figures.plots import check_directory

        check_directory(plots)


def plot_at(found: "PointComparison", plots: Path | None) -> None:
    """Write the pictures of frontiers."""
    if plots:
        from aecli.comparison.telling.figures.frontiers import save_frontiers

        for path in save_frontiers(found, plots, console.tell):
            console.tell(f"wrote {path}")


def refuse_beside_at(form: str, options: Sequence[object]) -> None:
    """Refuse what has no meaning for frontiers.

    Raises:
        UsageError: such an option was given.
    """
    given = [name for name, value in zip(OF_TABLES, options, strict=True) if value]
    given += [f"--format {form}"] * (form not in ("table", "json"))
    if given:
        raise UsageError(f"--at and {given[0]}: frontiers are told in words or with --json; leave {given[0]} out")


def find_at(
    runs: list[str] | None,
    at: str,
    *,
    metrics: list[str] | None,
    baseline: str | None,
    rope: str,
    where: list[str] | None,
) -> "PointComparison":
    """What frontiers have where a number is equal."""
    from aecli.comparison.verdicts.at_point import compare_at

    asked = runs_or_all(runs, "compare")
    return compare_at(asked, at, metrics=metrics or ["test.mse"], baseline=baseline, rope=rope, where=where or [])


def show_at(form: str, found: "PointComparison") -> None:
    """Print what was found where a number is equal."""
    if form == "json":
        from aecli.comparison.telling.formats.point_json import point_json

        console.say_json(point_json(found))
    else:
        from aecli.comparison.telling.point_words import point_lines

        console.say("\n".join(point_lines(found)))


def choose_format(format: str | None, *, json: bool, matrix: bool) -> str:
    """The form of the answer.

    Raises:
        UsageError: there is no such format, two were asked for, or it has no place for the matrix.
    """
    if format is not None and format not in FORMATS:
        from aecli.registry import unknown_name

        raise UsageError(f"--format {unknown_name(format, FORMATS)}")
    if json and format not in (None, "json"):
        raise UsageError(f"--json and --format {format}: give one of them")
    if matrix and format == "csv":
        raise UsageError(
            "--matrix: a CSV is one table, and the matrix is another; use --format json, md, latex or html"
        )
    return "json" if json else format or "table"


def show_as(format: str, comparison: "Comparison", tables: "list[Table]", *, matrix: bool) -> None:
    """Print in one of the formats for machines and papers."""
    if format == "json":
        from aecli.comparison.telling.formats.json_data import as_json

        console.say_json(as_json(comparison, tables, matrix=matrix))
    else:
        from aecli.comparison.telling.formats.csv_lines import write_csv
        from aecli.comparison.telling.formats.html_table import write_html
        from aecli.comparison.telling.formats.latex import write_latex
        from aecli.comparison.telling.formats.markdown import write_markdown

        write = {"csv": write_csv, "md": write_markdown, "latex": write_latex, "html": write_html}
        options = {} if format == "csv" else {"matrix": matrix}
        console.say(write[format](comparison, tables, **options).rstrip("\n"))
