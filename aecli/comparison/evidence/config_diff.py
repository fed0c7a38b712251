"""In which settings two runs or configs differ, by their resolved content."""

from dataclasses import dataclass
from typing import Any

from aecli.comparison.evidence.settings import ABSENT, as_text, exact, flatten
from aecli.config.target import resolved_config


@dataclass(frozen=True)
class ConfigDiff:
    """Two sides, and the keys in which they differ."""

    names: tuple[str, str]
    sides: tuple[dict[str, Any], dict[str, Any]]
    """Key -> value, of the keys that differ only; a key that one side lacks is missing there."""

    @property
    def keys(self) -> list[str]:
        """The keys that differ, in the order of the configs."""
        return list(dict.fromkeys([*self.sides[0], *self.sides[1]]))

    def rows(self) -> list[tuple[str, str, str]]:
        """Key and both values as text."""
        one, other = ({key: as_text(value) for key, value in side.items()} for side in self.sides)
        return [(key, one.get(key, ABSENT), other.get(key, ABSENT)) for key in self.keys]

    def plain(self) -> dict[str, Any]:
        """For JSON: what a side lacks is left out there."""
        named = [
            {label: side[key] for label, side in zip(("one", "other"), self.sides, strict=True) if key in side}
            for key in self.keys
        ]
        return {"one": self.names[0], "other": self.names[1], "differs": dict(zip(self.keys, named, strict=True))}


def diff_configs(one: str, other: str) -> ConfigDiff:
    """Where two runs or configs differ.

    Args:
        one: a run as anywhere, or a config's file or name.
        other: the same.

    Raises:
        UsageError, ConfigError: one of them is neither.
    """
    (first, a), (second, b) = (resolved_config(text) for text in (one, other))
    flat_a, flat_b = flatten(a), flatten(b)
    keys = [key for key in dict.fromkeys([*flat_a, *flat_b]) if not is_same(key, flat_a, flat_b)]
    sides = ({key: flat[key] for key in keys if key in flat} for flat in (flat_a, flat_b))
    left, right = sides
    return ConfigDiff((first, second), (left, right))


def is_same(key: str, one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether both have the key with the same value."""
    return key in one and key in other and exact(one[key]) == exact(other[key])
