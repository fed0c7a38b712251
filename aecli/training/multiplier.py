"""The weight that buys a target, found while training: an augmented Lagrangian on the logarithm of the weight.

Each step measures the number on its batch. With the excess g of the running mean, which is above 0 while there is too
much left (see targets.py), the multiplier rises by RATE g, and the weight is start x exp(multiplier + STIFFNESS g): the
first term finds the weight, the second one, the quadratic penalty, keeps it from overshooting. Weights of all sizes
are reached in the same time, since only their ratio to the usual one counts. Training sees batches with corruption
and dropout; what counts is the number in use, so each epoch's end says by how much the two differ.

Source: Nocedal & Wright 2006, section 17.3; Platt & Barr 1987; for the damping, Stooke et al. 2020, arXiv:2007.03964
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aecli.components.regularization.targets import Target

RATE = 0.05
"""By which the multiplier follows the excess, per step."""
STIFFNESS = 3.0
"""Of the quadratic penalty."""
MEMORY = 0.95
"""Share of the running mean that stays in each step."""
LARGEST_STEP = 1.0
"""Excess beyond which nothing is done faster: a factor of 2.7."""
LEAST = 1e-4
"""Share of the usual weight below which none has an effect."""
FARTHEST = 16.0
"""Of the multiplier from the usual weight: a factor of 10 million."""


@dataclass
class Multiplier:
    """A weight that moves towards what buys a target."""

    key: str
    """Of its term in metrics.jsonl."""
    target: Target
    goal: float
    start: float
    """The regularizer's usual weight."""
    multiplier: float = 0.0
    mean: float | None = None
    """Running mean over the batches; nothing before the first one."""
    offset: float = 0.0
    """By how much the excess in use is above that of the running mean."""

    @property
    def weight(self) -> float:
        """In force for the next batch."""
        return self.start * math.exp(self.multiplier + STIFFNESS * self.excess)

    @property
    def excess(self) -> float:
        """Of the running mean, as far as it counts."""
        if self.mean is None:
            return 0.0
        return clipped(self.target.excess(self.mean, self.goal) + self.offset)

    def observe(self, value: float) -> None:
        """Take the number of one batch into account; one that is not finite ends the training elsewhere."""
        if not math.isfinite(value):
            return
        self.mean = value if self.mean is None else MEMORY * self.mean + (1.0 - MEMORY) * value
        self.multiplier = max(-FARTHEST, min(FARTHEST, self.multiplier + RATE * self.excess))

    def correct(self, value: float) -> None:
        """Take the number in use into account, measured after an epoch."""
        if self.mean is not None and math.isfinite(value):
            new = clipped(self.target.excess(value, self.goal) - self.target.excess(self.mean, self.goal))
            self.offset = 0.5 * (self.offset + new)

    def bought(self, value: float) -> dict[str, Any]:
        """What is recorded of an epoch, given the number in use after it."""
        return {
            "measure": self.target.measure,
            "target": self.goal,
            "value": value,
            "weight": self.weight,
            "excess": self.target.excess(value, self.goal),
            "is_reached": self.target.is_reached(value, self.goal),
            "is_least": self.weight < LEAST * self.start,
        }

    def state(self) -> dict[str, float | None]:
        """What a checkpoint keeps."""
        return {"multiplier": self.multiplier, "mean": self.mean, "offset": self.offset}

    def take_up(self, state: Mapping[str, float | None]) -> None:
        """Go on where a checkpoint ended."""
        self.multiplier, self.offset = state["multiplier"] or 0.0, state["offset"] or 0.0
        self.mean = state["mean"]


def clipped(excess: float) -> float:
    """As far as it counts."""
    return max(-LARGEST_STEP, min(LARGEST_STEP, excess))
