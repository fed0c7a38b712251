"""What an autoencoder can be good for: goals, the measures each is made of, and the weights that a user gives them.

A goal is never one number that some loss minimizes by itself where there are others: reconstruction is judged by three
referees at once.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence

from aecli.comparison.opinions import GOALS
from aecli.errors import UsageError
from aecli.registry import unknown_name
from aecli.text import each, printable

MOST_WEIGHT = 1e6
"""The largest weight over the smallest."""
MEANINGS = """\
  reconstruction   new images come back as they were, by mse, mae and ssim
  generalization   new images come back as well as those of the training
  robustness       spoilt images come back clean
  denoising        noise is taken away, beside simple filters
  classification   the code tells the classes, by a linear probe
  clustering       the code falls into the classes by itself, by k-means
  compression      the coded code needs few bits, beside image codecs
  sparsity         weights are exactly zero, or can be pruned"""
"""Each goal in a line."""
WEIGHT = re.compile(r"^\s*([^=\s]+)\s*(?:=\s*(\S*)\s*)?$")


def parse_goals(goals: Mapping[str, float] | str | Sequence[str]) -> dict[str, float]:
    """Goals with their weights.

    Args:
        goals: goal -> weight, or texts such as `reconstruction` or `reconstruction=2,classification=1`; 1 if a weight
            is not given.

    Raises:
        UsageError: no goal, an unknown one, one twice, a weight that is no number above 0, or weights too far apart.
    Example:
        >>> parse_goals(["reconstruction=2,classification", "sparsity=0.5"])
        {'reconstruction': 2.0, 'classification': 1.0, 'sparsity': 0.5}
    """
    weights: dict[str, float] = {}
    for name, weight in goals.items() if isinstance(goals, Mapping) else read_texts(goals):
        if name not in GOALS:
            raise UsageError(f"--for: unknown goal {unknown_name(printable(name), GOALS)}")
        if name in weights:
            raise UsageError(f"--for: {name} is named twice; one weight says it all")
        weights[name] = check_weight(name, weight)
    if not weights:
        raise UsageError(f"--for: name one goal or more, for example --for reconstruction=2,sparsity=1\n{MEANINGS}")
    refuse_too_far_apart(weights)
    return weights


def refuse_too_far_apart(weights: Mapping[str, float]) -> None:
    """Refuse weights of which one decides nothing.

    Raises:
        UsageError: the largest is too many times the smallest.
    """
    most, least = max(weights, key=weights.__getitem__), min(weights, key=weights.__getitem__)
    if weights[most] / weights[least] > MOST_WEIGHT:
        raise UsageError(
            f"--for: {most}={weights[most]:g} is more than {MOST_WEIGHT:,.0f} times {least}={weights[least]:g}, "
            f"which then decides nothing; leave {least} out"
        )


def read_texts(texts: str | Sequence[str]) -> Iterable[tuple[str, object]]:
    """Each goal with the text of its weight.

    Raises:
        UsageError: what stands there is no goal with or without a weight.
    """
    for item in (item for text in each(texts) for item in text.split(",") if item.strip()):
        match = WEIGHT.match(item)
        if not match:
            raise UsageError(
                f'--for "{printable(item.strip())}": write GOAL or GOAL=WEIGHT, '
                "for example --for reconstruction=2,classification=1"
            )
        yield match[1], 1.0 if match[2] is None else match[2]


def check_weight(name: str, weight: object) -> float:
    """The weight as a number.

    Raises:
        UsageError: it is none, or not above 0, or not finite.
    """
    try:
        number = float(weight)  # type: ignore[arg-type]  # what is no number is refused below
    except (TypeError, ValueError):
        number = math.nan
    if not 0 < number < math.inf:
        raise UsageError(
            f"--for: {name}={printable(weight)}: a weight is a finite number above 0, for example {name}=2"
        )
    return number
