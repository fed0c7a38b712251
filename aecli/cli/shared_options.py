"""Arguments and options that several commands share, and what they offer when Tab is pressed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from aecli import console
from aecli.errors import UsageError
from aecli.text import counted

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
    """What means a run in ./runs and begins with what was typed."""
    from aecli.runs.ids import known_ids

    return known_ids(incomplete)


RUN_HELP = "Its folder, the beginning of its name, its config's name, last, last-1, ..."
RunArgument = Annotated[Path, typer.Argument(metavar="RUN", help=RUN_HELP, autocompletion=complete_run)]
ManyRunsArgument = Annotated[
    list[str], typer.Argument(metavar="RUN", help=f"{RUN_HELP} Or tag:NAME.", autocompletion=complete_run)
]
RunsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="RUNS",
        help="Run folders, folders of runs, globs, names, last, tag:NAME; runs/* if not given.",
        autocompletion=complete_run,
    ),
]


def runs_or_all(runs: list[str] | None, command: str) -> list[str]:
    """What was named, else all of ./runs, which one line tells.

    Args:
        runs: as typed.
        command: what is typed after `aecli`, for the messages.

    Raises:
        UsageError: nothing was named, and there is no run in ./runs; says what to type.
    """
    if runs:
        return runs
    from aecli.runs.places import ROOT, runs_in

    if found := runs_in(ROOT):
        console.tell(f"no runs named: all of ./runs ({counted(len(found), 'run')}), as aecli {command} runs/* does")
        return [f"{ROOT}/*"]
    if here := runs_in(Path()):
        raise UsageError(f"no runs named, and no ./runs here, but {counted(len(here), 'run')}: aecli {command} *")
    raise UsageError(
        "no runs named, and none in ./runs; train some, for example: aecli sweep --config losses.yaml, then: "
        f"aecli {command} runs/losses"
    )


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
AtOption = Annotated[
    str | None,
    typer.Option(metavar="NAME=VALUE", help="Judge strengths where they buy the same: test.fvu=0.05, code.l0=32."),
]
