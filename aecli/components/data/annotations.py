"""The types that arrays and parameters of data sets are annotated with."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from annotated_types import Ge, Gt, Lt

if TYPE_CHECKING:
    from numpy import ndarray as Array
else:
    Array = Any  # naming numpy's type would import numpy

Share = Annotated[float, Gt(0), Lt(1)]
Side = Annotated[int, Ge(1)] | None
Scaling = Literal["auto", "none", "minmax", "standard"]

__all__ = ["Array", "Scaling", "Share", "Side"]
