"""What the weight of a regularizer can buy: numbers of the suites that a training can measure from step to step.

Shapes: B batch, L code units.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aecli.components.architecture.activations import ACTIVATIONS
from aecli.components.architecture.registration import NetworkTraits
from aecli.lazy import Tensor, torch

if TYPE_CHECKING:
    from aecli.components.architecture.contract import Network

CLOSE = 0.05
"""A target is reached where at most this share more or less is left than was asked for."""


def nothing_wrong(goal: float, network: NetworkTraits) -> Iterator[str]:
    """Any goal can be asked of any network."""
    return iter(())


@dataclass(frozen=True)
class Target:
    """A number that a weight buys."""

    measure: str
    """What comparisons call it: `code.l0`."""
    words: str
    """What it is."""
    read: "Callable[[Network, Tensor], Tensor]"
    """From the network and the code of a batch, (B, L), to the number, a scalar."""
    is_share: bool = False
    """A share between 0 and 1 that rises with the weight; else a size above 0 that falls with it."""
    of_images: bool = False
    """Whether it depends on the images, and not on the weights alone."""
    requires: Callable[[float, NetworkTraits], Iterator[str]] = nothing_wrong
    """From what is asked for and what is known of the network to what is wrong with that."""

    def excess(self, value: float, goal: float) -> float:
        """The logarithm of what is left over what was to be left: above 0 while the weight is too small.

        What is left of a share is the rest of it: of 90 % exact zeros, 10 % of the weights.
        """
        left, wanted = (1.0 - value, 1.0 - goal) if self.is_share else (value, goal)
        return math.log(max(left, 1e-12) / wanted)

    def is_reached(self, value: float, goal: float) -> bool:
        """Whether the number is what was asked for, within CLOSE."""
        return abs(self.excess(value, goal)) <= math.log1p(CLOSE)

    def refuse(self, goal: float, network: NetworkTraits) -> Iterator[str]:
        """What is wrong with a goal."""
        if self.is_share and not 0 < goal < 1:
            yield f"must be above 0 and below 1, since it is a share; got {goal:g}"
        elif goal <= 0:
            yield f"must be above 0, got {goal:g}"
        else:
            yield from self.requires(goal, network)


def count_active(model: "Network", code_BL: Tensor) -> Tensor:
    """The mean number of code units of an image that are not 0."""
    return (code_BL != 0).sum(1, dtype=torch.float32).mean()


def needs_zeros(goal: float, network: NetworkTraits) -> Iterator[str]:
    """Units have to be able to be exactly 0, and there have to be more than are wanted."""
    name = network.code_activation
    if name is not None and name in ACTIVATIONS and not ACTIVATIONS[name].facts.exact_zeros:
        able = [one for one, entry in ACTIVATIONS.items() if entry.facts.exact_zeros]
        yield f"no unit of a {name} code is ever exactly 0; set architecture.code_activation: {' or '.join(able)}"
    elif network.code_size is not None and goal >= network.code_size:
        yield f"must be less than the code size {network.code_size}, got {goal:g}"


def share_of_zeros(model: "Network", code_BL: Tensor) -> Tensor:
    """The share of exact zeros in all matrices."""
    weights = [matrix.weight_UI for matrix in model.matrices("all")]
    zeros = torch.stack([(weight == 0).sum(dtype=torch.float32) for weight in weights]).sum()
    return zeros / sum(weight.numel() for weight in weights)


def sum_abs(model: "Network", code_BL: Tensor) -> Tensor:
    """The sum of absolute values of all parameters."""
    return torch.stack([parameter.abs().sum() for parameter in model.parameters()]).sum()


def sum_squares(model: "Network", code_BL: Tensor) -> Tensor:
    """The sum of squares of all parameters."""
    return torch.stack([parameter.square().sum() for parameter in model.parameters()]).sum()


ACTIVE_UNITS = Target(
    "code.l0",
    "mean number of code units of an image that are not 0",
    count_active,
    of_images=True,
    requires=needs_zeros,
)
ZERO_WEIGHTS = Target("sparsity.exact_zeros", "share of exact zeros in the matrices", share_of_zeros, is_share=True)
ABSOLUTE_SUM = Target("sparsity.sum_abs", "sum of absolute parameters", sum_abs)
SQUARED_SUM = Target("sparsity.sum_squares", "sum of squared parameters", sum_squares)
