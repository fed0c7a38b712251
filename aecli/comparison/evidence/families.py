"""Candidates sorted into families: the same in everything but one strength, whose doses make a frontier.

A strength is a number of a part that can be left out: of a regularizer, a corruption, or the weight of one loss beside
others. What lacks the part is its dose 0, where the strength can be 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.conditions import is_number
from aecli.comparison.evidence.labels import make_labels
from aecli.comparison.evidence.settings import choose_factors, flatten, identity, spell_settings
from aecli.comparison.evidence.strengths import drop, drop_term, has_zero, is_strength
from aecli.text import printable


@dataclass(frozen=True)
class Family:
    """The doses of one strength, everything else but the seed being equal."""

    label: str
    """What sets it apart from the other families, in few characters; unique among them."""
    settings: Mapping[str, str]
    """Factor -> its value as text; the strength is left out."""
    key: str
    """Of the strength; empty where it has none."""
    doses: tuple[float, ...]
    """Rising."""
    candidates: tuple[Candidate, ...]
    """One for each dose."""


@dataclass
class Sorted:
    """A family while it is made."""

    key: str
    config: dict[str, Any]
    """Without the strength."""
    doses: dict[float, Candidate]


def sort_families(candidates: Sequence[Candidate]) -> tuple[list[str], list[Family]]:
    """Put candidates together that differ in one strength only.

    Returns: the factors in which the families differ, and the families in the order of their first candidates.
    """
    structures: dict[tuple[str, ...], list[Candidate]] = {}
    for one in candidates:
        keys = strengths(one)
        structures.setdefault((identity(without(one.config, keys)), *keys), []).append(one)
    found = [family for members in structures.values() for family in split(members)]
    whole = {identity(one.config): one for one in candidates}
    zeros = set()
    for family in found:
        base = whole.get(identity(drop_term(family.config, family.key))) if has_zero(family.key) else None
        if base is not None and 0.0 not in family.doses:
            family.doses[0.0] = base
            zeros.add(base.label)
    kept = [one for one in found if one.key or next(iter(one.doses.values())).label not in zeros]
    configs = {str(at): one.config for at, one in enumerate(kept)}
    factors = choose_factors(list(configs.values()))
    rows = spell_settings(list(configs.values()), factors)
    settings = {
        at: {name: printable(text) for name, text in row.items()} for at, row in zip(configs, rows, strict=True)
    }
    labels = make_labels(settings, configs)
    return factors, [
        Family(
            label=labels[str(at)] if ".target." not in one.key else f"{labels[str(at)].partition(' (')[0]} by target",
            settings=settings[str(at)],
            key=one.key,
            doses=tuple(sorted(one.doses)),
            candidates=tuple(one.doses[dose] for dose in sorted(one.doses)),
        )
        for at, one in enumerate(kept)
    ]


def strengths(candidate: Candidate) -> dict[str, float]:
    """The strengths of a config, by their keys."""
    return {
        key: float(value) for key, value in flatten(candidate.config).items() if is_strength(key) and is_number(value)
    }


def without(config: Mapping[str, Any], keys: Mapping[str, float] | Sequence[str]) -> dict[str, Any]:
    """A config without some keys."""
    rest: dict[str, Any] = dict(config)
    for key in keys:
        rest = drop(rest, key.split("."))
    return rest


def split(members: Sequence[Candidate]) -> list[Sorted]:
    """Members of one structure by all of their strengths but the one with the most doses."""
    values = {one.label: strengths(one) for one in members}
    keys = list(next(iter(values.values())))
    counts = {key: len({own[key] for own in values.values()}) for key in keys}
    key = max(keys, key=lambda one: counts[one], default="")
    families: dict[tuple[float, ...], Sorted] = {}
    for one in members:
        own = values[one.label]
        rest = tuple(value for other, value in own.items() if other != key)
        made = families.setdefault(rest, Sorted(key, without(one.config, [key] if key else []), {}))
        made.doses[own.get(key, 0.0)] = one
    return list(families.values())
