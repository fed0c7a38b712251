"""Rows of an array put apart, without the array in memory twice."""

from aecli.experiment.data.annotations import Array

BLOCK = 4096
"""Rows that are moved at once."""


def set_apart(values_NP: Array, kept: Array, apart: Array, *, in_place: bool) -> tuple[Array, Array]:
    """Two selections of the rows of an array.

    Args:
        values_NP: the rows; lost where they are moved.
        kept: numbers of rows, ascending.
        apart: numbers of other rows, ascending.
        in_place: whether `kept` may be moved to the front of the array instead of being copied. They are copied still
            where the array is read-only, or where less than half of it would be used.

    Returns: the rows `kept`, and a copy of the rows `apart`.
    """
    copied = values_NP[apart]
    if not in_place or not values_NP.flags.writeable or 2 * len(kept) < len(values_NP):
        return values_NP[kept], copied
    for start in range(0, len(kept), BLOCK):
        rows = kept[start : start + BLOCK]
        values_NP[start : start + len(rows)] = values_NP[rows]  # rows only move forward, over ones that were read
    return values_NP[: len(kept)], copied
