"""What the values of a data set are: their range, how empty they are."""

import torch

from aecli.training.values import describe_values


def test_bytes_stand_for_shares_and_all_parts_have_the_range():
    train, test = torch.tensor([[0, 10], [0, 255]], dtype=torch.uint8), torch.tensor([[5, 5]], dtype=torch.uint8)
    found = describe_values([train, test], None, scaling="none")
    assert (found.lowest, found.highest, found.at_lowest, found.entropy_nats) == (0.0, 1.0, 0.75, None)
