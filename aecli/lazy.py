"""Modules that are imported at their first use, so that what does not compute starts at once.

`import torch` takes seconds. The modules that register losses, penalties and metrics are also read by `aecli list`,
by `aecli schema` and by the check of a config, none of which computes anything.
"""

import importlib
from typing import TYPE_CHECKING, Any


class LazyModule:
    """Stands in for a module and imports it when one of its attributes is first read."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(importlib.import_module(self._name), attribute)
        setattr(self, attribute, value)  # the next access costs nothing
        return value


if TYPE_CHECKING:
    import numpy as np
    import torch
    import torch.nn.functional as F
    from torch import Tensor
else:
    np = LazyModule("numpy")
    torch = LazyModule("torch")
    F = LazyModule("torch.nn.functional")
    Tensor = Any

__all__ = ["F", "LazyModule", "Tensor", "np", "torch"]
