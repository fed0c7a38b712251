"""A step of Adam or AdamW by PyTorch's fused kernel, with one step counter for all parameters of a group.

torch.optim sorts the parameters by device and type before every step and counts each one's steps by itself: for the
article's twelve tensors that takes longer than the kernel. The numbers and the saved state are the same, bit for bit.
"""

from collections.abc import Callable
from typing import Any

import torch


@torch.no_grad()
def fused_step(optimizer: torch.optim.Adam, closure: Callable[[], Any] | None = None) -> None:
    """Move every parameter; all have a gradient, and those of a group are on one device.

    Args:
        optimizer: torch.optim.Adam or AdamW, made with `fused=True`.
        closure: not used; torch's signature.
    """
    for group in optimizer.param_groups:
        parameters = group["params"]
        states = [optimizer.state[parameter] for parameter in parameters]
        if not states[0]:
            optimizer._init_group(group, *([] for _ in range(6)))
        counter = states[0]["step"]
        if states[-1]["step"] is not counter:  # at the first step, and after a state was loaded
            for state in states:
                state["step"] = counter
        kernel = torch._fused_adamw_ if group["decoupled_weight_decay"] else torch._fused_adam_
        beta1, beta2 = group["betas"]
        no_squares: list[torch.Tensor] = []  # the largest ones, of amsgrad
        tensors = (
            parameters,
            [parameter.grad for parameter in parameters],
            [state["exp_avg"] for state in states],
            [state["exp_avg_sq"] for state in states],
            no_squares,
            [counter.add_(1)] * len(parameters),
        )
        kernel(
            *tensors,
            lr=group["lr"],
            beta1=beta1,
            beta2=beta2,
            weight_decay=group["weight_decay"],
            eps=group["eps"],
            amsgrad=False,
            maximize=False,
        )


def count_apart(optimizer: torch.optim.Optimizer, saved: dict[str, Any]) -> None:
    """Give every parameter of a saved state a counter of its own, as torch.optim expects it."""
    for number, values in saved["state"].items():
        saved["state"][number] = {**values, "step": values["step"].clone()}
