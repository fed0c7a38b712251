"""Optimizers of torch that need no compiler. It knows none of them by name."""

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from aecli.lazy import torch

Kind = TypeVar("Kind", bound="torch.optim.Optimizer")


def eager(kind: type[Kind], step: Callable[..., Any] | None = None) -> type[Kind]:
    """The same optimizer without what torch.compile needs: the same numbers, and a second less until the first step.

    torch.optim imports the compiler when an optimizer is made and when it steps, only to tell it to stay away. Beneath
    those wrappers are the plain methods; where a version of PyTorch has no wrappers, `inspect.unwrap` changes nothing.

    Args:
        kind: an optimizer of torch.optim or like them.
        step: what takes a step in place of its own.
    """
    names = ("add_param_group", "zero_grad", "state_dict", "load_state_dict")
    plain = {name: inspect.unwrap(getattr(kind, name)) for name in names}
    return type(kind.__name__, (kind,), {**plain, "step": torch.no_grad()(inspect.unwrap(step or kind.step))})
