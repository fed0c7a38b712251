"""What the weights that were looked for have bought, by summary.json: which was found, and which target was missed.

It knows plain data; nothing of torch, and nothing of components.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from aecli.runs.stored_values import finite_number, mapping

SHOWN = ".4g"


def targets_of(summary: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each term that has a target, with what is recorded of it; what is incomplete is left out."""
    for key, one in mapping(summary.get("targets")).items():
        if all(finite_number(mapping(one).get(name)) is not None for name in ("target", "value", "weight", "excess")):
            yield key, one


def bought_words(summary: Mapping[str, Any]) -> list[str]:
    """`regularization.activity_l1: weight 0.0543 buys code.l0 32.3 on validation images; asked for: 32`."""
    return [
        f"{key}: weight {one['weight']:{SHOWN}} buys {one['measure']} {one['value']:{SHOWN}} on validation images; "
        f"asked for: {one['target']:{SHOWN}}"
        for key, one in targets_of(summary)
    ]


def missed_words(summary: Mapping[str, Any]) -> list[str]:
    """A sentence for each target that was not reached."""
    return [
        f"{key}: {one['measure']} {one['target']:{SHOWN}} was not reached: it is {one['value']:{SHOWN}} at epoch "
        f"{summary.get('judged_epoch')} with a weight of {one['weight']:{SHOWN}}; {remedy(one)}"
        for key, one in targets_of(summary)
        if not one.get("is_reached")
    ]


def remedy(one: Mapping[str, Any]) -> str:
    """What to do: a weight that has no effect any more cannot be made smaller."""
    if one["excess"] < 0 and one.get("is_least"):
        return "no smaller weight would change that: ask for what the net does without it, or less"
    return "train for more epochs, or ask for another value"
