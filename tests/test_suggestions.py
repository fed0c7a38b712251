"""Commands and options that messages suggest: they exist, and what stands in them can be copied into a shell."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import typer

import aecli
from aecli.cli import app

ROOT = Path(aecli.__file__).parent
COMMANDS = typer.main.get_command(app).commands


def options_of(command: typer.core.TyperCommand | typer.core.TyperGroup) -> set[str]:
    """The options of a command, and of those in it if it is a group."""
    own = {"--help", *(word for param in command.params for word in (*param.opts, *param.secondary_opts))}
    return own.union(*map(options_of, getattr(command, "commands", {}).values()))


OPTIONS = {name: options_of(command) for name, command in COMMANDS.items()}
SPOKEN_BY = {
    "cli/check_command": ["check"],
    "cli/compare_command": ["compare"],
    "cli/dose_command": ["dose"],
    "cli/evaluate_command": ["evaluate"],
    "cli/recommend_command": ["recommend"],
    "cli/report_command": ["report"],
    "cli/sweep_command": ["sweep"],
    "comparison/check/": ["check"],
    "comparison/dose/": ["dose"],
    "comparison/recommendation/missing": ["evaluate"],
    "comparison/recommendation/": ["recommend"],
    "comparison/telling/report/": ["report"],
    "console/comparison": ["compare"],
    "sweep/": ["sweep"],
    "experiment/run": ["train"],
    "experiment/resume": ["resume"],
    "experiment/evaluate": ["evaluate"],
    "training/": ["train", "validate", "sweep"],
    "config/presets": [],
    "config/": ["train", "validate", "show", "sweep"],
    "components/": ["train", "validate", "sweep"],
}
"""Beginning of a file -> the commands in which its messages are met, so that each has the options that are named."""
SPEAKS_TO_OTHERS = {"experiment/environment"}
"""Files that call other programs."""
PLACES = re.compile(r"aecli (?:[a-z]+ )?(?:[^;]* )?(?:resume|show|evaluate|check|--config|--out|--data) $")
"""The end of a text behind which a path of the user's stands in a command."""


@cache
def sources() -> dict[str, list[ast.AST]]:
    """Every file of the package without its ending, and the nodes of its tree."""
    paths = sorted(ROOT.rglob("*.py"))
    return {
        path.relative_to(ROOT).with_suffix("").as_posix(): [*ast.walk(ast.parse(path.read_text()))] for path in paths
    }


def texts(nodes: list[ast.AST]) -> Iterator[str]:
    """The texts of a file with X for what is filled in; docstrings left out."""
    docs = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    joined = [node for node in nodes if isinstance(node, ast.JoinedStr)]
    inside = {id(part) for node in joined for part in node.values}
    for node in joined:
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs | inside:
            yield node.value


def suggested(text: str) -> Iterator[tuple[str, str]]:
    """The commands of a text with each option that stands behind them."""
    for command, rest in re.findall(r"\baecli ([a-z]+)\b((?:(?!\baecli\b)[^;\n`])*)", text):
        if command in OPTIONS:
            yield from ((command, option) for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", rest))


def test_every_option_of_a_suggested_command_is_one():
    found = {(file, *pair) for file, nodes in sources().items() for text in texts(nodes) for pair in suggested(text)}
    assert len(found) > 20
    assert {(file, command, option) for file, command, option in found if option not in OPTIONS[command]} == set()


def test_every_option_named_by_itself_is_one_of_the_commands_that_say_it():
    wrong = set()
    known = {"--version"}.union(*OPTIONS.values())
    for file, nodes in sources().items():
        commands = next((names for start, names in SPOKEN_BY.items() if file.startswith(start)), [])
        for text in texts(nodes):
            bare = re.sub(r"\b(?:aecli|ray|pip|python) [a-z]+\b[^;\n`]*", "", text)
            for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", bare):
                wrong |= {(file, option, name) for name in commands if option not in OPTIONS[name]}
                if option not in known and file not in SPEAKS_TO_OTHERS:
                    wrong.add((file, option, "any"))
    assert wrong == set()


def test_a_path_in_a_suggested_command_is_quoted_where_it_has_blanks():
    wrong = set()
    for file, nodes in sources().items():
        for node in nodes:
            if not isinstance(node, ast.JoinedStr):
                continue
            before = ""
            for part in node.values:
                if isinstance(part, ast.FormattedValue) and PLACES.search(before):
                    call = part.value
                    if not (isinstance(call, ast.Call) and getattr(call.func, "id", "") == "shell_word"):
                        wrong.add(f"{file}:{part.lineno}")
                before += str(part.value) if isinstance(part, ast.Constant) else "X"
    assert wrong == set()


def test_a_wrong_suggestion_is_seen():
    assert list(suggested("try aecli train --config X --sed 3; or aecli compare runs --set a")) == [
        ("train", "--config"), ("train", "--sed"), ("compare", "--set"),
    ]  # fmt: skip
    assert PLACES.search("go on with: aecli resume ") and not PLACES.search("--out ")
