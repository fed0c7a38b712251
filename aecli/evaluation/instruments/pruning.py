"""Magnitude pruning: the smallest weights of some matrices set to zero; knows no model.

Shapes: W all weights of some matrices, one after the other.

Source: Blalock et al. 2020, arXiv:2003.03033
"""

from collections.abc import Sequence

import torch
from torch import Tensor

TOLERANCE = 0.1
"""Pruning is called free up to so much more error, as a share of the unpruned error."""


def ranked(matrices: dict[str, Tensor]) -> dict[str, Tensor]:
    """For every weight the share of weights before it in the order of abs(w) over these matrices; ties by place."""
    sizes_W = torch.cat([weight.detach().abs().flatten() for weight in matrices.values()])
    rank_W = torch.empty(len(sizes_W), dtype=torch.float64)
    rank_W[sizes_W.cpu().argsort(stable=True)] = torch.arange(len(sizes_W), dtype=torch.float64) / len(sizes_W)
    parts = rank_W.split([weight.numel() for weight in matrices.values()])
    return {name: part.view(weight.shape) for (name, weight), part in zip(matrices.items(), parts, strict=True)}


def prune(matrices: dict[str, Tensor], ranks: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """Copies of the matrices with the given share of the lowest ranks set to zero."""
    return {
        name: weight.detach().masked_fill(ranks[name].to(weight.device) < share, 0.0)
        for name, weight in matrices.items()
    }


def prunable(shares: Sequence[float], mse: Sequence[float]) -> float:
    """The largest share up to which pruning costs at most TOLERANCE of the unpruned error.

    Args:
        shares: rising, the first one 0.
        mse: the error with each of them pruned.
    """
    allowed = (1.0 + TOLERANCE) * mse[0]
    kept = 0.0
    for share, value in zip(shares, mse, strict=True):
        if not value <= allowed:
            break
        kept = share
    return kept
