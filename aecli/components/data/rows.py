"""Rows of an array put apart, without the array in memory twice."""

from aecli.components.data.annotations import Array

BLOCK = 4096
"""Rows that are moved at once."""


def set_apart(values_NP: Array, kept: Array, taken: Array, *, in_place: bool) -> tuple[Array, Array]:
    """Two selections of the rows of an array.

    Args:
        values_NP: the rows; lost where they are moved.
        kept: numbers of rows, ascending.
        taken: numbers of other rows, ascending.
        in_place: whether rows may be moved within the array: `kept` to its front, `taken` behind them. They are copied
            still where it is read-only or not in C order, or where less than half of the memory would be used.

    Returns: the rows `kept` and the rows `taken`, in C order.
    """
    whole = values_NP if values_NP.base is None else values_NP.base
    used, held = len(kept) * values_NP[:1].nbytes, getattr(whole, "nbytes", 0)
    can_move = values_NP.flags.writeable and values_NP.flags.c_contiguous and 2 * used >= held
    copied = values_NP[taken]
    if not in_place or not can_move:
        return values_NP[kept], copied
    for start in range(0, len(kept), BLOCK):
        rows = kept[start : start + BLOCK]
        values_NP[start : start + len(rows)] = values_NP[rows]  # rows only move forward, over ones that were read
    behind = slice(len(kept), len(kept) + len(taken))
    values_NP[behind] = copied
    return values_NP[: len(kept)], values_NP[behind]
