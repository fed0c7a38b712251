"""`aecli recommend`."""

from pathlib import Path
from typing import Annotated

import typer

from aecli import console
from aecli.cli.shared_options import RunsArgument, Where, runs_or_all

GOAL_NAMES = (
    "reconstruction",
    "generalization",
    "robustness",
    "denoising",
    "classification",
    "clustering",
    "compression",
    "sparsity",
)


HELP = """Say which config to choose for a goal, what it costs elsewhere, and how sure that is.

Goals: reconstruction, generalization, robustness, denoising, classification, clustering, compression, sparsity; several
with weights: --for reconstruction=2,classification=1. Chosen on validation numbers, reported on test numbers; 1 % of
error weighs as much as 1 point of accuracy. "Undecided" is an answer.

Example: [bold]aecli recommend runs/* --for reconstruction -o winner.yaml[/]
"""


def add_commands(app: typer.Typer) -> None:
    """Enrol the command."""
    app.command(help=HELP)(recommend)


def recommend(
    goals: Annotated[
        list[str] | None,
        typer.Option(
            "--for",
            metavar="GOAL[=WEIGHT]",
            help="What it is for; may be repeated. Without it the goals are told.",
            autocompletion=lambda: list(GOAL_NAMES),
        ),
    ] = None,
    runs: RunsArgument = None,
    where: Where = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write the winner's config.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Say which config to choose for a goal, what it costs elsewhere, and how sure that is."""
    from aecli.comparison.recommendation.goals import parse_goals
    from aecli.comparison.recommendation.recommend import recommend as recommend_runs
    from aecli.comparison.recommendation.recommend_json import recommendation_json
    from aecli.comparison.recommendation.winners_config import write_winner

    weights = parse_goals(goals or [])  # where none is named, it tells which there are
    chosen = runs_or_all(runs, f"recommend --for {' --for '.join(goals or [])}")
    found = recommend_runs(chosen, goals=weights, where=where or [])
    if out:
        write_winner(found.config_file, out, force=force)
    if json:
        console.say_json(recommendation_json(found))
    else:
        from aecli.console.recommendation import show_recommendation

        show_recommendation(found, out)
