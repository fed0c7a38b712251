"""aecli from Python: the names that may stand in a config. `list` has a module of its own, since it hides Python's."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aecli.api.shown import Names


def list(kind: str) -> "Names":
    """The names of a kind with their parameters, ranges, formulas and sources.

    Args:
        kind: losses, regularizers, optimizers, schedules, datasets, corruptions, architectures, activations, metrics
            or suites.

    Returns: a list of mappings.

    Raises:
        UsageError: there is no such kind.
    """
    from aecli.api.shown import Names
    from aecli.components.catalogue import CATALOGUE
    from aecli.config.explain import describe_registry
    from aecli.config.schema import json_ready
    from aecli.errors import UsageError
    from aecli.registry import unknown_name

    if kind not in CATALOGUE:
        raise UsageError(f"unknown kind {unknown_name(kind, CATALOGUE)}")
    return Names(kind, json_ready(describe_registry(kind)))
