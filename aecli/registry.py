"""A registry turns a plain function into a name in the YAML.

The function's keyword-only parameters with their types, ranges and defaults are its schema; its docstring is its
documentation; whatever else has to be known about it are the facts of its registration. Whoever stands above asks the
registry and never spells a name. This module knows nothing of losses, YAML or torch.
"""

import difflib
import inspect
import itertools
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, Literal, TypeVar, get_args, get_origin

from aecli.docstrings import read_arguments, read_docstring

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a registration says beside the signature and the docstring; each kind of names has its own."""

    kind: str = ""
    """The heading below which `aecli list` has it."""

    def told(self) -> dict[str, object]:
        """The facts that `aecli list` shows beside the parameters."""
        return {}


FactsT = TypeVar("FactsT", bound=Facts)
Function = TypeVar("Function", bound=Callable[..., Any])


class Context:
    """Marks a parameter that the program fills in, such as the shape of the images; it is no key of the YAML."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a registered function, as its signature and docstring declare it."""

    name: str
    annotation: object
    default: object
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
class Entry(Generic[FactsT]):
    """One registered function with its facts and what its docstring says."""

    name: str
    function: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    summary: str
    formula: str
    use: str
    """When to take it."""
    note: str
    source: str
    facts: FactsT
    number: int
    """Of the registration, counted over all registries of the process."""
    module: str
    """Whose body registered it: the one to import for it, even where another one has made the function."""


_numbers = itertools.count(1)
_registries: "weakref.WeakSet[Registry[Any]]" = weakref.WeakSet()


class Registry(Mapping[str, Entry[FactsT]]):
    """Names of one kind, such as losses, in the order of their registration."""

    def __init__(self, noun: str, *, symbols: str = "") -> None:
        self.noun = noun
        self.symbols = symbols
        """What the letters in its formulas mean."""
        self.version = 0
        """Changes with every registration: whoever keeps what the registry says compares it."""
        self._entries: dict[str, Entry[FactsT]] = {}
        _registries.add(self)

    def register(self, facts: FactsT, *, name: str | None = None) -> Callable[[Function], Function]:
        """Decorator: enrol a function with its facts, under its own name unless another one is given.

        Raises:
            ValueError: the name is taken.
        """

        def enrol(function: Function) -> Function:
            entry = read_entry(name or function.__name__, function, facts)
            if entry.name in self._entries:
                raise ValueError(f"{self.noun} {entry.name!r} is registered twice")
            self._entries[entry.name] = entry
            self.version += 1
            return function

        return enrol

    def forget(self, name: str) -> None:
        """Take a name out again, as tests of components do that were registered for one test.

        Raises:
            KeyError: there is no such name.
        """
        del self._entries[name]
        self.version += 1

    __eq__ = object.__eq__  # two registries are never the same, whatever they hold
    __hash__ = object.__hash__

    def __getitem__(self, name: str) -> Entry[FactsT]:
        if name not in self._entries:
            raise KeyError(f"unknown {self.noun} {unknown_name(name, self._entries)}")
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def module_in_work() -> str:
    """The name of the module whose body is running: to import it does again what it does now."""
    frame: FrameType | None = inspect.currentframe()
    while frame is not None and frame.f_back is not None and frame.f_code.co_name != "<module>":
        frame = frame.f_back
    return str(frame.f_globals.get("__name__", "")) if frame is not None else ""


class OneOf:
    """Marks a text that is a name of a registry: `Annotated[str, OneOf(ACTIVATIONS)]`, whatever is registered then."""

    def __init__(self, registry: Registry[Any]) -> None:
        self.registry = registry

    def __get_pydantic_core_schema__(self, source: object, handler: "GetCoreSchemaHandler") -> "CoreSchema":
        """What pydantic asks a marker for."""
        from pydantic_core import core_schema

        return core_schema.literal_schema(list(self.registry))


def outside_modules() -> tuple[str, ...]:
    """The modules outside of this package that registered something, in the order of their first registration.

    Processes that start anew, such as the workers of a sweep, import these first.
    """
    package = __name__.partition(".")[0]
    entries = [entry for registry in list(_registries) for entry in registry.values()]
    modules = dict.fromkeys(entry.module for entry in sorted(entries, key=lambda entry: entry.number))
    return tuple(name for name in modules if name.partition(".")[0] != package)


def unknown_name(name: object, choices: Iterable[object], label: str = "choices") -> str:
    """`"hubber"; did you mean "huber"? choices: ...`, the end of every message about an unknown name."""
    names = [str(choice) for choice in choices]
    close = difflib.get_close_matches(str(name), names, n=1, cutoff=0.6)
    hint = f' did you mean "{close[0]}"?' if close else ""
    return f'"{name}";{hint} {label}: {", ".join(names)}'


def read_entry(name: str, function: Callable[..., Any], facts: FactsT) -> Entry[FactsT]:
    """What a function's signature and Google-style docstring declare."""
    summary, formula, sections = read_docstring(inspect.getdoc(function) or "")
    documented = read_arguments(sections.get("Args", ""))
    parameters = tuple(
        Parameter(parameter.name, parameter.annotation, parameter.default, documented.get(parameter.name, ""))
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind is parameter.KEYWORD_ONLY and Context not in get_args(parameter.annotation)
    )
    one_line = {key: " ".join(sections.get(key, "").split()) for key in ("Use when", "Note", "Source")}
    return Entry(
        name=name,
        function=function,
        parameters=parameters,
        summary=summary,
        formula=formula,
        use=one_line["Use when"],
        note=one_line["Note"],
        source=one_line["Source"],
        facts=facts,
        number=next(_numbers),
        module=module_in_work(),
    )


def describe_range(annotation: object) -> str:
    """The values that a type with its constraints allows, in words."""
    if get_origin(annotation) is Annotated:
        base, *constraints = get_args(annotation)
        signs = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}
        found = [(sign, getattr(c, name, None)) for c in constraints for name, sign in signs.items()]
        bounds = [f"{sign} {bound:g}" for sign, bound in found if bound is not None]  # an Interval has all four names
        names = [name for c in constraints if isinstance(c, OneOf) for name in c.registry]
        return " and ".join(bounds) or " | ".join(names) or describe_range(base)
    if get_origin(annotation) is Literal:
        return " | ".join(str(choice) for choice in get_args(annotation))
    if get_origin(annotation) is tuple:
        items = ["..." if item is ... else describe_range(item) for item in get_args(annotation)]
        return f"[{', '.join(items)}]"
    words: dict[object, str] = {
        float: "number",
        int: "whole number",
        bool: "true | false",
        str: "text",
        type(None): "null",
    }
    if annotation in words:
        return words[annotation]
    return " | ".join(describe_range(choice) for choice in get_args(annotation))
