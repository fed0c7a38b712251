"""YAML text to plain data, with the position of every key and value.

The YAML 1.2 core schema: `true` and `false` are the only booleans (`no` and `off` are text), `1e-3` is a number. Tags,
duplicate keys, merge keys and several documents are refused; size, depth and the number of values are limited, so that
no small file becomes a large object. What is written here reads back as it was.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml
from yaml.reader import ReaderError

from aecli.errors import ConfigError, Problem

MAX_BYTES = 100_000
MAX_VALUES = 20_000
MAX_DEPTH = 50
NESTING_TRUSTED = 2000
"""Levels that libyaml can surely go down; from 20,000 on it crashes the process."""
TOO_LARGE = f"larger than {MAX_BYTES:,} bytes; a config is a few hundred"

Path = tuple[str | int, ...]
"""Keys and list positions from the top of the document to a value."""

CORE: list[tuple[re.Pattern[str], Callable[[str], object]]] = [  # the YAML 1.2 core schema, section 10.3.2
    (re.compile(r"null|Null|NULL|~|"), lambda text: None),
    (re.compile(r"true|True|TRUE"), lambda text: True),
    (re.compile(r"false|False|FALSE"), lambda text: False),
    (re.compile(r"[-+]?[0-9]{1,300}"), int),
    (re.compile(r"0o[0-7]{1,300}"), lambda text: int(text, 8)),
    (re.compile(r"0x[0-9a-fA-F]{1,250}"), lambda text: int(text, 16)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"), float),
    (re.compile(r"[-+]?\.(inf|Inf|INF)"), lambda text: float(text.replace(".", ""))),
    (re.compile(r"\.(nan|NaN|NAN)"), lambda text: float("nan")),
]


@dataclass
class Document:
    """Plain data with the origin of each part.

    `keys` has where a key stands, `values` where its value stands: `file:line:column`, or the flag it came from.
    """

    data: Any
    name: str
    keys: dict[Path, str] = field(default_factory=dict)
    values: dict[Path, str] = field(default_factory=dict)
    text: str = ""
    """As it was read, where it comes from a file."""

    def locate(self, path: Path, *, key: bool = False) -> str:
        """Where the value at the path stands, or else the nearest thing around it that has a position."""
        first = self.keys if key else self.values
        if path in first:
            return first[path]
        while path:
            if path in self.values:
                return self.values[path]
            path = path[:-1]
        return self.values.get((), self.name)


UNTAGGED = "untagged"


class Loader(yaml.SafeLoader):
    """Resolves nothing by itself, so that every explicit tag can be told from a plain value."""

    def resolve(self, kind: type, value: str | None, implicit: object) -> str:
        """The tag of a node that has none."""
        return UNTAGGED


if TYPE_CHECKING:
    QuickLoader = yaml.SafeLoader
else:
    QuickLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class FastLoader(QuickLoader):
    """The same by libyaml, several times faster; its messages are others, and deep nesting overflows its stack."""

    resolve = Loader.resolve


class Dumper(yaml.SafeDumper):
    """Quotes whatever text this module would read as something else, such as "1e-3"."""

    def ignore_aliases(self, data: object) -> bool:
        """Write everything out."""
        return True


def represent_text(dumper: Dumper, text: str) -> yaml.ScalarNode:
    """Text as a node, in double quotes where it needs any."""
    is_plain = read_scalar(text) == text and text.isprintable()
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if is_plain else '"')


Dumper.add_representer(str, represent_text)


def dump(data: object, *, flow: bool = False) -> str:
    """Plain data as YAML that `parse` reads back; flow: on one line.

    Example:
        >>> dump(["1e-3", 1e-3, None], flow=True)
        '["1e-3", 0.001, null]'
    """
    text = yaml.dump(data, Dumper=Dumper, sort_keys=False, default_flow_style=flow, width=10_000 if flow else 110)
    return text.removesuffix("\n...\n").rstrip("\n") if flow else text


def parse(text: str, name: str, *, fast: bool = False) -> Document:
    """Read one YAML document.

    Args:
        text: the YAML text.
        name: what to call it in messages: the path of the file.
        fast: for files that aecli wrote, a thousand of them: the words of a syntax error may be others.

    Returns: data of dict, list, str, int, float, bool and None, with positions.

    Raises:
        ConfigError: a syntax error, a tag, a duplicate key, too large, too deep.
    Example:
        >>> parse("lr: 1e-3\\noff: no", "x.yaml").data
        {'lr': 0.001, 'off': 'no'}
    """
    if len(text) > MAX_BYTES:
        raise ConfigError([Problem(name, "", TOO_LARGE)])
    is_flat = sum(map(text.count, "[{-?:")) < NESTING_TRUSTED  # whatever opens a level has one of these
    try:
        node = yaml.compose(text, FastLoader if fast and is_flat else Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        reason = " ".join(part for part in (error.context, error.problem) if part)
        if "'\\t'" in reason:
            reason = "a tab cannot stand here; indent with spaces"
        raise ConfigError([Problem(where, "", f"not valid YAML: {reason}")]) from None
    except ReaderError as error:
        before = text[: error.position].split("\n")
        where = f"{name}:{len(before)}:{len(before[-1]) + 1}"
        raise ConfigError(
            [Problem(where, "", f"not valid YAML: character U+{error.character:04X} is not allowed")]
        ) from None
    except RecursionError:
        raise ConfigError([Problem(name, "", f"nested deeper than {MAX_DEPTH} levels")]) from None
    reader = Reader(Document(None, name))
    if node is not None:
        reader.document.data = reader.read(node, ())
    if reader.problems:
        raise ConfigError(reader.problems)
    return reader.document


class Reader:
    """Turns the nodes of one document into data, and collects what is wrong with them."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self.count = 0

    def at(self, node: yaml.Node) -> str:
        """`file:line:column` of a node, counted from 1."""
        return f"{self.document.name}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"

    def refuse(self, node: yaml.Node, path: Path, message: str) -> None:
        """Note a problem and go on."""
        self.problems.append(Problem(self.at(node), dotted(path), message))

    def read(self, node: yaml.Node, path: Path) -> object:
        """The data of a node and of everything in it."""
        self.count += 1
        if self.count > MAX_VALUES or len(path) > MAX_DEPTH:
            what = (
                f"more than {MAX_VALUES:,} values"
                if self.count > MAX_VALUES
                else f"nested deeper than {MAX_DEPTH} levels"
            )
            raise ConfigError([Problem(self.at(node), "", f"{what}, aliases counted each time")])
        self.document.values[path] = self.at(node)
        if self.refuse_tag(node, path):
            return None
        if isinstance(node, yaml.MappingNode):
            return self.read_mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and not node.style:  # a plain scalar has None here, "" by libyaml
            return read_scalar(node.value)
        return node.value

    def refuse_tag(self, node: yaml.Node, path: Path) -> bool:
        """Whether the node has a tag, which is noted as a problem."""
        if node.tag != UNTAGGED:
            tag = node.tag.replace("tag:yaml.org,2002:", "!!")
            self.refuse(node, path, f'YAML tags are not allowed here: "{tag}"; write the plain value')
        return node.tag != UNTAGGED

    def read_mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        """The data of a mapping, whose keys are text and differ from each other."""
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.refuse(key_node, path, "a key must be plain text")
                continue
            key = key_node.value
            if self.refuse_tag(key_node, (*path, key)):
                continue
            if key == "<<":
                self.refuse(key_node, (*path, key), "merge keys are not YAML 1.2; write the keys out, or use extends")
                continue
            if key in data:
                self.refuse(key_node, (*path, key), f"duplicate key; first given at {self.document.keys[(*path, key)]}")
                continue
            self.document.keys[(*path, key)] = self.at(key_node)
            data[key] = self.read(value_node, (*path, key))
        return data


def read_scalar(text: str) -> object:
    """The value of a plain scalar in the YAML 1.2 core schema; whatever matches nothing is text."""
    for pattern, convert in CORE:
        if pattern.fullmatch(text):
            return convert(text)
    return text


def split(key: str) -> Path:
    """("widths", 0) for `widths.0`; nothing for an empty key."""
    return tuple(int(part) if part.isdigit() else part for part in key.split(".")) if key else ()


def dotted(path: Path) -> str:
    """`regularization[0].weight` for ("regularization", 0, "weight")."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
