"""Arguments and options that several commands share, and what they offer when Tab is pressed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

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
RunsArgument = Annotated[
    list[str],
    typer.Argument(metavar="RUNS...", help="Run folders, folders of runs, globs.", autocompletion=complete_run),
]
Metrics = Annotated[
    list[str] | None,
    typer.Option(
        "--metric", metavar="NAME", help="What judges; may be repeated, the first one ranks. test.mse if not given."
    ),
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
    typer.Option(
        "--where", metavar="KEY=VALUE", help="Only runs whose config says so; also != < <= > >=. May be repeated."
    ),
]
