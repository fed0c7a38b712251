"""Examples: a small fixed set of test images with one run's reconstructions, as bytes.

Which images these are depends on the test images alone, never on the run. So runs on the same data keep the same ones,
and commands that do not import torch can lay the reconstructions of several runs side by side.

Shapes: N examples, M test images, P pixels, C channels, H height, W width.
"""

from typing import TYPE_CHECKING

import numpy as np
import torch

from aecli.evaluation.pictures import choose_rows
from aecli.precision import exact_products

if TYPE_CHECKING:
    from aecli.evaluation.subject import Subject

MOST, FEWEST = 512, 24
"""Examples of small images, and of images of any size."""
PIXELS = 500_000
"""Pixels of all examples together, so that with their reconstructions they take about 1 MB before compression."""


def make_examples(subject: "Subject") -> dict[str, np.ndarray] | None:
    """The content of examples.npz: value = byte / 255, whatever lies outside of [0, 1] clipped.

    Returns: `rows` (N,) int64, which test images, see `choose_examples`; `images` and `reconstructions`, both
        (N, C, H, W) uint8. None where the data are no images in [0, 1].
    """
    split, shape = subject.splits.test, subject.splits.image_shape
    if shape is None or not subject.splits.unit_range:
        return None
    rows_N = choose_examples(split.labels_N, *split.values_NP.shape)
    x_NP = split.batch(torch.from_numpy(rows_N).to(split.values_NP.device)).cpu().numpy()
    with exact_products():
        x_hat_NP = subject.reconstruct_array(x_NP)
    return {
        "rows": rows_N,
        "images": as_bytes(x_NP).reshape(-1, *shape),
        "reconstructions": as_bytes(x_hat_NP).reshape(-1, *shape),
    }


def choose_examples(labels_M: np.ndarray | None, available: int, pixels: int) -> np.ndarray:
    """Rows of the test images that are kept: first those that are shown in reconstructions.png, then an even spread.

    Args:
        labels_M: class of every test image, if there are classes.
        available: number of test images, M.
        pixels: values of one image, P.

    Returns: (N,) int64, no row twice; N = min(512, M, max(24, 500000 // P)).

    Example:
        >>> choose_examples(None, 10_000, 28 * 28)[:15].tolist()
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 31, 51]
        >>> [len(choose_examples(None, 10_000, pixels)) for pixels in (28 * 28, 3 * 32 * 32, 3 * 224 * 224)]
        [512, 162, 24]
    """
    count = min(MOST, available, max(FEWEST, PIXELS // pixels))
    shown = choose_rows(labels_M, available)
    left = np.setdiff1d(np.arange(available), shown)
    more = count - len(shown)
    spread = left[np.arange(more) * len(left) // max(more, 1)]
    return np.concatenate([shown, spread]).astype(np.int64)


def as_bytes(values: np.ndarray) -> np.ndarray:
    """Values as bytes: 255 times what is left after clipping to [0, 1], rounded.

    Example:
        >>> as_bytes(np.array([-0.5, 0.0, 0.1, 1.0, 7.0])).tolist()
        [0, 0, 26, 255, 255]
    """
    return np.rint(255.0 * values.clip(0.0, 1.0)).astype(np.uint8)
