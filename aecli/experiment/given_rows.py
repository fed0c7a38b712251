"""Rows that somebody gives to a trained model, in the units of its data: what they may be, and as model values.

Shapes: N rows, P pixels or columns, C channels, H height, W width.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from torch import Tensor

from aecli.components.data.annotations import Array
from aecli.errors import DataError
from aecli.experiment.data_units import Units
from aecli.text import several
from aecli.training.splits import Split, as_tensor

CHUNK = 512
"""Rows that go through the network at once, as when a run is judged."""
BLOCK = 65_536
"""Rows that are checked at once."""
Layout = Literal["NP", "NHW", "NHWC", "NCHW"]
MODEL_VALUES: dict[str, Any] = {"kind": "none"}
"""The scaling of what is scaled already."""


@runtime_checkable
class DataFrame(Protocol):
    """As much of a data frame as is asked of one, whoever made it."""

    @property
    def columns(self) -> Iterable[object]:
        """The names of its columns."""

    def to_numpy(self) -> Array:
        """Its values."""

    def __getitem__(self, names: list[object]) -> object:
        """Some of its columns."""


@dataclass(frozen=True, eq=False)
class GivenRows:
    """Rows that were checked, as they were given; they become model values a few at a time."""

    values: Array
    """(N, P), (N, H, W), (N, H, W, C) or (N, C, H, W)."""
    layout: Layout
    scaling: dict[str, Any]

    def __len__(self) -> int:
        return len(self.values)

    def batches(self) -> Iterator[Tensor]:
        """Model values, (B, P), float32."""
        for start in range(0, len(self), CHUNK):
            part = self.values[start : start + CHUNK]
            if self.layout == "NHWC":
                part = part.transpose(0, 3, 1, 2)
            part_BP = np.ascontiguousarray(part).reshape(len(part), -1)
            if self.scaling["kind"] != "bytes":
                part_BP = part_BP.astype(np.float32)
            elif part_BP.dtype != np.uint8:
                part_BP = part_BP.astype(np.float32) / np.float32(self.scaling["divide_by"])
            yield Split(as_tensor(part_BP, self.scaling), None).batch(slice(None))

    def as_given(self, rows_NP: Array) -> Array:
        """Flat rows in the shape of those that were given."""
        if self.layout == "NHWC":
            count, height, width, channels = self.values.shape
            return rows_NP.reshape(count, channels, height, width).transpose(0, 2, 3, 1)
        return rows_NP.reshape(self.values.shape)


def take_rows(x: object, units: Units, *, scaled: bool = False) -> GivenRows:
    """Check rows against what a run was trained on.

    Args:
        x: a numpy array, a tensor, nested lists, or a data frame, whose columns are then taken by their names.
        units: of the run's data.
        scaled: x holds model values already.

    Raises:
        DataError: x is not numbers, has another width or shape, NaN, or values that are not in these units.
    """
    values = as_numbers(by_name(x, units))
    layout = layout_of(values.shape, units)
    refuse_gaps(values)
    if len(values):
        refuse_other_units(values, units, scaled=scaled)
    if values.dtype.kind in "iu" and not scaled and units.scaling["kind"] == "bytes":
        values = values.astype(np.uint8, copy=False)
    return GivenRows(values, layout, MODEL_VALUES if scaled else units.scaling)


def by_name(x: object, units: Units) -> object:
    """The columns of a data frame that the run was trained on, in its order; anything else as it is.

    Raises:
        DataError: some are missing, or there are others than the labels.
    """
    if units.columns is None or not isinstance(x, DataFrame):
        return x
    names = [str(name) for name in x.columns]
    missing = [name for name in units.columns if name not in names]
    if missing:
        raise DataError(f"x: has no column {several(missing)}; the run was trained on {several(units.columns)}")
    if others := [name for name in names if name not in (*units.columns, units.label)]:
        raise DataError(f"x: the run was not trained on {several(others)}; leave out what it does not know")
    return x[[name for wanted in units.columns for name in x.columns if str(name) == wanted]]


def as_numbers(x: object) -> Array:
    """An array of real numbers on the CPU.

    Raises:
        DataError: it is none.
    """
    if np.ma.is_masked(x):
        raise DataError("x: has masked values; fill them or leave these rows out")
    try:
        if isinstance(x, Tensor):
            is_short = x.is_floating_point() and x.element_size() < 4
            values = (x.float() if is_short else x).detach().cpu().numpy()
        else:
            values = np.asarray(x.to_numpy() if hasattr(x, "to_numpy") else x)
    except (ValueError, TypeError) as error:
        raise DataError(f"x: is no array of numbers: {str(error).splitlines()[0]}") from None
    if values.dtype.kind not in "fiub":
        raise DataError(f"x: is not numbers but of type {values.dtype}; give an array of numbers")
    return values


def layout_of(shape: tuple[int, ...], units: Units) -> Layout:
    """In which order the values of a row stand.

    Raises:
        DataError: the run takes none of this shape.
    """
    if shape[1:] == (units.size,):
        return "NP"
    if units.image_shape is not None:
        channels, height, width = units.image_shape
        if shape[1:] == (height, width) and channels == 1:
            return "NHW"
        if shape[1:] == (height, width, channels):
            return "NHWC"
        if shape[1:] == (channels, height, width):
            return "NCHW"
    hint = ""
    if shape in ((units.size,), units.image_shape, (units.image_shape or ())[1:]):
        hint = "; a single one is x[None]"
    elif units.label is not None and shape[1:] == (units.size + 1,):
        hint = f'; leave the labels, column "{units.label}", out'
    raise DataError(f"x: has shape {shape}, and the run takes {units.words}{hint}")


def refuse_gaps(values: Array) -> None:
    """Refuse what is no finite number.

    Raises:
        DataError: says how many there are, and in which row the first is.
    """
    if values.dtype.kind != "f":
        return
    count, first = 0, None
    for start in range(0, len(values), BLOCK):
        wrong = ~np.isfinite(values[start : start + BLOCK])
        found = int(wrong.sum())
        if found and first is None:
            first = start + int(np.argwhere(wrong)[0][0])
        count += found
    if count:
        are = "value that is" if count == 1 else "values that are"
        raise DataError(
            f"x: has {count} {are} NaN or infinite, the first in row {first} (counted from 0); remove or replace them"
        )


def refuse_other_units(values: Array, units: Units, *, scaled: bool) -> None:
    """Refuse values that would be read in other units than they are in, as far as values can tell.

    Raises:
        DataError: with what to do.
    """
    low, high = float(values.min()), float(values.max())
    span = f"x: has values from {low:g} to {high:g}"
    if max(-low, high) > float(np.finfo(np.float32).max):
        raise DataError(f"{span}, and 32-bit numbers reach to 3.4e38")
    if units.scaling["kind"] == "bytes" and not scaled:
        if low < 0 or high > 255:
            raise DataError(f"{span}, and the run's data are bytes, 0 to 255")
        if values.dtype.kind in "fb" and high <= 1:
            raise DataError(
                f"{span} and the type {values.dtype}, and the run's data are bytes, 0 to 255; for values between 0 "
                "and 1 say scaled=True"
            )
    elif units.unit_range and "offset" not in units.scaling and (low < 0 or high > 1):
        hint = "without scaled=True they are scaled as that was" if scaled else "bring them into the units of its data"
        raise DataError(f"{span}, and the model was trained on values in [0, 1]; {hint}")
