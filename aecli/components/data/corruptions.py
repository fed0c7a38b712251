"""Corruptions of pixels in [0, 1]: one function each.

`data.corruption` applies one to the input of every batch and keeps the clean target (denoising); `data.contamination`
applies one to the training set once, input and target alike. Each takes `(B, P)` and returns a new `(B, P)`; the random
numbers come from the generator alone, so that every loss sees the same masks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Gt, Interval

from aecli.components.requirements import Requirement, inputs_in_unit_range
from aecli.lazy import Tensor, torch
from aecli.registry import Facts, Function, Registry


@dataclass(frozen=True, kw_only=True)
class CorruptionFacts(Facts):
    """What a corruption says of itself."""

    requires: Requirement | None = inputs_in_unit_range
    """What it needs of the data."""


CORRUPTIONS: Registry[CorruptionFacts] = Registry("corruption", symbols="x: a pixel; n: a normal random number")


def corruption(*, requires: Requirement | None = inputs_in_unit_range) -> Callable[[Function], Function]:
    """Decorator: enrol a corruption; the argument is the field of CorruptionFacts."""
    return CORRUPTIONS.register(CorruptionFacts(requires=requires))


Share = Annotated[float, Interval(ge=0, le=1)]


@corruption()
def gaussian(x_BP: Tensor, generator: "torch.Generator", *, std: Annotated[float, Gt(0)] = 0.3) -> Tensor:
    """Gaussian noise on every pixel, clipped to [0, 1].

    clip(x + std n, 0, 1), n normal

    Args:
        std: standard deviation in pixel units; .1 to .5 is usual.

    Use when: the noise of sensors is meant.
    Source: Vincent et al. 2010
    """
    noise_BP = torch.randn(x_BP.shape, generator=generator, device=x_BP.device, dtype=x_BP.dtype)
    return (x_BP + std * noise_BP).clamp_(0.0, 1.0)


@corruption()
def salt_and_pepper(x_BP: Tensor, generator: "torch.Generator", *, share: Share = 0.1) -> Tensor:
    """A share of the pixels turns black or white, half of them each.

    0 or 1 with probability share / 2 each, else x

    Args:
        share: share of the pixels, .1 to .3 is usual.

    Use when: dead and stuck pixels are meant; losses differ most under it.
    Source: Vincent et al. 2010
    """
    draw_BP = torch.rand(x_BP.shape, generator=generator, device=x_BP.device)
    return x_BP.masked_fill(draw_BP < share / 2, 0.0).masked_fill_((draw_BP >= share / 2) & (draw_BP < share), 1.0)


@corruption()
def masking(x_BP: Tensor, generator: "torch.Generator", *, share: Share = 0.25) -> Tensor:
    """A share of the pixels turns black.

    0 with probability share, else x

    Args:
        share: share of the pixels, .1 to .5 is usual.

    Use when: values are missing, or the net should fill gaps.
    Source: Vincent et al. 2008
    """
    draw_BP = torch.rand(x_BP.shape, generator=generator, device=x_BP.device)
    return x_BP.masked_fill(draw_BP < share, 0.0)


@corruption()
def outlier_images(
    x_BP: Tensor,
    generator: "torch.Generator",
    *,
    share: Share = 0.1,
    kind: Literal["noise", "inverted", "shuffled"] = "noise",
) -> Tensor:
    """A share of the images is replaced whole.

    with probability share per image: uniform noise, 1 - x, or the image's own pixels in random order

    Args:
        share: share of the images.
        kind: what they are replaced by.

    Use when: whole images do not belong to the data.
    Source: the case-wise contamination of robust statistics; Alqallaf et al. 2009, doi:10.1214/07-AOS588
    """
    out_BP = x_BP.clone()
    rows = torch.nonzero(torch.rand(len(x_BP), generator=generator, device=x_BP.device) < share).squeeze(1)
    if kind == "inverted":
        out_BP[rows] = 1.0 - x_BP[rows]
        return out_BP
    draw_RP = torch.rand((len(rows), x_BP.shape[1]), generator=generator, device=x_BP.device, dtype=x_BP.dtype)
    out_BP[rows] = draw_RP if kind == "noise" else x_BP[rows].gather(1, draw_RP.argsort(1))
    return out_BP
