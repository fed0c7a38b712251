"""Terms of the objective in a config: what is written for short, their weight, and what it may be asked to buy."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, SerializerFunctionWrapHandler, WithJsonSchema, model_serializer

from aecli.components.regularization.targets import Target
from aecli.config.assemble import Named, NonNegative, annealed
from aecli.config.implied import LOSS


def named_loss(value: object) -> object:
    """A single loss with the default's name where it has none."""
    return {"name": LOSS, **value} if isinstance(value, dict) and "name" not in value else value


def losses_given(value: object) -> object:
    """Losses as a list, of which one may stand by itself."""
    return value if isinstance(value, (list, tuple)) else [named_loss(value)]


def regularizers_given(value: object) -> object:
    """Regularizers as a list, of which one may stand by itself; anything else as it is."""
    return [value] if isinstance(value, (dict, str)) else value


class Buying(Named):
    """The same of a term that may have a target in place of a weight: as plain data it has one of the two."""

    @model_serializer(mode="wrap")
    def with_one_of_the_two(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave the other one out."""
        data: dict[str, Any] = write(self)
        data.pop("target" if data.get("target") is None else "weight", None)
        return data


def weight_of(default: float | None) -> dict[str, Any]:
    """The weight of a term of the objective, for terms that have one."""
    if default is None:
        return {}
    doc = "What the term is multiplied by in the objective."
    return {"weight": (annealed(NonNegative), Field(default, description=doc))}


def target_of(targets: Sequence[Target]) -> dict[str, Any]:
    """What the weight of a term shall buy in place of being given, for terms that can buy something."""
    if not targets:
        return {}
    names = [target.measure for target in targets]

    def read(value: object) -> object:
        flat = dict(flat_keys(value)) if isinstance(value, dict) else value
        if isinstance(flat, dict) and (len(flat) != 1 or next(iter(flat)) not in names):
            raise ValueError(f"expected one of {', '.join(names)} and its value, got {', '.join(flat) or 'nothing'}")
        return flat

    doc = "What the weight shall buy, in place of being given: a measure and its value."
    shape = {"type": "object", "additionalProperties": False, "minProperties": 1, "maxProperties": 1}
    shape |= {"properties": {target.measure: {"type": "number", "description": target.words} for target in targets}}
    asked = Annotated[dict[str, float], BeforeValidator(read), WithJsonSchema(shape)]
    return {"target": (asked | None, Field(None, description=doc))}


def flat_keys(value: Mapping[str, object], above: str = "") -> Iterator[tuple[str, object]]:
    """Dotted keys with their values, whether they were written as one key or as keys within keys."""
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from flat_keys(inner, f"{above}{key}.")
        else:
            yield f"{above}{key}", inner
