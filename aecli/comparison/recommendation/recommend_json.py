"""A recommendation as JSON: it is plain data, so this is the thing itself."""

from dataclasses import asdict
from pathlib import Path

from aecli.comparison.recommendation.recommend import Recommendation

SCHEMA = 1
"""Version of the JSON."""


def recommendation_json(found: Recommendation) -> dict[str, object]:
    """Everything as plain data, versioned."""
    return {"schema": SCHEMA, **{key: plain_value(item) for key, item in asdict(found).items()}}


def plain_value(value: object) -> object:
    """The same value with paths as texts and tuples as lists."""
    if isinstance(value, dict):
        return {key: plain_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_value(item) for item in value]
    return str(value) if isinstance(value, Path) else value
