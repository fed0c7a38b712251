"""From registries to types: what pydantic checks where a config names a loss, a regularizer, a data set ...

A type made here is asked for its schema when the model around it is built, so it has whatever is registered then.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt
from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    create_model,
    model_validator,
)
from pydantic_core import core_schema

from aecli.registry import Entry, Parameter, Registry

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

Positive = Annotated[float, Gt(0)]
NonNegative = Annotated[float, Ge(0)]
Count = Annotated[int, Ge(1)]
MADE = {"use_attribute_docstrings": False}
"""For models that no source text defines: to search all loaded modules for one takes most of the start."""


class Section(BaseModel):
    """A mapping of the YAML: unknown keys, wrong types and non-finite numbers are refused; never changed."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class Anneal(Section):
    """A number that moves while training, and then stays at its end."""

    start: float
    """Value in the first epoch."""
    end: float
    """Value from epoch `epochs` on."""
    epochs: Annotated[int, Ge(2)]
    """Epoch in which the end is reached."""
    curve: Literal["linear", "geometric"] = "linear"
    """Equal steps, or equal ratios (both ends above 0)."""

    @model_validator(mode="after")
    def ends_are_finite(self) -> "Anneal":
        """Refuse what cannot be reached in steps."""
        if not (math.isfinite(self.start) and math.isfinite(self.end)):
            raise ValueError("start and end must be finite numbers")
        return self

    @model_validator(mode="after")
    def geometric_needs_positive_ends(self) -> "Anneal":
        """Refuse a ratio that does not exist."""
        if self.curve == "geometric" and not (self.start > 0 and self.end > 0):
            raise ValueError("a geometric curve needs start and end above 0; use curve: linear")
        return self

    def at(self, epoch: int) -> float:
        """The value in an epoch, counted from 1."""
        share = min(max(epoch - 1, 0) / (self.epochs - 1), 1.0)
        if share == 1.0:
            return self.end
        if self.curve == "geometric":
            return self.start * (self.end / self.start) ** share
        return self.start + (self.end - self.start) * share


_own: "dict[type[Named], set[str]]" = {}
"""A mapping that was made -> its fields that are parameters of the registered function."""


class Named(Section):
    """A mapping `{name: ..., parameter: ...}` of something registered."""

    name: str
    """Of what is chosen."""

    if TYPE_CHECKING:

        def __getattr__(self, key: str) -> Any:
            """Parameters are fields of the model that `model_of` makes for each entry."""


def plain_parameters(term: Named) -> dict[str, Any]:
    """What the registered function takes, by keyword, as plain values."""
    return term.model_dump(include=_own[type(term)])


class OneOrMany:
    """Lets the JSON Schema say that one item may stand for a list of one."""

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: "GetJsonSchemaHandler"
    ) -> dict[str, Any]:
        many = handler(schema)
        return {"anyOf": [many["items"], many]}


def annealed(annotation: object) -> object:
    """A number of this range, or an annealing between two of them."""
    start, end = (Field(description=Anneal.model_fields[name].description) for name in ("start", "end"))
    fields: dict[str, Any] = {"start": (annotation, start), "end": (annotation, end)}
    moving = create_model(
        "Anneal",
        __base__=Anneal,
        __doc__=Anneal.__doc__,
        __module__="aecli.config.schema",  # part of its name in the JSON Schema
        __cls_kwargs__=MADE,
        **fields,
    )
    return Annotated[
        Annotated[annotation, Tag("number")] | Annotated[moving, Tag("anneal")],
        Discriminator(lambda value: "anneal" if isinstance(value, (dict, Anneal)) else "number"),
    ]


def field_of(parameter: Parameter, *, anneal: bool) -> tuple[object, object]:
    """Type and default of a registered function's parameter, as a pydantic field."""
    annotation = parameter.annotation
    constraints = get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()
    if "may be infinite" in constraints:
        annotation = Annotated[annotation, Field(allow_inf_nan=True)]
    is_number = (get_args(annotation)[0] if constraints else annotation) is float
    if tuple in (get_origin(annotation), get_origin(constraints and get_args(annotation)[0])):
        annotation = Annotated[annotation, Field(strict=False)]  # YAML has lists, not tuples
    default = ... if parameter.required else parameter.default
    return annealed(annotation) if anneal and is_number else annotation, Field(default, description=parameter.doc)


def model_of(
    entry: Entry[Any], base: type[Named], *, noun: str, anneal: bool, extra: dict[str, Any], is_default: bool
) -> type[Named]:
    """The mapping `{name: ..., parameter: ...}` of one registered function; the default one needs no name."""
    fields = {parameter.name: field_of(parameter, anneal=anneal) for parameter in entry.parameters}
    title = "".join(part.capitalize() for part in f"{entry.name}_{noun}".replace(" ", "_").split("_"))
    name = Field(entry.name if is_default else ..., description=f"{noun}: {entry.summary}")
    given: dict[str, Any] = {"name": (Literal[entry.name], name), **extra}
    if clash := given.keys() & fields.keys():
        raise ValueError(f"{noun} {entry.name}: no parameter may be called {min(clash)}, which is a key of its own")
    made = create_model(title, __base__=base, __doc__=entry.summary, __cls_kwargs__=MADE, **(given | fields))
    _own[made] = set(fields)
    return made


_choices: "list[Choice]" = []


def rebuild_made() -> None:
    """Let the mappings that were made for entries have what other registries have now."""
    for choice in _choices:
        for model in choice.made():
            model.model_rebuild(force=True)


class Choice:
    """Marks a `Named` that is any entry of a registry: a mapping with its name and parameters, or its name alone.

    Args:
        registry: whose names may be chosen.
        anneal: of which entries numbers may move while training.
        extra: fields of an entry beside its parameters.
        default: the name that is meant where none is given.
        base: what its mappings are beside their fields.
        read: makes of what people write what a registry knows; raises ValueError with what to write instead.
    """

    def __init__(
        self,
        registry: Registry[Any],
        *,
        anneal: Callable[[Entry[Any]], bool] = lambda entry: False,
        extra: Callable[[Entry[Any]], dict[str, Any]] = lambda entry: {},
        default: str | None = None,
        base: type[Named] = Named,
        read: Callable[[object], object] = lambda value: value,
    ) -> None:
        self.registry, self.anneal, self.extra, self.default, self.read = registry, anneal, extra, default, read
        self.base = base
        self._made: dict[int, type[Named]] = {}
        _choices.append(self)

    def models(self) -> dict[str, type[Named]]:
        """The mapping of each entry, made once, so that what was checked earlier stays what it was."""
        return {name: self.model(entry) for name, entry in self.registry.items()}

    def model(self, entry: Entry[Any]) -> type[Named]:
        """The mapping of one entry."""
        if entry.number not in self._made:
            self._made[entry.number] = model_of(
                entry,
                self.base,
                noun=self.registry.noun,
                anneal=self.anneal(entry),
                extra=self.extra(entry),
                is_default=entry.name == self.default,
            )
        return self._made[entry.number]

    def made(self) -> list[type[Named]]:
        """The mappings that have been made so far."""
        return list(self._made.values())

    def spell_out(self, value: object) -> object:
        """A name alone as a mapping; the default's name where there is none."""
        value = self.read(value)
        if isinstance(value, str):
            return {"name": value}
        if self.default is not None and isinstance(value, dict) and "name" not in value:
            return {"name": self.default, **value}
        return value

    def __get_pydantic_core_schema__(self, source: object, handler: "GetCoreSchemaHandler") -> core_schema.CoreSchema:
        members = {name: handler.generate_schema(model) for name, model in self.models().items()}
        union = core_schema.tagged_union_schema(members, discriminator="name")
        return core_schema.no_info_before_validator_function(self.spell_out, union)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: "GetJsonSchemaHandler"
    ) -> dict[str, Any]:
        return {"anyOf": [{"enum": list(self.registry)}, handler(schema)]}
