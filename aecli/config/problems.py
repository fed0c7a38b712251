"""What pydantic found wrong, in the words and with the positions of the user's YAML."""

import json
import re
from collections.abc import Mapping

from pydantic_core import ErrorDetails

from aecli.components.regularization import REGULARIZERS
from aecli.config.keys import keys_at, names_with, places_of, siblings
from aecli.config.schema import Config
from aecli.config.yaml_source import Document, Path, dotted, dump
from aecli.errors import Problem
from aecli.registry import unknown_name
from aecli.text import SHOWN, printable

TYPES = {
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "string_type": "text",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a name or a mapping with a name",
}
BOUNDS = {
    "greater_than": ("gt", ">"),
    "greater_than_equal": ("ge", ">="),
    "less_than": ("lt", "<"),
    "less_than_equal": ("le", "<="),
}


def explain(errors: list[ErrorDetails], document: Document, schema: type) -> list[Problem]:
    """One problem for each value that is wrong; what several alternatives said of one value is put together."""
    found: dict[tuple[Path, str], list[str]] = {}
    for error in errors:
        if error["type"] == "too_short" and any(
            len(other["loc"]) > len(error["loc"]) and other["loc"][: len(error["loc"])] == error["loc"]
            for other in errors
        ):
            continue  # pydantic does not count items that are wrong themselves
        path = path_in(document.data, error)
        where = document.locate(path, key=error["type"] == "extra_forbidden")
        messages = found.setdefault((path, where), [])
        message = explain_one(error, document.data, path, schema)
        if message not in messages:
            messages.append(message)
    return in_order(
        [Problem(where, dotted(path), join(messages)) for (path, where), messages in found.items()], document.name
    )


def in_order(problems: list[Problem], name: str) -> list[Problem]:
    """Problems as they stand in the file of this name, then in the files it extends, then in flags."""

    def position(problem: Problem) -> tuple[bool, bool, str, int, int]:
        match = None if problem.where.startswith("--") else re.fullmatch(r"(.*):(\d+):(\d+)", problem.where)
        file, line, column = match.groups() if match else ("", 0, 0)
        return match is None, file != name, file, int(line), int(column)

    return sorted(problems, key=position)


def join(messages: list[str]) -> str:
    """`expected a whole number or test, got "x"`, from two messages that end alike."""
    heads = [message.rpartition(", got ")[0] for message in messages]
    if len(messages) == 1 or not all(heads):
        return "; or ".join(messages)
    heads.sort(key=lambda head: not head.startswith("must be "))  # "must be >= 1 or test"
    tail = messages[0].rpartition(", got ")[2]
    return heads[0] + "".join(f" or {head.removeprefix('expected ')}" for head in heads[1:]) + f", got {tail}"


def path_in(data: object, error: ErrorDetails) -> Path:
    """The path of an error in the user's data: pydantic's own, without the names of union members."""
    path: Path = ()
    is_named = False  # inside {name: huber, ...} pydantic's location says huber first
    for part in error["loc"]:
        if path and not is_named and isinstance(data, dict) and data.get("name") == part:
            is_named = True
        elif part in parts_of(data):
            path, data, is_named = (*path, part), parts_of(data)[part], False
    if error["type"] == "missing":
        path = (*path, error["loc"][-1])
    if error["type"] in ("union_tag_invalid", "union_tag_not_found") and isinstance(data, dict):
        path = (*path, "name")
    return path


def parts_of(data: object) -> Mapping[str | int, object]:
    """The parts of a mapping by their keys, and those of a list by their positions; nothing else has any."""
    if isinstance(data, dict):
        return data
    return dict(enumerate(data)) if isinstance(data, list) else {}


def explain_one(error: ErrorDetails, data: object, path: Path, schema: type) -> str:
    """One pydantic error in the house's words."""
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return explain_key(error["loc"], data, schema)
    if kind == "missing":
        return "is required"
    if kind == "union_tag_not_found":
        return "is required: which one?"
    if kind == "union_tag_invalid":
        choices = [choice.strip().strip("'") for choice in context["expected_tags"].split(",")]
        return explain_choice(given["name"], choices)
    if kind == "literal_error":
        choices = [choice.strip().strip("'") for choice in context["expected"].replace(" or ", ", ").split(", ")]
        return f"expected {choices[0]}, got {shown(given)}" if len(choices) == 1 else explain_choice(given, choices)
    if kind in BOUNDS:
        name, sign = BOUNDS[kind]
        bound = context[name]
        return f"must be {sign} {bound if isinstance(bound, int) else f'{bound:g}'}, got {shown(given)}"
    if kind in TYPES:
        return f"expected {TYPES[kind]}, got {shown(given)}{hint(kind, given)}"
    if kind == "finite_number":
        return f"must be a finite number, got {shown(given)}"
    if kind in ("too_short", "too_long"):
        words, key = ("needs at least", "min_length") if kind == "too_short" else ("takes at most", "max_length")
        return f"{words} {context[key]} item{'s' if context[key] > 1 else ''}, got {context['actual_length']}"
    if kind == "value_error":
        return str(context["error"])
    if kind == "string_pattern_mismatch":
        return PATTERNS.get(str(path[-1]), f"must match {context['pattern']}") + f", got {shown(given)}"
    return f"{error['msg'][0].lower()}{error['msg'][1:]}, got {shown(given)}"


def explain_key(loc: tuple[str | int, ...], data: object, schema: type) -> str:
    """A key that is not known where it stands: where it belongs, or which keys there are."""
    key = str(loc[-1])
    if schema is Config and loc[0] == "regularization" and key == "target":
        return no_target_words(str(loc[-2]))
    others = names_with(schema, loc)
    if 0 < len(others) <= SHOWN:
        mine = next((str(part) for part in reversed(loc[:-1]) if part in siblings(schema, loc)), "")
        return f'unknown key "{printable(key)}" of {mine}; it belongs to {" or ".join(others)}'
    if schema is Config and loc[0] != "regularization" and (places := places_of(key, data)):
        return f'unknown key "{printable(key)}"; here it is {" or ".join(places)}'
    keys = keys_at(schema, loc[:-1]) + ["extends"] * (len(loc) == 1 and schema is Config)
    return "unknown key " + unknown_name(key, keys, "keys")


def no_target_words(name: str) -> str:
    """Why a regularizer takes no target, and which do."""
    able = [
        f"{one} ({', '.join(target.measure for target in entry.facts.targets)})"
        for one, entry in REGULARIZERS.items()
        if entry.facts.targets
    ]
    why = f"{name} takes no target: {REGULARIZERS[name].facts.untargeted}" if name in REGULARIZERS else "no target here"
    return f"{why}; those that do: {', '.join(able)}"


PATTERNS = {
    "name": "expected letters, digits, dot, dash and underscore, at most 64, starting with a letter or digit",
    "device": "expected auto, cpu, cuda, cuda:N or mps",
}


def explain_choice(given: object, choices: list[str]) -> str:
    """A name that is none of the choices, or no name at all."""
    if isinstance(given, str):
        return "unknown " + unknown_name(given, choices)
    return f"expected one of {', '.join(choices)}, got {shown(given)}"


def hint(kind: str, given: object) -> str:
    """What a value of the wrong type may have been meant to be."""
    if kind == "bool_type" and str(given).lower() in ("yes", "no", "on", "off", "y", "n"):
        return " (no, off, yes and on are text here)"
    if kind == "string_type" and isinstance(given, (bool, int, float)):
        return " (in quotes it is text)"
    return ""


def shown(value: object) -> str:
    """A value as the user would write it, on one line, shortened."""
    kinds: dict[type, str] = {dict: "a mapping", list: "a list", tuple: "a list"}
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else kinds.get(type(value))
    text = text or (dump(value, flow=True) if isinstance(value, (bool, float, type(None))) else str(value))
    return text if len(text) <= 60 else text[:57] + "..."
