"""Errors of every single image: the raw material of all metrics, kept so that two nets can be compared image by image.

Shapes: N images, B batch, P pixels.
"""

import math
from collections.abc import Callable, Collection, Iterator
from typing import Any

from aecli.experiment import losses
from aecli.lazy import Tensor, np, torch

PerImage = dict[str, Any]
"""Name of a quantity -> float64 array (N,)."""

QUANTITIES: dict[str, Callable[..., Tensor]] = {}
"""Name -> function of (x_hat_BP, x_BP, mean_image_P, image_shape) giving (B,)."""


def quantity(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Decorator: enrol a per-image quantity under the function's name."""
    QUANTITIES[function.__name__] = function
    return function


@quantity
def squared(x_hat_BP: Tensor, x_BP: Tensor, mean_image_P: Tensor, image_shape: Any) -> Tensor:
    """Mean squared error over the pixels."""
    return losses.mse(x_hat_BP, x_BP)


@quantity
def absolute(x_hat_BP: Tensor, x_BP: Tensor, mean_image_P: Tensor, image_shape: Any) -> Tensor:
    """Mean absolute error over the pixels."""
    return losses.mae(x_hat_BP, x_BP)


@quantity
def ssim(x_hat_BP: Tensor, x_BP: Tensor, mean_image_P: Tensor, image_shape: Any) -> Tensor:
    """Structural similarity."""
    return 1.0 - losses.ssim(x_hat_BP, x_BP, image_shape=image_shape)


@quantity
def bce(x_hat_BP: Tensor, x_BP: Tensor, mean_image_P: Tensor, image_shape: Any) -> Tensor:
    """Cross-entropy in nats per pixel, the reconstruction clipped to [1e-7, 1 - 1e-7]."""
    p_BP, floor = x_hat_BP.clamp(0.0, 1.0), math.log(1e-7)  # 1 - 1e-7 itself is rounded in 32 bits
    return -(x_BP * p_BP.log().clamp(min=floor) + (1.0 - x_BP) * torch.log1p(-p_BP).clamp(min=floor)).mean(1)


@quantity
def entropy(x_hat_BP: Tensor, x_BP: Tensor, mean_image_P: Tensor, image_shape: Any) -> Tensor:
    """Entropy of the target in nats per pixel: the floor of the cross-entropy."""
    return -(torch.xlogy(x_BP, x_BP) + torch.xlogy(1.0 - x_BP, 1.0 - x_BP)).mean(1)


@quantity
def deviation(x_hat_BP: Tensor, x_BP: Tensor, mean_image_P: Tensor, image_shape: Any) -> Tensor:
    """Mean squared distance of the target from the mean training image."""
    return (x_BP - mean_image_P).square().mean(1)


def measure(
    pairs: Iterator[tuple[Tensor, Tensor]],
    quantities: Collection[str],
    *,
    mean_image_P: Tensor,
    image_shape: tuple[int, int, int] | None,
) -> PerImage:
    """Measure the named quantities of every image.

    Args:
        pairs: batches of (x_hat_BP, x_BP), in the order of the images.
        quantities: names from QUANTITIES.
        mean_image_P: mean of the training images.
        image_shape: (channels, height, width), for ssim.

    Returns: name -> (N,) float64; each image's values do not depend on how the batches were cut.
    """
    parts = {name: bytearray() for name in QUANTITIES if name in quantities}  # kept tensors would pin freed memory
    with torch.no_grad():
        for x_hat_BP, x_BP in pairs:
            for name, content in parts.items():
                values_B = QUANTITIES[name](x_hat_BP, x_BP, mean_image_P, image_shape)
                content += values_B.cpu().double().numpy().tobytes()
    return {name: np.frombuffer(bytes(content), np.float64) for name, content in parts.items()}
