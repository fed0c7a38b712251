"""`aecli runs`: the list of runs, and what is done to runs that are there."""

from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from aecli import console
from aecli.cli.shared_options import ManyRunsArgument, RunArgument, complete_run
from aecli.errors import AecliError, UsageError
from aecli.runs.places import ROOT

HELP = """List the runs in ./runs, or in another folder: newest first, with what can be typed for each.

[bold]aecli runs --sort test.mse --where state=completed[/], [bold]aecli runs elsewhere --json[/]; all options of the
list: [bold]aecli runs list --help[/]. The other commands tidy up.

Example: [bold]aecli runs --where tag=paper[/]
"""
Folder = Annotated[Path, typer.Option("--in", metavar="DIR", help="The folder of runs; ./runs if not given.")]
Json = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]


class ListsByDefault(TyperGroup):
    """A group whose first argument may be a folder or an option of its `list`."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Put `list` before what is no command of the group."""
        is_other = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        is_mistyped = len(args) > 1 and not any(word.startswith("-") for word in args[:2])
        args = args if is_other or is_mistyped else ["list", *args]
        return super().parse_args(ctx, args)


group = typer.Typer(cls=ListsByDefault, help=HELP, rich_markup_mode="rich")


def add_commands(app: typer.Typer) -> None:
    """Enrol the commands."""
    app.add_typer(group, name="runs")
    group.command("list")(list_runs)
    for command in (rm, trash, prune, note, tag):
        group.command()(command)


def list_runs(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of runs; ./runs if not given.")] = ROOT,
    sort: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="A column, a metric (best first) or a key of the config.")
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=VALUE",
            help="Only such runs: state=completed, tag=x, loss.name=mse, test.mse<0.01; also != <= > >=. "
            "May be repeated.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """List runs, newest first. The id, any other unique end or beginning of a name, and `last` can be typed for a RUN.

    Example: [bold]aecli runs --sort test.mse --where state=completed[/]
    """
    from aecli.comparison.evidence.run_list import list_runs
    from aecli.console.run_rows import show_run_list

    found = list_runs(folder, sort=sort, where=where or [])
    if json:
        console.say_json([one.plain(found.metric) for one in found.runs])
    else:
        show_run_list(found)


def find_all(texts: list[str], *, strict: bool = False) -> list[Path]:
    """The runs that are meant, each once; nothing is done to any if one is not found."""
    from aecli.runs.ids import find_runs

    return list(dict.fromkeys(run for text in texts for run in find_runs(text, strict=strict)))


def rm(runs: ManyRunsArgument) -> None:
    """Move runs to the trash of their folder, all or none; a run that is in use is refused.

    Example: [bold]aecli runs rm last[/], then [bold]aecli runs trash[/]
    """
    from aecli.runs.sizes import size_words
    from aecli.runs.trash import remove

    for one in remove(find_all(runs, strict=True)):
        console.say(f"{one.path} ({size_words(one.bytes)})")
    console.message("still on the disk; back: aecli runs trash --restore NAME; gone: --empty", severity="note")


def trash(
    empty: Annotated[bool, typer.Option("--empty", help="Delete for good what is in it.")] = False,
    restore: Annotated[str | None, typer.Option(metavar="NAME", help="Move a run back to where it was.")] = None,
    folder: Folder = ROOT,
) -> None:
    """List the runs in the trash, move one back, or empty it.

    Example: [bold]aecli runs trash --empty[/]
    """
    from aecli.runs.sizes import size_words
    from aecli.runs.trash import empty_trash, list_trash
    from aecli.runs.trash import restore as restore_run

    if empty and restore is not None:
        raise UsageError("--empty and --restore: give one of them")
    if restore is not None:
        console.say(str(restore_run(folder, restore)))
        return
    found = empty_trash(folder) if empty else list_trash(folder)
    for one in found:
        console.say(f"{one.path.name} ({size_words(one.bytes)})")
    total = size_words(sum(one.bytes for one in found))
    console.tell(f"{'freed' if empty else 'in the trash:'} {total}" if found else f"the trash of {folder} is empty")


def prune(
    keep: Annotated[str, typer.Option(metavar="best|last|none", help="The checkpoint that stays.")],
    runs: Annotated[
        list[str] | None,
        typer.Argument(metavar="RUN", help="All of ./runs if not given.", autocompletion=complete_run),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be freed.")] = False,
) -> None:
    """Drop the optimizer's states and all checkpoints of finished runs but one, and say what that frees.

    A run with its best checkpoint is evaluated and loaded as before, and cannot be resumed.

    Example: [bold]aecli runs prune --keep best --dry-run[/]
    """
    from aecli.experiment.prune import prune as prune_run
    from aecli.runs.places import runs_in
    from aecli.runs.sizes import size_words

    freed, done = 0, 0
    failed: AecliError | None = None
    for run in find_all(runs) if runs else sorted(runs_in(ROOT)):
        try:
            pruned = prune_run(run, keep=keep, only_tell=dry_run)
        except AecliError as error:
            console.message(str(error), severity="error" if runs else "note")
            failed = error
        else:
            freed, done = freed + pruned.freed, done + 1
            console.say(f"{run}: keeps {pruned.kept or 'no checkpoint'}, {size_words(pruned.freed)}")
    console.say(f"{size_words(freed)} {'would be ' if dry_run else ''}freed in {done} run{'s' * (done != 1)}")
    if failed is not None and runs:
        raise typer.Exit(failed.exit_code)


def note(
    run: RunArgument,
    text: Annotated[str | None, typer.Argument(metavar="TEXT", help="What to add; its notes if not given.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take all its notes away.")] = False,
) -> None:
    """Add a note to a run, or show its notes. `aecli show` tells them too.

    Example: [bold]aecli runs note last "the seed that diverged on the cluster"[/]
    """
    from aecli.console.runs import show_notes
    from aecli.runs.folder import open_run_folder
    from aecli.runs.notes import add_note, read_notes, remove_notes

    path = open_run_folder(run).path
    if remove:
        if text is not None:
            raise UsageError("--remove takes all notes away; give a TEXT or --remove")
        remove_notes(path)
    elif text is not None:
        add_note(path, text)
    show_notes(read_notes(path))
    console.say(str(path))


def tag(
    runs: ManyRunsArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The tag: letters, digits, _ . and -")],
    remove: Annotated[bool, typer.Option("--remove", help="Take the tag away.")] = False,
) -> None:
    """Give runs a tag, or take it away. `tag:NAME` then stands for them wherever RUNS are taken.

    Example: [bold]aecli runs tag last last-1 paper[/], then [bold]aecli compare tag:paper[/]
    """
    from aecli.runs.folder import open_run_folder
    from aecli.runs.notes import check_tag
    from aecli.runs.notes import tag as tag_run

    check_tag(name)
    folders = [open_run_folder(run).path for run in find_all(runs)]
    changed = [path for path in folders if tag_run(path, name, remove=remove)]
    for path in folders:
        console.say(str(path))
    without = len(folders) - len(changed)
    if without:
        console.message(f"{without} of them had it{' not' if remove else ' already'}", severity="note")
