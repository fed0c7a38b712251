"""How exact products of matrices are, whatever a config sets for the training."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from aecli.lazy import torch


def set_precision(name: str) -> None:
    """Let float32 products be as exact as `training.precision` says; with bf16 those of penalties stay exact."""
    torch.set_float32_matmul_precision("highest" if name == "bf16" else name)


def lowered(name: str, device: "torch.device") -> AbstractContextManager[Any]:
    """What the forward pass and the loss of a training step run in: autocast where `training.precision` is bf16."""
    if name != "bf16":
        return nullcontext()
    return torch.autocast(device.type, dtype=torch.bfloat16)


@contextmanager
def matrix_products(precision: str) -> Iterator[None]:
    """Matrix products of float32 in one of PyTorch's precisions: highest, high or medium."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision(precision)
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


def exact_products() -> AbstractContextManager[None]:
    """Full float32 products whatever `training.precision` is: for what is all differences (SSIM) or iterates (Muon)."""
    return matrix_products("highest")
