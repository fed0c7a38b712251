"""Commands about configs: `validate`, `show`, `schema`, `list`, `init`."""

from pathlib import Path
from typing import Annotated

import typer

from aecli import console
from aecli.cli.shared_options import Json, Set, complete_config, complete_run
from aecli.errors import AecliError, UsageError
from aecli.text import shell_word

KINDS = (
    "losses",
    "regularizers",
    "optimizers",
    "schedules",
    "datasets",
    "corruptions",
    "architectures",
    "activations",
    "metrics",
    "suites",
)


def add_commands(app: typer.Typer) -> None:
    """Enrol the commands."""
    app.command()(validate)
    app.command()(show)
    app.command()(schema)
    app.command("list")(list_names)
    app.command()(init)


def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", autocompletion=complete_config)],
    set: Set = None,
) -> None:
    """Check configs as `train` does: schema, data, model, and one batch through every loss and penalty.

    Writes nothing. Exit code 0 if all are sound, else that of the first that is not.

    Example: [bold]aecli validate configs/*.yaml[/]
    """
    from aecli import api

    first_error: AecliError | None = None
    for name in files:
        try:
            for advice in api.validate(name, set=set or []):
                console.message(str(advice), severity=advice.severity)
        except AecliError as error:
            console.show_error(error)
            first_error = first_error or error
        else:
            console.say(f"{name}: ok")
    if first_error:
        raise typer.Exit(first_error.exit_code)


def complete_target(incomplete: str) -> list[str]:
    """Run folders and configs that begin with what was typed."""
    return complete_run(incomplete) + complete_config(incomplete)


def show(
    target: Annotated[str, typer.Argument(metavar="FILE|RUN", autocompletion=complete_target)],
    set: Set = None,
    json: Json = False,
) -> None:
    """Show a config with every default and the meaning of every field, or tell the story of a run.

    Example: [bold]aecli show mse.yaml[/] or [bold]aecli show runs/20261122T101502Z_mse_s0_9f3a[/]
    """
    from aecli.config.target import find_target

    folder = find_target(target)
    if folder is not None:
        if set:
            raise UsageError(
                f"--set: {target} is a run, and what it was cannot be changed; show its config.yaml instead"
            )
        show_folder(folder, json=json)
        return
    from aecli.config.load import load_config

    config = load_config(target, set=set or [])
    if json:
        console.say_json(config.plain())
        return
    from aecli.config.explain import explain_config

    console.say(explain_config(config).rstrip())


def show_folder(path: Path, *, json: bool) -> None:
    """Tell the story of a run, or list the runs that a folder holds."""
    from aecli.comparison.evidence.run_list import list_runs
    from aecli.console.run_rows import show_run_list
    from aecli.runs.places import is_run, runs_in

    if is_run(path) or not runs_in(path):
        show_run(path, json=json)
        return
    found = list_runs(path)
    if json:
        console.say_json([one.plain(found.metric) for one in found.runs])
        return
    show_run_list(found)
    console.message(
        f"{path} holds runs; one of them: aecli show {shell_word(found.runs[0].record.path)}", severity="note"
    )


def show_run(path: Path, *, json: bool) -> None:
    """Tell the story of a run without the schema and without torch."""
    from aecli.config.merge import read_file
    from aecli.runs.folder import open_run_folder
    from aecli.runs.notes import read_notes

    folder = open_run_folder(path)
    if json:
        answer = {"run": str(path), "status": folder.read_status(), "summary": folder.read_summary()}
        console.say_json(answer | read_notes(path).plain())
    else:
        console.show_run(folder, read_file(folder.config, str(folder.config)).data)


def schema() -> None:
    """Print the JSON Schema of a config, for editors and other programs.

    Example: [bold]aecli schema > aecli.schema.json[/]
    """
    from aecli.config.explain import json_schema

    console.say_json(json_schema())


def list_names(
    kind: Annotated[str, typer.Argument(metavar="|".join(KINDS), autocompletion=lambda: list(KINDS))],
    json: Json = False,
) -> None:
    """List the names of a kind: when to use each, its formula, parameters and source.

    Example: [bold]aecli list losses[/]
    """
    from aecli.config.explain import describe_registry
    from aecli.registry import unknown_name

    if kind not in KINDS:
        raise UsageError(f"unknown kind {unknown_name(kind, KINDS)}")
    entries = describe_registry(kind)
    if json:
        console.say_json(entries)
    else:
        console.show_entries(entries)


def init(
    name: Annotated[str, typer.Argument(metavar="PRESET", autocompletion=complete_config)] = "mse.yaml",
    to: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Where to; ./PRESET if not given.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
) -> None:
    """Copy a preset, or a sweep that comes along, to start from.

    Example: [bold]aecli init mse.yaml my.yaml[/]
    """
    from aecli.config.presets import copy_preset, preset_names, sweep_names

    target = copy_preset(name, to, force=force)
    others = f"other presets: {', '.join(preset_names())}; sweeps: {', '.join(sweep_names())}"
    console.message(others, severity="note")
    console.say(str(target))
