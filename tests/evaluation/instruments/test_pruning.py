"""Magnitude pruning: against torch.nn.utils.prune, ties, and how much of it is free."""

import math

import pytest
import torch
from torch import nn
from torch.nn.utils import prune as reference

from aecli.evaluation.instruments.pruning import prunable, prune, ranked
from aecli.evaluation.suites.sparsity import SHARES


@pytest.mark.parametrize("share", SHARES)
def test_pruning_over_all_matrices_is_that_of_torch(share):
    torch.manual_seed(0)
    layers = [nn.Linear(12, 6), nn.Linear(6, 3)]
    matrices = {str(index): layer.weight for index, layer in enumerate(layers)}
    pruned = prune(matrices, ranked(matrices), share)
    if count := math.ceil(round(share * (12 * 6 + 6 * 3), 9)):
        chosen = [(layer, "weight") for layer in layers]
        reference.global_unstructured(chosen, pruning_method=reference.L1Unstructured, amount=count)
    assert all(torch.equal(a, layer.weight) for a, layer in zip(pruned.values(), layers, strict=True))


def test_of_equal_weights_exactly_the_share_is_removed():
    matrices = {"a": torch.ones(5, 4), "b": -torch.ones(4, 5)}
    ranks = ranked(matrices)
    for share in SHARES:
        left = sum(int((weight != 0).sum()) for weight in prune(matrices, ranks, share).values())
        assert left == 40 - math.ceil(round(share * 40, 9))


@pytest.mark.parametrize(
    ("mse", "expected"),
    [
        ([1.0] * 12, 0.99),
        ([1.0] + [2.0] * 11, 0.0),
        ([1.0, 1.1, 0.9, 1.2, *[1.0] * 8], 0.2),
        ([0.0] * 12, 0.99),
        ([math.nan] * 12, 0.0),
    ],
    ids=["free", "never", "until it first costs more", "perfect", "not a number"],
)
def test_the_prunable_share_ends_where_the_error_first_exceeds_the_tolerance(mse, expected):
    assert prunable(SHARES, mse) == expected
