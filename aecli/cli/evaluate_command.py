"""`aecli evaluate`."""

from typing import Annotated

import typer

from aecli import console
from aecli.cli.shared_options import Json, Quiet, RunArgument

SUITE_NAMES = (
    "reconstruction",
    "generalization",
    "robustness",
    "denoising",
    "features",
    "code",
    "sparsity",
    "compression",
)


HELP = """Judge a trained autoencoder by what it is used for, and add it to its summary.json.

Suites: reconstruction, generalization, robustness, denoising, features, code, sparsity, compression. A suite that was
measured before with the same protocol is not measured again.

Example: [bold]aecli evaluate runs/20261122T101502Z_mse_s0_9f3a --suite denoising --suite features[/]
"""


def add_commands(app: typer.Typer) -> None:
    """Enrol the command."""
    app.command(help=HELP)(evaluate)


def evaluate(
    run: RunArgument,
    suite: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="A suite; may be repeated. All if not given.", autocompletion=lambda: list(SUITE_NAMES)
        ),
    ] = None,
    split: Annotated[str, typer.Option(metavar="test|validation", help="Which images are judged.")] = "test",
    checkpoint: Annotated[
        str | None, typer.Option(metavar="best|last", help="Which checkpoint; the one the summary judges if not given.")
    ] = None,
    data: Annotated[str | None, typer.Option(metavar="OTHER", help="Judge on other data, e.g. fashion_mnist.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Measure anew what was measured before.")] = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Judge a trained autoencoder by what it is used for, and add it to its summary.json."""
    from aecli import api

    tell = (lambda text: None) if quiet else console.tell
    judged = api.evaluate(
        run, suites=suite or [], split=split, checkpoint=checkpoint, data=data, again=again, tell=tell
    )
    if judged.place == split:
        console.show_standing(judged.run.folder, judged.run.config.plain())
    if json:
        console.say_json({"run": str(judged.run.path), "place": judged.place, "suites": judged.numbers})
        return
    for name, numbers in judged.numbers.items():
        console.show_findings(name, numbers, judged.findings.get(name))
    console.say(str(judged.run.path))
