"""The errors of single test images that a run keeps in per_image.npz."""

from pathlib import Path

from aecli.components.evaluation.metrics import METRICS
from aecli.files.arrays import BadArrays, read_archive
from aecli.lazy import np


def read_per_image(path: Path, quantity: str | None) -> "np.ndarray | None":
    """One quantity of per_image.npz, (N,); None if it is not there or cannot be read."""
    if quantity is None:
        return None
    try:
        values = read_archive(path, [quantity], below=path.parent)[quantity]
    except (OSError, BadArrays):
        return None
    return (
        values.astype(float) if values.ndim == 1 and values.dtype.kind in "fiu" and np.isfinite(values).all() else None
    )


def is_error(quantity: str) -> bool:
    """Whether smaller values of a quantity are better: whether they are for the first metric that is made of it.

    Others may be falling functions of it, as the signal-to-noise ratio is of the squared error.

    Example:
        >>> is_error("squared"), is_error("ssim")
        (True, False)
    """
    made_of_it = (entry.facts for entry in METRICS.values() if entry.facts.quantity == quantity)
    return next((facts.better == "lower" for facts in made_of_it if facts.monotone_of is None), True)
