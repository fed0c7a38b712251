"""Losses of single pixels: identities between them."""

import pytest
import torch
from loss_batches import batch, of_error

from aecli.components.loss.pointwise import huber, mse, smooth_l1


def test_the_influence_of_mse_has_no_bound():
    e = torch.tensor([1.0, 10.0, 1000.0]).requires_grad_()
    (influence,) = torch.autograd.grad(of_error(mse, e).sum(), e)
    assert influence.tolist() == [2.0, 20.0, 2000.0]


@pytest.mark.parametrize("delta", [1.0, 1.5, 7.0])
def test_huber_with_delta_one_or_more_is_half_of_mse_on_unit_pixels(delta):
    prediction, x = batch("huber")
    expected = mse(prediction, x) / 2
    torch.testing.assert_close(huber(prediction, x, delta=delta), expected)
    assert not torch.allclose(huber(prediction, x, delta=0.1), expected)


@pytest.mark.parametrize("beta", [0.02, 0.1, 0.5, 1.0])
def test_smooth_l1_is_huber_divided_by_beta(beta):
    prediction, x = batch("huber")
    expected = huber(prediction, x, delta=beta) / beta
    torch.testing.assert_close(smooth_l1(prediction, x, beta=beta), expected)
