"""How exact products of matrices are, whatever a config sets for the training."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from aecli.lazy import torch


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
    """Full float32 products, whatever `training.precision` is: for what is all differences (SSIM) or iterates (Muon)."""
    return matrix_products("highest")
