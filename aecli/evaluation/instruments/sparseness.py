"""How unequal some values are: Hoyer's sparsity, and the lifetime sparsity of units.

Shapes: N images, L code units.
"""

import math

import numpy as np


def hoyer(values: np.ndarray) -> np.ndarray:
    """Hoyer's sparsity along the last axis: 0 where all entries are equally large, 1 where only one is not zero.

    (sqrt(n) - sum abs(w) / sqrt(sum w^2)) / (sqrt(n) - 1)

    Args:
        values: any shape (..., n).

    Returns: shape (...), in [0, 1]; not a number where all entries are zero, or n is 1.

    Source: Hoyer 2004, Journal of Machine Learning Research 5
    Example:
        >>> hoyer(np.array([[1.0, 1.0], [0.0, 3.0]])).round(9).tolist()
        [0.0, 1.0]
    """
    root = math.sqrt(values.shape[-1])
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.abs(values).sum(-1) / np.linalg.norm(values, axis=-1)
        return np.clip((root - ratio) / (np.float64(root) - 1.0), 0.0, 1.0)


def lifetime_sparsity(code_NL: np.ndarray) -> np.ndarray:
    """How selective each unit is: 0 where it is equally active for all images, 1 where for one only.

    (1 - a) / (1 - 1 / N), a = (mean abs(code))^2 / mean code^2 over the images

    Returns: (L,), in [0, 1]; not a number for a unit that is always 0, or a single image.

    Source: Treves & Rolls 1991; Vinje & Gallant 2000, doi:10.1126/science.287.5456.1273
    Example:
        >>> lifetime_sparsity(np.array([[1.0, 0.0], [1.0, 5.0]])).tolist()
        [0.0, 1.0]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        a_L = np.square(np.abs(code_NL).mean(0)) / np.square(code_NL).mean(0)
        return np.clip((1.0 - a_L) / np.float64(1.0 - 1.0 / len(code_NL)), 0.0, 1.0)


def mean_of_finite(values: np.ndarray) -> float | None:
    """The mean of the values that are numbers; None where none is."""
    kept = values[np.isfinite(values)]
    return float(kept.mean()) if len(kept) else None
