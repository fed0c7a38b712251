"""Errors of every single image: the raw material of all metrics, kept so that two nets can be compared image by image.

Shapes: N images, B batch, P pixels.
"""

import math
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aecli.components.loss import pointwise, structural
from aecli.lazy import Tensor, np, torch
from aecli.registry import Facts, Function, Registry

if TYPE_CHECKING:
    PerImage = dict[str, np.ndarray]
else:
    PerImage = dict
    """Name of a quantity -> float64 array (N,)."""
ImageShape = tuple[int, int, int] | None
"""Channels, height, width; nothing for tables."""

CACHED_VALUES = 100_000
"""Values of the images that are measured at once; some ten arrays of this size are alive at a time, 4 MB in all."""
FEWEST = 16
"""Images that are measured at once, however large they are."""


@dataclass(frozen=True, kw_only=True)
class QuantityFacts(Facts):
    """What a per-image quantity says of itself."""

    title: str
    """What it is called where it is an error, smaller is better: `squared error`."""
    of_targets: bool = False
    """Whether no reconstruction changes it."""
    of_training: bool = False
    """Whether it needs the mean training image, which only who has the training images knows."""


QUANTITIES: Registry[QuantityFacts] = Registry("per-image quantity")
"""Functions of (x_hat_BP, x_BP, mean_image_P, image_shape) giving (B,)."""


def quantity(*, title: str, of_targets: bool = False, of_training: bool = False) -> Callable[[Function], Function]:
    """Decorator: enrol a per-image quantity; the arguments are the fields of QuantityFacts."""
    return QUANTITIES.register(QuantityFacts(title=title, of_targets=of_targets, of_training=of_training))


@quantity(title="squared error")
def squared(x_hat_BP: Tensor, x_BP: Tensor, mean_image_P: Tensor, image_shape: ImageShape) -> Tensor:
    """Mean squared error over the pixels."""
    return pointwise.mse(x_hat_BP, x_BP)


@quantity(title="absolute error")
def absolute(x_hat_BP: Tensor, x_BP: Tensor, mean_image_P: Tensor, image_shape: ImageShape) -> Tensor:
    """Mean absolute error over the pixels."""
    return pointwise.mae(x_hat_BP, x_BP)


@quantity(title="1 - SSIM")
def ssim(x_hat_BP: Tensor, x_BP: Tensor, mean_image_P: Tensor, image_shape: ImageShape) -> Tensor:
    """Structural similarity."""
    return 1.0 - structural.ssim(x_hat_BP, x_BP, image_shape=image_shape)


@quantity(title="cross-entropy")
def bce(x_hat_BP: Tensor, x_BP: Tensor, mean_image_P: Tensor, image_shape: ImageShape) -> Tensor:
    """Cross-entropy in nats per pixel, the reconstruction clipped to [1e-7, 1 - 1e-7]."""
    p_BP, vecdot = x_hat_BP.clamp(0.0, 1.0), torch.linalg.vecdot
    log_p_BP = p_BP.clamp(min=1e-7).log()  # clipped first: the logarithm of an exact 0 takes ten times as long
    log_q_BP = torch.log1p(-p_BP).clamp(min=math.log(1e-7))  # 1 - 1e-7 itself is rounded in 32 bits
    bce_B: Tensor = -(vecdot(x_BP, log_p_BP) + vecdot(1.0 - x_BP, log_q_BP)) / x_BP.shape[1]
    return bce_B


@quantity(title="entropy of the target", of_targets=True)
def entropy(x_hat_BP: Tensor, x_BP: Tensor, mean_image_P: Tensor, image_shape: ImageShape) -> Tensor:
    """Entropy of the target in nats per pixel: the floor of the cross-entropy."""
    least, vecdot = torch.finfo(x_BP.dtype).tiny, torch.linalg.vecdot  # 0 log 0 is 0, and so is 0 log of anything
    y_BP = 1.0 - x_BP
    kept_B, lost_B = vecdot(x_BP, x_BP.clamp(min=least).log()), vecdot(y_BP, y_BP.clamp(min=least).log())
    entropy_B: Tensor = -(kept_B + lost_B) / x_BP.shape[1]
    return entropy_B


@quantity(title="distance from the mean training image", of_targets=True, of_training=True)
def deviation(x_hat_BP: Tensor, x_BP: Tensor, mean_image_P: Tensor, image_shape: ImageShape) -> Tensor:
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
        for x_hat_BP, x_BP in slices(pairs):
            for name, content in parts.items():
                values_B = QUANTITIES[name].function(x_hat_BP, x_BP, mean_image_P, image_shape)
                content += values_B.cpu().double().numpy().tobytes()
    return {name: np.frombuffer(bytes(content), np.float64) for name, content in parts.items()}


def slices(pairs: Iterable[tuple[Tensor, Tensor]]) -> Iterator[tuple[Tensor, Tensor]]:
    """The same images, on a CPU in batches so small that what is computed from them stays in the cache of a core."""
    for x_hat_BP, x_BP in pairs:
        size = max(FEWEST, CACHED_VALUES // x_BP.shape[1]) if x_BP.device.type == "cpu" else len(x_BP)
        yield from zip(x_hat_BP.split(size), x_BP.split(size), strict=True)
