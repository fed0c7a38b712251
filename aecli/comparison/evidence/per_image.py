"""The errors of single test images that a run keeps in per_image.npz."""

from pathlib import Path

from aecli.lazy import np


def read_per_image(path: Path, quantity: str | None) -> "np.ndarray | None":
    """One quantity of per_image.npz, (N,); None if it is not there or cannot be read."""
    if quantity is None:
        return None
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            values = arrays[quantity]
    except (
        Exception
    ):  # whatever zipfile, zlib and numpy raise about a file that is missing, damaged or no array of numbers
        return None
    return (
        values.astype(float) if values.ndim == 1 and values.dtype.kind in "fiu" and np.isfinite(values).all() else None
    )
