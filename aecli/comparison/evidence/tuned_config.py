"""A config without the values that were tuned, which are no choice between candidates: each has its own."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from aecli.comparison.evidence.settings import is_list_of_named, keyed

TUNED = "tuned"
"""What stands in place of a value that was tuned."""


def without_tuned(config: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """A config with `tuned` in place of the values under some dotted keys; a whole section keeps that as its name.

    Example:
        >>> config = {"optimization": {"optimizer": {"name": "adam", "lr": 0.1}}, "regularization": [{"name": "l1"}]}
        >>> without_tuned(config, ["optimization.optimizer.lr"])["optimization"]
        {'optimizer': {'name': 'adam', 'lr': 'tuned'}}
        >>> without_tuned(config, ["regularization.l1.weight"])["regularization"]
        [{'name': 'l1', 'weight': 'tuned'}]
    """
    if not keys:
        return dict(config)
    copied = copy.deepcopy(dict(config))
    for key in keys:
        *above, last = key.split(".")
        holder: object = copied
        for part in above:
            held = keyed(holder) if is_list_of_named(holder) else holder
            holder = held.get(part) if isinstance(held, Mapping) else None
        if isinstance(holder, dict):
            is_section = isinstance(holder.get(last), (dict, list))
            holder[last] = {"name": TUNED} if is_section else TUNED
    return copied
