"""A trial: one run to be made. It is its content, named by the digest of its resolved config."""

import json
from dataclasses import dataclass

from aecli.config.schema import Config
from aecli.config.telling import named, plain


@dataclass(frozen=True)
class Trial:
    """One run to be made."""

    digest: str
    """SHA-256 of the resolved config, seed included."""
    config: Config
    changes: dict[str, object]
    """What the sweep set, the seed left out."""

    @property
    def label(self) -> str:
        """`loss=mae, seed=3`."""
        return label_of(self.changes, self.config.seed)


@dataclass(frozen=True)
class Plan:
    """All trials of a sweep."""

    trials: tuple[Trial, ...]
    base_sha256: str
    """Of the resolved base config; another base under the same folder would be another sweep."""
    excluded: int
    """Combinations that `exclude` left out."""
    doubles: int
    """Combinations that came to the same config as one before."""


def label_of(changes: dict[str, object], seed: int) -> str:
    """What a sweep set in a trial, in one line."""
    return ", ".join([*(f"{key}={short(value)}" for key, value in changes.items()), f"seed={seed}"])


def short(value: object) -> str:
    """A value in few characters: a section by its name and numbers."""
    if isinstance(value, list):
        return "+".join(short(item) for item in value) or "none"
    if isinstance(value, dict):
        return named(value) if "name" in value else json.dumps(value, sort_keys=True)
    return "null" if value is None else plain(value)
