"""What was chosen in a config, as flat keys, and what differs between configs.

A part of the config that has a `name` (the loss, the optimizer, ...) is one factor where names differ, and a parameter
of it is one where they do not: between mse and huber(delta=0.1) it is the loss that changed, not two things.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeGuard

from aecli.components.architecture import ARCHITECTURES
from aecli.components.architecture.registration import DEFAULT_FAMILY
from aecli.config.telling import named, plain

NOT_CHOSEN = ("name", "seed", "evaluation.suites", "training.device", "training.threads")
"""What may differ within one row: labels, the seed, what was measured, and where it ran (the lint names the latter)."""
ABSENT = "-"
NAMED_SECTIONS = (
    "data.dataset",
    "data.corruption",
    "data.contamination",
    "loss",
    "regularization",
    "optimization.optimizer",
    "optimization.schedule",
)
"""Parts that have a name."""
WHOLE_SECTIONS = (*NAMED_SECTIONS, "architecture", "training.early_stopping")
"""Parts that are one factor where their names differ, or where one of them is switched off."""
NOWHERE = ("nowhere",)
"""The value of a key that a config does not have; no value in YAML is a tuple."""


def identity(config: Mapping[str, Any]) -> str:
    """Equal for configs that differ in nothing that was chosen, so only in the seed."""
    return exact({key: value for key, value in flatten(config).items() if key not in NOT_CHOSEN})


def flatten(config: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Every value under its dotted key; an item of a list of named things is found by its name.

    Example:
        >>> flatten({"loss": {"name": "mse"}, "regularization": [{"name": "l1", "weight": 1e-7}]})
        {'loss.name': 'mse', 'regularization.l1.name': 'l1', 'regularization.l1.weight': 1e-07}
    """
    flat: dict[str, Any] = {}
    for key, value in config.items():
        here = f"{above}{key}"
        if isinstance(value, dict) and not is_anneal(value):
            flat |= flatten(value, f"{here}.")
        elif is_list_of_named(value):
            flat |= flatten(keyed(value), f"{here}.")
        else:
            flat[here] = value
    return flat


def is_anneal(value: Mapping[str, Any]) -> bool:
    """Whether it is a number that moves, `{start, end, epochs, curve}`: one value."""
    return {"start", "end", "epochs"} <= value.keys()


def is_list_of_named(value: object) -> TypeGuard[list[Mapping[str, Any]]]:
    """Whether it is a list of mappings with names, and not an empty one."""
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) and "name" in item for item in value)


def keyed(items: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Items by name; the second of the same name is `name#2`."""
    found: dict[str, Mapping[str, Any]] = {}
    for item in items:
        name, count = str(item["name"]), 1
        while name in found:
            count += 1
            name = f"{item['name']}#{count}"
        found[name] = item
    return found


def look_up(config: Mapping[str, Any], key: str) -> object:
    """The part of a config under a dotted key of its sections; None where there is none."""
    value: object = config
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def named_part(config: Mapping[str, Any], key: str) -> object:
    """The same, with the name of the family of networks, which a config leaves out where it is the default one."""
    part = look_up(config, key)
    return {"name": DEFAULT_FAMILY, **part} if key == "architecture" and isinstance(part, Mapping) else part


def names_of(value: object) -> tuple[str, ...]:
    """The names in a named part: of a mapping its own, of a list those of its items, of nothing none."""
    if isinstance(value, Mapping):
        return (str(value.get("name")),)
    return (
        tuple(str(item.get("name")) for item in value if isinstance(item, Mapping)) if isinstance(value, list) else ()
    )


def choose_factors(configs: Sequence[Mapping[str, Any]]) -> list[str]:
    """The keys in which the configs differ, in the order of the config: the columns of a comparison.

    Example:
        >>> one = {"loss": {"name": "mse"}, "training": {"epochs": 5}}
        >>> choose_factors([one, {"loss": {"name": "huber", "delta": 0.1}, "training": {"epochs": 5}}])
        ['loss']
    """
    flats = [flatten(config) for config in configs]
    keys = list(dict.fromkeys(key for flat in flats for key in flat))
    whole = [key for key in WHOLE_SECTIONS if len({names_of(named_part(config, key)) for config in configs}) > 1]
    factors: list[str] = []
    for key in keys:
        if key in NOT_CHOSEN or len({exact(flat[key]) if key in flat else None for flat in flats}) == 1:
            continue
        section = next((section for section in whole if key == section or key.startswith(f"{section}.")), None)
        if (section or key) not in factors:
            factors.append(section or key)
    return factors


def exact(value: object) -> str:
    """Equal for equal values only."""
    return json.dumps(value, sort_keys=True, default=str)


def value_of(config: Mapping[str, Any], factor: str) -> str:
    """What a config says about a factor, in few characters."""
    return spell(chosen(config, flatten(config), factor), factor)


def spell_settings(configs: Sequence[Mapping[str, Any]], factors: Iterable[str]) -> list[dict[str, str]]:
    """Factor -> what each config says about it; written out where rounding would make different values look alike.

    Example:
        >>> spell_settings([{"lr": 0.1}, {"lr": 0.1000000001}, {"lr": 0.2}], ["lr"])
        [{'lr': '0.1'}, {'lr': '0.1000000001'}, {'lr': '0.2'}]
    """
    flats = [flatten(config) for config in configs]
    settings: list[dict[str, str]] = [{} for _ in configs]
    for factor in factors:
        values = [chosen(config, flat, factor) for config, flat in zip(configs, flats, strict=True)]
        meanings: dict[str, set[str]] = {}
        for value in values:
            meanings.setdefault(spell(value, factor), set()).add(exact(value))
        for value, row in zip(values, settings, strict=True):
            text = spell(value, factor)
            row[factor] = text if len(meanings[text]) == 1 or value is NOWHERE else exact(value)
    return settings


def chosen(config: Mapping[str, Any], flat: Mapping[str, Any], factor: str) -> object:
    """What a config, given also flat, has for a factor."""
    return named_part(config, factor) if factor in WHOLE_SECTIONS else flat.get(factor, NOWHERE)


def spell(value: object, factor: str) -> str:
    """A factor's value in few characters: `huber(delta=0.1)`, `[784, 128, 32]`, `none`."""
    if value is NOWHERE:
        return ABSENT
    if factor not in WHOLE_SECTIONS:
        return as_text(value)
    items = value if isinstance(value, list) else [value] if isinstance(value, Mapping) else []
    return " + ".join(spell_term(item, factor) for item in items) or "none"


def spell_term(item: object, factor: str) -> str:
    """`huber(delta=0.1)`; what aecli did not write stands as it is."""
    if not isinstance(item, Mapping):
        return exact(item)
    item = telling_parameters(item) if factor == "architecture" else item
    try:
        return named({"name": factor.rpartition(".")[2], **item})
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return exact(item)


def telling_parameters(network: Mapping[str, Any]) -> Mapping[str, Any]:
    """A family of networks without the parameters that are its defaults: there are many, and all are always written."""
    family = str(network.get("name"))
    entries = ARCHITECTURES[family].parameters if family in ARCHITECTURES else ()
    defaults = {parameter.name: exact(parameter.default) for parameter in entries if not parameter.required}
    return {key: value for key, value in network.items() if key not in defaults or exact(value) != defaults[key]}


def as_text(value: object) -> str:
    """A value as it stands in a table."""
    if isinstance(value, Mapping):
        try:
            return plain(value)
        except (KeyError, TypeError, ValueError, ArithmeticError):
            return exact(value)
    if isinstance(value, list):
        return f"[{', '.join(as_text(item) for item in value)}]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return f"{value:g}" if isinstance(value, float) else str(value)
