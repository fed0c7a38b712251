"""What the values of a data set are: their range, how empty they are, and the floor of a cross-entropy."""

import math

import pytest
import torch

from aecli.training.values import describe_values, entropy_of


def test_bytes_stand_for_shares_and_all_parts_have_the_range():
    train, test = torch.tensor([[0, 10], [0, 255]], dtype=torch.uint8), torch.tensor([[5, 5]], dtype=torch.uint8)
    found = describe_values([train, test], None, scaling="none")
    assert (found.lowest, found.highest, found.at_lowest, found.entropy_nats) == (0.0, 1.0, 0.75, None)


def test_the_floor_of_a_cross_entropy_is_the_entropy_of_its_targets():
    assert entropy_of(torch.tensor([[0.0, 1.0]])) == 0.0
    assert entropy_of(torch.full((3, 2), 0.5)) == pytest.approx(math.log(2))
    uniform = torch.rand(100_000, 2, generator=torch.Generator().manual_seed(0))
    assert entropy_of(uniform) == pytest.approx(0.5, abs=2e-3), "noise that is uniform has half a nat"
