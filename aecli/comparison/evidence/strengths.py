"""The strengths in a config: where their absence is 0, and the config without them."""

from collections.abc import Mapping, Sequence
from typing import TypeGuard

from aecli.comparison.evidence.settings import keyed

SWITCHED = ("regularization", "loss", "data.corruption", "data.contamination")
"""Parts of a config without which the dose of what they hold is 0."""
STRENGTHS = ("weight", "p", "share", "std")
"""Parameters that are 0 where their part is missing. Without k_sparse there is no k, and 0 would be the opposite."""
ASKED = "asked"
"""What stands in place of a mapping of which nothing is left: that there was one is no part of the strength."""


def is_strength(key: str) -> bool:
    """Whether a key, if it has a number, says how strong something is that could be left out.

    Example:
        >>> is_strength("regularization.k_sparse.k"), is_strength("loss.mae.weight"), is_strength("loss.delta")
        (True, True, False)
    """
    section = next((one for one in SWITCHED if key.startswith(f"{one}.")), None)
    is_of_a_sum = section == "loss" and key.count(".") == 2 and key.endswith(".weight")
    return is_of_a_sum or section in ("regularization", "data.corruption")


def has_zero(key: str) -> bool:
    """Whether runs without what the key belongs to have a dose of 0.

    Example:
        >>> has_zero("regularization.l1.weight"), has_zero("regularization.k_sparse.k"), has_zero("loss.delta")
        (True, False, False)
    """
    section = next((one for one in SWITCHED if key.startswith(f"{one}.")), None)
    if section is None:
        return False
    parts = key.removeprefix(f"{section}.").split(".")
    return parts[-1] in STRENGTHS and len(parts) == (1 if section.startswith("data.") else 2)


def drop_term(config: Mapping[str, object], key: str) -> dict[str, object]:
    """The config without what the key belongs to: without l1, for `regularization.l1.weight`."""
    rest = drop(config, key.split(".")[:-1])
    loss = rest.get("loss")
    return {**rest, "loss": loss[0]} if isinstance(loss, list) and len(loss) == 1 else rest


def drop(config: Mapping[str, object], keys: Sequence[str]) -> dict[str, object]:
    """A config without what is at some keys; an item of a list is found by its name, as `flatten` does.

    Example:
        >>> drop({"regularization": [{"name": "l1", "weight": 1e-7}], "seed": 0}, ["regularization", "l1", "weight"])
        {'regularization': [{'name': 'l1'}], 'seed': 0}
    """
    head, rest = keys[0], keys[1:]
    if ".".join(keys) in config:  # a key that has dots itself
        head, rest = ".".join(keys), keys[:0]
    left = {
        name: drop_within(value, rest) if rest and name == head else value
        for name, value in config.items()
        if rest or name != head
    }
    return {name: ASKED if value == {} and config[name] != {} else value for name, value in left.items()}


def drop_within(part: object, keys: Sequence[str]) -> object:
    """A part of a config without what is at some keys; what has no parts stays as it is."""
    if isinstance(part, Mapping):
        return drop(part, keys)
    return list(drop(keyed(part), keys).values()) if are_named(part) else part


def are_named(part: object) -> TypeGuard[list[Mapping[str, object]]]:
    """Whether it is a list of mappings with names."""
    return isinstance(part, list) and all(isinstance(item, Mapping) and "name" in item for item in part)


def spell_dose(dose: float) -> str:
    """A dose in few characters, and never rounded.

    Example:
        >>> spell_dose(0.0), spell_dose(1e-05), spell_dose(60000.0), spell_dose(0.123456789)
        ('0', '1e-05', '60000', '0.123456789')
    """
    if dose.is_integer() and abs(dose) < 1e9:
        return str(int(dose))
    text = f"{dose:g}"
    return text if float(text) == dose else repr(dose)
