"""What was probably meant by a command line that cannot be parsed, in one line with the command to type.

Knows the options of the commands and the keys of a config; a command that is typed right never comes here.
"""

import shlex
from collections.abc import Sequence

import typer
from typer.core import TyperCommand

from aecli.errors import UsageError

Unparsable: type[Exception] = typer.BadParameter.__mro__[1]
"""What the parser raises, whichever library typer builds on."""


SECTIONS = {"architecture", "optimization", "training", "evaluation", "name"}
"""Keys of a config that no single value on the command line sets, or that have an option."""
FOLDERS = {"output", "output_dir", "outdir", "out_dir", "save_dir", "logdir", "log_dir", "dir", "folder", "runs_dir"}
"""What other programs call the folder that is written to."""


class HintedCommand(TyperCommand):
    """A command that says what to type instead, and takes an option once that counts once."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # typer's own
        """Read the arguments.

        Raises:
            UsageError: it is known what was meant, or an option that counts once was given twice.
        """
        typed = list(args)
        try:
            rest: list[str] = super().parse_args(ctx, args)
        except Unparsable as error:
            name = str(getattr(error, "option_name", ""))
            hint = hint_for_option(self, name, typed) if name else hint_for_argument(self, ctx, typed)
            if hint is None:
                raise
            raise UsageError(hint) from None
        if not ctx.resilient_parsing:
            self.refuse_twice(ctx, typed)
        return rest

    def refuse_twice(self, ctx: typer.Context, typed: Sequence[str]) -> None:
        """Of an option that counts once the last one would win without a word."""
        given = self.make_parser(ctx).parse_args(list(typed))[2]
        for param in given:
            takes_value = not getattr(param, "is_flag", False) and param.nargs == 1
            if param.param_type_name == "option" and takes_value and not param.multiple and given.count(param) > 1:
                raise UsageError(f"{longest(param.opts)} is given {given.count(param)} times, and one counts: give one")

    @property
    def options(self) -> set[str]:
        """Every option of the command."""
        return {name for param in self.params for name in param.opts if name.startswith("-")}


def longest(names: Sequence[str]) -> str:
    """`--config` of `--config` and `-c`."""
    return max(names, key=len)


def command_line(command: TyperCommand, words: Sequence[str]) -> str:
    """The command as it can be typed."""
    return f"aecli {command.name} {shlex.join(words)}"


def hint_for_option(command: HintedCommand, name: str, typed: Sequence[str]) -> str | None:
    """What an option that the command lacks may have meant: a key of the config, or a file without an option."""
    place = next((index for index, word in enumerate(typed) if word.startswith(name)), None)
    if place is None:  # one letter of several: -qe
        return None
    option, _, value = typed[place].partition("=")
    rest = typed[place + 1 :]
    if "=" not in typed[place] and rest and not rest[0].startswith("-"):
        value, rest = rest[0], rest[1:]
    if option in ("--config", "-c") and command.params[0].param_type_name == "argument" and value:
        return f"{option}: the file stands alone: {command_line(command, [*typed[:place], value, *rest])}"
    from aecli.config.keys import places_of

    way = next((way for way in ("--set", "--where") if way in command.options), None)
    word = option.lstrip("-").replace("-", "_").lower()
    if out := next((out for out in ("--out", "--output") if word in FOLDERS and out in command.options), None):
        return f"no option {option}; it is {command_line(command, [*typed[:place], out, value or 'FOLDER', *rest])}"
    places = places_of("dataset" if word == "data" else word, {})
    if way is None or not set(places).isdisjoint(SECTIONS) or not places:
        return None
    if places == ["seed"] and "--status" in command.options:
        return f"{option}: the seeds of a sweep stand in its file: seeds: 0-9"
    told = " or ".join(f"{way} {shlex.quote(assignment(key, value))}" for key in places)
    return f"no option {option}; it is a key of the config: {told}"


def assignment(key: str, value: str) -> str:
    """`training.epochs=3`; of a number of widths the last one is the size of the code."""
    if key == "architecture.widths" and not value.startswith("["):
        return f"{key}=[auto, 128, 64, {value or 32}]"
    return f"{key}={value or 'VALUE'}"


def hint_for_argument(command: HintedCommand, ctx: typer.Context, typed: Sequence[str]) -> str | None:
    """What a file without an option may have meant where a config is named by --config."""
    config = next((param for param in command.params if "--config" in param.opts), None)
    if config is None or any(param.param_type_name == "argument" for param in command.params):
        return None
    given, files, _ = command.make_parser(ctx).parse_args(list(typed))
    if config.name in given or not files:
        if config.name in given:
            return f"{files[0]}: {command.name} takes one config, and --config names it already" if files else None
        return f"name a config: aecli {command.name} --config mse.yaml"
    if len(files) > 1:
        return f"{len(files)} configs, and {command.name} takes one: one command for each, or a sweep over them"
    place = typed.index(files[0])
    return f"write it as: {command_line(command, [*typed[:place], '--config', *typed[place:]])}"
