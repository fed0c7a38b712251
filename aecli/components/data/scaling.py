"""How stored values become model values: fitted on the training rows alone, and plain enough for JSON."""

from collections.abc import Iterator
from typing import Any

from aecli.components.data.annotations import Array, Scaling
from aecli.lazy import np

BLOCK = 4096
"""Rows that are looked at at once."""
BYTES = {"kind": "bytes", "divide_by": 255}
NONE = {"kind": "none"}


def fit_scaling(kind: Scaling, train_NP: Array, *, per_column: bool) -> dict[str, Any]:
    """The scaling of a training set.

    minmax: (x - min) / (max - min); standard: (x - mean) / std; scale 1 where all values are the same

    Args:
        kind: what was asked for; `auto` keeps bytes as they are and values in [0, 1] too, and else takes minmax.
        train_NP: training rows, uint8 or float32; uint8 only with `auto`.
        per_column: one offset and scale per column, or one for all pixels, so that an image stays an image.

    Returns: the dictionary that Dataset.scaling holds.
    """
    if train_NP.dtype == np.uint8:
        return dict(BYTES)
    low, high = extremes(train_NP, per_column=per_column)
    if kind == "none" or (kind == "auto" and low.min() >= 0 and high.max() <= 1):
        return dict(NONE)
    if kind == "standard":
        axis = 0 if per_column else None
        offset = np.atleast_1d(train_NP.mean(axis, dtype=np.float64))
        scale = np.atleast_1d(train_NP.std(axis, dtype=np.float64))
    else:
        kind, offset = "minmax", low
        with np.errstate(over="ignore"):  # the caller refuses an infinite scale
            scale = high - low  # in float32, as whoever applies it computes: the maximum becomes exactly 1
    scale = np.where(high > low, scale, 1)  # not by std > 0: rounding leaves 1e-17 in a constant column
    return {"kind": kind, "offset": offset.tolist(), "scale": scale.tolist()}


def fit_again(scaling: dict[str, Any], values_NP: Array, rows: Array) -> dict[str, Any]:
    """A scaling of the same kind, fitted on some of the rows without a copy of them all.

    Args:
        scaling: `minmax` or `standard`, as fit_scaling gave it for all rows.
        values_NP: the rows, float32.
        rows: numbers of those to fit on.

    Returns: as fit_scaling, and `fitted_rows`, their number.
    """

    def blocks() -> Iterator[Array]:
        return (values_NP[rows[start : start + BLOCK]] for start in range(0, len(rows), BLOCK))

    per_column = len(scaling["offset"]) > 1 or values_NP.shape[1] == 1
    axis = 0 if per_column else None
    lows, highs = zip(*(extremes(block_NP, per_column=per_column) for block_NP in blocks()), strict=True)
    low, high = np.min(lows, 0), np.max(highs, 0)
    offset, scale = low, high - low
    if scaling["kind"] == "standard":
        count = len(rows) * (1 if per_column else values_NP.shape[1])
        offset = np.atleast_1d(sum(block_NP.sum(axis, dtype=np.float64) for block_NP in blocks()) / count)
        squares = sum(np.square(block_NP.astype(np.float64) - offset).sum(axis) for block_NP in blocks())
        scale = np.atleast_1d(np.sqrt(squares / count))
    scale = np.where(high > low, scale, 1)
    return {**scaling, "offset": offset.tolist(), "scale": scale.tolist(), "fitted_rows": len(rows)}


def rows_outside(values_NP: Array, scaling: dict[str, Any]) -> int:
    """How many rows have a model value outside of [0, 1]."""
    offset, scale = (np.asarray(scaling.get(key, [value]), np.float32) for key, value in (("offset", 0), ("scale", 1)))
    count = 0
    for start in range(0, len(values_NP), BLOCK):
        scaled_NP = (values_NP[start : start + BLOCK] - offset) / scale
        count += int(((scaled_NP < 0) | (scaled_NP > 1)).any(1).sum())
    return count


def are_equal(values_NP: Array) -> bool:
    """Whether all rows are the same; the first block of most data says no."""
    blocks = (values_NP[start : start + BLOCK] for start in range(0, len(values_NP), BLOCK))
    return all(bool((block_NP == values_NP[0]).all()) for block_NP in blocks)


def extremes(values_NP: Array, *, per_column: bool) -> tuple[Array, Array]:
    """Smallest and largest value of each column, (P,), or of all, (1,)."""
    axis = 0 if per_column else None
    return np.atleast_1d(values_NP.min(axis)), np.atleast_1d(values_NP.max(axis))


def in_unit_range(values_NP: Array, scaling: dict[str, Any]) -> bool:
    """Whether all model values lie in [0, 1]; the map is increasing, so the extremes decide."""
    if scaling["kind"] == "bytes":
        return True
    offset, scale = (
        np.asarray(scaling.get(key, default), np.float32) for key, default in (("offset", [0]), ("scale", [1]))
    )
    low, high = extremes(values_NP, per_column=len(offset) > 1)
    return bool(((low - offset) / scale).min() >= 0 and ((high - offset) / scale).max() <= 1)


def stored_values(x_NP: Array, scaling: dict[str, Any]) -> Array:
    """Model values in the units of the data again, float32: the inverse of a scaling."""
    if scaling["kind"] == "bytes":
        offset, scale = np.zeros(1), np.asarray(scaling["divide_by"], np.float64)
    elif "offset" in scaling:
        offset, scale = (np.asarray(scaling[key], np.float64) for key in ("offset", "scale"))
    else:
        return x_NP
    stored_NP: Array = (x_NP * scale + offset).astype(np.float32)
    return stored_NP
