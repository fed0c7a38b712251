"""Activation functions: one function each, elementwise on a tensor of any shape.

Shapes: any, the same for all arguments and results.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from aecli.lazy import F, Tensor, torch
from aecli.registry import Facts, Function, Registry


@dataclass(frozen=True, kw_only=True)
class ActivationFacts(Facts):
    """What an activation says of itself."""

    backward: "Callable[[Tensor, Tensor], Tensor] | None" = None
    """From the gradient by the output, whose memory it may take, and the output itself, the gradient by the input: with
    it training/propagation.py goes back without autograd."""
    inverse: "Callable[[Tensor], Tensor] | None" = None
    """What to put in to get a level out, as far as the level can be reached; the level itself if not given."""
    low: float = -math.inf
    """No value that it gives is below this one."""
    high: float = math.inf
    """No value that it gives is above this one."""

    exact_zeros: bool = False
    """Whether it gives exactly 0 for more than single inputs."""

    @property
    def bounded(self) -> bool:
        """Whether its values lie in a bounded interval."""
        return self.low > -math.inf and self.high < math.inf


ACTIVATIONS: Registry[ActivationFacts] = Registry(
    "activation", symbols="x: what goes in; Phi: the normal distribution function"
)


def activation(
    *,
    backward: "Callable[[Tensor, Tensor], Tensor] | None" = None,
    inverse: "Callable[[Tensor], Tensor] | None" = None,
    low: float = -math.inf,
    high: float = math.inf,
    exact_zeros: bool = False,
) -> Callable[[Function], Function]:
    """Decorator: enrol an activation; the arguments are the fields of ActivationFacts."""
    return ACTIVATIONS.register(
        ActivationFacts(backward=backward, inverse=inverse, low=low, high=high, exact_zeros=exact_zeros)
    )


@activation(backward=lambda gradient, y: gradient)
def linear(x: Tensor) -> Tensor:
    """The identity.

    x

    Use when: on the code, in doubt; on the output, for values without bounds, as in standardised tables.
    """
    return x


@activation(
    backward=lambda gradient, y: torch.ops.aten.threshold_backward.grad_input(gradient, y, 0, grad_input=gradient),
    low=0.0,
    exact_zeros=True,
)
def relu(x: Tensor) -> Tensor:
    """Rectified linear unit; on a code it can leave units dead.

    max(x, 0)

    Use when: in hidden layers, in doubt; on the output, for values that are never negative.
    Source: Nair & Hinton 2010
    """
    return torch.relu(x)


@activation()
def leaky_relu(x: Tensor) -> Tensor:
    """ReLU with a slope of 0.01 below zero.

    max(x, 0.01 x)

    Use when: hidden units of a relu die.
    Source: Maas et al. 2013
    """
    return F.leaky_relu(x)


@activation(low=-1.0)
def elu(x: Tensor) -> Tensor:
    """Exponential linear unit.

    x if x > 0 else exp(x) - 1

    Use when: as leaky_relu, smooth and bounded below.
    Source: Clevert et al. 2016, arXiv:1511.07289
    """
    return F.elu(x)


@activation(low=-1.7581)
def selu(x: Tensor) -> Tensor:
    """Self-normalizing ELU.

    1.0507 (x if x > 0 else 1.6733 (exp(x) - 1))

    Use when: deep nets without normalization, with standardised data.
    Source: Klambauer et al. 2017, arXiv:1706.02515
    """
    return F.selu(x)


@activation(low=-0.17)
def gelu(x: Tensor) -> Tensor:
    """Gaussian error linear unit.

    x Phi(x)

    Use when: as relu, smooth; usual in transformers.
    Source: Hendrycks & Gimpel 2016, arXiv:1606.08415
    """
    return F.gelu(x)


@activation(low=-0.2785)
def silu(x: Tensor) -> Tensor:
    """Sigmoid linear unit, also called swish.

    x sigmoid(x)

    Use when: as gelu, cheaper.
    Source: Ramachandran et al. 2017, arXiv:1710.05941
    """
    return F.silu(x)


@activation(inverse=lambda level: level.clamp(min=1e-3).expm1().log(), low=0.0)
def softplus(x: Tensor) -> Tensor:
    """A smooth ReLU.

    log(1 + exp(x))

    Use when: on the output, for values that are always above 0.
    Source: Dugas et al. 2001
    """
    return F.softplus(x)


@activation(
    backward=lambda gradient, y: torch.ops.aten.tanh_backward.grad_input(gradient, y, grad_input=gradient),
    inverse=lambda level: torch.atanh(level.clamp(-1 + 1e-3, 1 - 1e-3)),
    low=-1.0,
    high=1.0,
)
def tanh(x: Tensor) -> Tensor:
    """Hyperbolic tangent, in (-1, 1).

    tanh(x)

    Use when: values in (-1, 1) are wanted, such as a bounded code.
    """
    return torch.tanh(x)


@activation(
    backward=lambda gradient, y: torch.ops.aten.sigmoid_backward.grad_input(gradient, y, grad_input=gradient),
    inverse=lambda level: torch.logit(level.clamp(1e-3, 1 - 1e-3)),
    low=0.0,
    high=1.0,
)
def sigmoid(x: Tensor) -> Tensor:
    """Logistic function, in (0, 1): the output for pixels in [0, 1].

    1 / (1 + exp(-x))

    Use when: on the output, for pixels in [0, 1]; on the code, for shares.
    """
    return torch.sigmoid(x)
