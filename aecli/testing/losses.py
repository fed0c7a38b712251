"""The rules of reconstruction losses.

Shapes: B batch, P pixels.
"""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from aecli.components.loss import LOSSES
from aecli.testing.report import raised, rules, undocumented

SIDE = 16
IMAGES = 5
SMALL = 1e-6


@rules("loss")
def check_loss(name: str, *, is_derivative: bool = True, **parameters: Any) -> Iterator[str]:
    """Check that a registered loss is what training, penalties and comparisons take it for.

    Args:
        name: a name from `aecli list losses`, or of a loss of your own that has been registered.
        is_derivative: whether its gradient is the derivative of its value; not so where a loss holds a part constant.
        parameters: its own, where the defaults are not to be checked.

    Raises:
        NonConformance: it breaks rules; the message has a sentence for each.
    """
    facts = LOSSES[name].facts
    yield from undocumented(LOSSES[name])
    shape = {"image_shape": (1, SIDE, SIDE)} if facts.needs_image else {}

    def loss(prediction_BP: Tensor, x_BP: Tensor) -> Tensor:
        value_B: Tensor = LOSSES[name].function(prediction_BP, x_BP, **parameters, **shape)
        return value_B

    def as_prediction(x_hat_BP: Tensor) -> Tensor:
        return torch.logit(x_hat_BP) if facts.from_logits else x_hat_BP

    x_BP, x_hat_BP = images()
    prediction_BP = as_prediction(x_hat_BP)
    before = prediction_BP.clone(), x_BP.clone()
    try:
        values_B = loss(prediction_BP, x_BP)
    except Exception as error:  # whatever it is, it is said
        yield f"it cannot be computed on {IMAGES} images of {SIDE} x {SIDE} pixels: {raised(error)}"
        return
    if not isinstance(values_B, Tensor) or values_B.shape != (IMAGES,):
        got = f"the shape {tuple(values_B.shape)}" if isinstance(values_B, Tensor) else type(values_B).__name__
        yield f"for {IMAGES} images it gives {got}; a loss gives one value per image, the mean over its pixels: (B,)"
        return
    if not torch.equal(prediction_BP, before[0]) or not torch.equal(x_BP, before[1]):
        yield "it changes the reconstruction or the target in place"
        return
    yield from check_values(loss, prediction_BP, x_BP)
    yield from check_gradient(loss, as_prediction, x_BP, is_derivative=is_derivative)
    least_B = loss(as_prediction(x_BP), x_BP)
    if facts.minimum_at_target:
        yield from check_minimum(loss, as_prediction, x_BP, least_B)
    lowest = torch.cat([values_B, least_B, loss(as_prediction(1.0 - x_BP), x_BP)]).min().item()
    if facts.nonnegative and lowest < -SMALL:
        yield f"it falls to {lowest:.3g}; say nonnegative=False where a loss may be below 0"
    if facts.gradient is not None:
        yield from check_gradient_by_hand(loss, facts.gradient, prediction_BP, x_BP)


def images(count: int = IMAGES, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Targets and reconstructions of them, within [.02, .98], float64."""
    generator = torch.Generator().manual_seed(seed)
    x_BP = 0.02 + 0.96 * torch.rand(count, SIDE * SIDE, generator=generator, dtype=torch.float64)
    noise_BP = 0.2 * torch.randn(x_BP.shape, generator=generator, dtype=torch.float64)
    return x_BP, (x_BP + noise_BP).clamp(0.02, 0.98)


Loss = Callable[[Tensor, Tensor], Tensor]
Map = Callable[[Tensor], Tensor]


def check_values(loss: Loss, prediction_BP: Tensor, x_BP: Tensor) -> Iterator[str]:
    """One finite value per image that depends on nothing else."""
    values_B = loss(prediction_BP, x_BP)
    if not values_B.isfinite().all():
        yield "it is not finite for ordinary images"
    alone_B = torch.cat([loss(prediction_BP[i : i + 1], x_BP[i : i + 1]) for i in range(len(x_BP))])
    if not torch.allclose(values_B, alone_B, rtol=1e-9, atol=1e-12):
        yield "the value of an image changes with the other images of its batch"
    if (dtype := loss(prediction_BP.float(), x_BP.float()).dtype) != torch.float32:
        yield f"it makes {dtype} of float32"


def check_minimum(loss: Loss, as_prediction: Map, x_BP: Tensor, least_B: Tensor) -> Iterator[str]:
    """Smallest where the reconstruction equals the target."""
    generator = torch.Generator().manual_seed(1)
    for size in (1e-2, 0.1, 0.5):
        noise_BP = size * torch.randn(x_BP.shape, generator=generator, dtype=x_BP.dtype)
        if not (loss(as_prediction((x_BP + noise_BP).clamp(0.001, 0.999)), x_BP) > least_B).all():
            yield (
                f"a reconstruction that is off by about {size:g} has no larger loss than a perfect one; say "
                "minimum_at_target=False if that is meant"
            )
            return


def check_gradient(loss: Loss, as_prediction: Map, x_BP: Tensor, *, is_derivative: bool) -> Iterator[str]:
    """A finite gradient, at a perfect reconstruction too, that is the derivative and stays in its image."""
    perfect_BP = as_prediction(x_BP).clone().requires_grad_()
    values_B = loss(perfect_BP, x_BP)
    if not values_B.requires_grad:
        yield "it has no gradient: something in it is detached, or no torch function"
        return
    (gradient_BP,) = torch.autograd.grad(values_B.sum(), perfect_BP)
    if not gradient_BP.isfinite().all():
        yield "its gradient is not finite where the reconstruction is perfect"
    generator = torch.Generator().manual_seed(3)
    draws_BP = torch.rand(2, *x_BP[:2].shape, generator=generator)
    errors_BP = torch.where(draws_BP[0] < 0.5, -1.0, 1.0) * torch.where(draws_BP[1] < 0.5, 0.03, 0.17)
    x_BP = 0.2 + 0.6 * x_BP[:2]
    prediction_BP = as_prediction(x_BP + errors_BP.double()).requires_grad_()
    (gradient_BP,) = torch.autograd.grad(loss(prediction_BP, x_BP)[0], prediction_BP)
    if gradient_BP[1].any():
        yield "the loss of one image has a gradient in another one"
    if is_derivative and not derivative_is(loss, prediction_BP, x_BP, gradient_BP):
        yield "its gradient is not the derivative of its value, by finite differences"


def derivative_is(loss: Loss, prediction_BP: Tensor, x_BP: Tensor, gradient_BP: Tensor) -> bool:
    """Whether the gradient of the first image agrees with central differences in random directions."""
    generator = torch.Generator().manual_seed(4)
    step = 1e-6
    with torch.no_grad():
        for _ in range(4):
            direction_P = torch.randn(x_BP.shape[1], generator=generator, dtype=x_BP.dtype)
            moved_BP = step * torch.stack([direction_P, torch.zeros_like(direction_P)])
            slope = (loss(prediction_BP + moved_BP, x_BP) - loss(prediction_BP - moved_BP, x_BP))[0] / (2 * step)
            if abs(float(slope - gradient_BP[0] @ direction_P)) > 1e-5 * (1e-3 + abs(float(slope))):
                return False
    return True


def check_gradient_by_hand(
    loss: Loss, gradient: Callable[..., tuple[Tensor, Tensor]], prediction_BP: Tensor, x_BP: Tensor
) -> Iterator[str]:
    """The registered gradient is that of autograd."""
    leaf_BP = prediction_BP.float().requires_grad_()
    values_B = loss(leaf_BP, x_BP.float())
    (expected_BP,) = torch.autograd.grad(values_B.mean(), leaf_BP)
    total, found_BP = gradient(leaf_BP.detach(), x_BP.float(), 1.0 / leaf_BP.numel())
    if not torch.allclose(total / leaf_BP.numel(), values_B.mean(), rtol=1e-5):
        yield "the value of its registered gradient is not the sum of its losses times the pixels"
    if not torch.allclose(found_BP, expected_BP, rtol=1e-4, atol=1e-9):
        yield "its registered gradient is not the one that autograd finds"
