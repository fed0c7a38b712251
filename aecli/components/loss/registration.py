"""The registry of reconstruction losses, and what a loss says of itself.

Every loss takes the reconstruction and the target, `(B, P)` each, and returns `(B,)`: one value per image, the mean
over its pixels. Weights, sums and the mean over the batch are formed in training/objective.py and nowhere else. Scales
are in pixel units, for pixels in [0, 1]; the defaults mean something there.

Shapes: B batch, P pixels.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from annotated_types import Gt

from aecli.components import requirements
from aecli.components.requirements import Requirement
from aecli.lazy import Tensor
from aecli.registry import Context, Facts, Function, Registry

if TYPE_CHECKING:
    import torch

    Gradient = Callable[[torch.Tensor, torch.Tensor, float], tuple[torch.Tensor, torch.Tensor]]

Positive = Annotated[float, Gt(0)]
ImageShape = Annotated[tuple[int, int, int] | None, Context]
"""Channels, height and width of one image."""


@dataclass(frozen=True, kw_only=True)
class LossFacts(Facts):
    """What a loss says of itself beside its parameters and its formula."""

    from_logits: bool = False
    """Whether it takes what goes *into* the output activation, which then is a sigmoid, and targets in [0, 1]."""
    needs_image: bool = False
    """Whether it takes the shape of the images as `image_shape`."""
    minimum_at_target: bool = True
    """Whether it is smallest where the reconstruction equals the target."""
    nonnegative: bool = True
    """Whether it is never below 0."""
    requires: Requirement | None = None
    """What it needs of the data."""
    referees: tuple[str, ...] = ()
    """Metrics that are its own formula, so that it would be judged by itself; those that order nets alike count too."""
    gradient: "Gradient | None" = None
    """Value and gradient by hand, see gradients.py, which saves time; without it autograd finds the gradient."""


LOSSES: Registry[LossFacts] = Registry("loss", symbols="x: an image; x_hat: its reconstruction; e = x_hat - x")

POINTWISE = "errors of pixels, from squares to absolute values"
ROBUST = "robust: outliers pull little, or not at all; quantiles"
LIKELIHOOD = "likelihoods of pixels in [0, 1]"
STRUCTURAL = "structure of images"


def loss(
    *,
    kind: str = "",
    from_logits: bool = False,
    needs_image: bool = False,
    minimum_at_target: bool = True,
    nonnegative: bool = True,
    requires: Requirement | None = None,
    referees: tuple[str, ...] = (),
    gradient: "Gradient | None" = None,
) -> Callable[[Function], Function]:
    """Decorator: enrol a reconstruction loss; the arguments are the fields of LossFacts.

    A loss that needs images refuses other data, and one from logits targets outside of [0, 1], unless `requires` says
    what else is to be refused.
    """
    by_itself = requirements.images if needs_image else requirements.targets_in_unit_range if from_logits else None
    return LOSSES.register(
        LossFacts(
            kind=kind,
            from_logits=from_logits,
            needs_image=needs_image,
            minimum_at_target=minimum_at_target,
            nonnegative=nonnegative,
            requires=requires or by_itself,
            referees=referees,
            gradient=gradient,
        )
    )


def pixel_mean(values_BP: Tensor) -> Tensor:
    """The mean over pixels, (B,). Written as a sum, whose gradient is not spread out in memory: 2 % of an epoch."""
    return values_BP.sum(1) / values_BP.shape[1]
