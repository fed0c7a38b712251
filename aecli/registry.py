"""A registry turns a plain function into a name in the YAML.

The function's keyword-only parameters with their types, ranges and defaults are its schema; its docstring is its
documentation. This module knows nothing of losses, YAML or torch.
"""

import difflib
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, get_args, get_origin

SECTION = re.compile(r"^(Args|Returns|Raises|Source|Note|Example):\s*(.*)$")


class Context:
    """Marks a parameter that the program fills in, such as the shape of the images; it is no key of the YAML."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a registered function, as its signature and docstring declare it."""

    name: str
    annotation: Any
    default: Any
    """`Parameter.empty` where the parameter has to be given."""
    doc: str
    empty: ClassVar[Any] = inspect.Parameter.empty

    @property
    def required(self) -> bool:
        """Whether there is no default."""
        return self.default is inspect.Parameter.empty

    @property
    def range(self) -> str:
        """The allowed values in words, for example `> 0` or `mean | sum`."""
        return describe_range(self.annotation)


@dataclass(frozen=True)
class Entry:
    """One registered function with what its docstring says."""

    name: str
    function: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    summary: str
    formula: str
    note: str
    source: str
    traits: Mapping[str, Any] = field(default_factory=dict)

    def trait(self, name: str, default: Any = None) -> Any:
        """What the registration said about `name`, or the default."""
        return self.traits.get(name, default)


class Registry(Mapping[str, Entry]):
    """Names of one kind, such as losses, in the order of their registration."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._entries: dict[str, Entry] = {}

    def register(self, name: str | None = None, **traits: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Decorator: enrol a function under its own name, or under `name` where Python's own words forbid that.

        Raises:
            ValueError: the name is taken.
        """

        def enrol(function: Callable[..., Any]) -> Callable[..., Any]:
            entry = read_entry(name or function.__name__, function, traits)
            if entry.name in self._entries:
                raise ValueError(f"{self.noun} {entry.name!r} is registered twice")
            self._entries[entry.name] = entry
            return function

        return enrol

    def __getitem__(self, name: str) -> Entry:
        if name not in self._entries:
            raise KeyError(f"unknown {self.noun} {unknown_name(name, self._entries)}")
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def unknown_name(name: str, choices: Any, label: str = "choices") -> str:
    """`"hubber"; did you mean "huber"? choices: ...`, the end of every message about an unknown name."""
    choices = list(choices)
    close = difflib.get_close_matches(str(name), choices, n=1, cutoff=0.6)
    hint = f' did you mean "{close[0]}"?' if close else ""
    return f'"{name}";{hint} {label}: {", ".join(choices)}'


def read_entry(name: str, function: Callable[..., Any], traits: Mapping[str, Any]) -> Entry:
    """What a function's signature and Google-style docstring declare."""
    summary, formula, sections = read_docstring(inspect.getdoc(function) or "")
    documented = read_arguments(sections.get("Args", ""))
    parameters = tuple(
        Parameter(parameter.name, parameter.annotation, parameter.default, documented.get(parameter.name, ""))
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind is parameter.KEYWORD_ONLY and Context not in get_args(parameter.annotation)
    )
    one_line = {key: " ".join(sections.get(key, "").split()) for key in ("Note", "Source")}
    return Entry(name, function, parameters, summary, formula, one_line["Note"], one_line["Source"], dict(traits))


def read_docstring(text: str) -> tuple[str, str, dict[str, str]]:
    """Split a docstring into its first line, the paragraph with the formula, and its sections."""
    sections: dict[str, list[str]] = {"": []}
    current = ""
    for line in text.splitlines():
        if match := SECTION.match(line):
            current = match[1]
            sections[current] = [match[2]]
        else:
            sections[current].append(line)
    summary, _, formula = "\n".join(sections.pop("")).partition("\n")
    return summary.strip(), " ".join(formula.split()), {key: "\n".join(lines) for key, lines in sections.items()}


def read_arguments(text: str) -> dict[str, str]:
    """`name: what it means` for each line of an Args section; indented lines go on with the one before."""
    documented: dict[str, str] = {}
    current = ""
    for line in text.splitlines():
        if match := re.match(r"^ {4}(\w+): (.*)$", line):
            current = match[1]
            documented[current] = match[2].strip()
        elif current:
            documented[current] += " " + line.strip()
    return documented


def describe_range(annotation: Any) -> str:
    """The values that a type with its constraints allows, in words."""
    if get_origin(annotation) is Annotated:
        base, *constraints = get_args(annotation)
        signs = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}
        found = [(sign, getattr(c, name, None)) for c in constraints for name, sign in signs.items()]
        bounds = [f"{sign} {bound:g}" for sign, bound in found if bound is not None]  # an Interval has all four names
        return " and ".join(bounds) or describe_range(base)
    if get_origin(annotation) is Literal:
        return " | ".join(str(choice) for choice in get_args(annotation))
    if get_origin(annotation) is tuple:
        return f"[{', '.join(describe_range(item) for item in get_args(annotation))}]"
    names = {float: "number", int: "whole number", bool: "true | false", str: "text", type(None): "null"}
    if annotation in names:
        return names[annotation]
    return " | ".join(describe_range(choice) for choice in get_args(annotation))
