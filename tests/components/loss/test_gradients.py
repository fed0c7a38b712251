"""Gradients by hand: each is autograd's of the registered loss."""

import pytest
import torch

from aecli.components.loss import LOSSES
from aecli.components.loss.gradients import BLOCK

GRADIENTS = {name: entry.facts.gradient for name, entry in LOSSES.items() if entry.facts.gradient}


@pytest.mark.parametrize("name", GRADIENTS)
def test_value_and_gradient_are_those_of_the_registered_loss(name):
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(7, 12, generator=generator)
    prediction = torch.randn(7, 12, generator=generator)
    prediction[0] = x[0]
    prediction[1, 0] = 30.0
    before = prediction.clone()
    expected = LOSSES[name].function(prediction.requires_grad_(), x).sum() * 12
    total, gradient = GRADIENTS[name](prediction.detach(), x, 0.25)
    torch.testing.assert_close(total, expected.detach(), rtol=1e-6, atol=0)
    torch.testing.assert_close(gradient, torch.autograd.grad(0.25 * expected, prediction)[0], rtol=1e-6, atol=1e-9)
    assert torch.equal(prediction, before)


def test_only_losses_without_parameters_have_one():
    assert {"mse", "mae", "bce"} <= set(GRADIENTS)
    assert not any(LOSSES[name].parameters for name in GRADIENTS)


@pytest.mark.parametrize("name", GRADIENTS)
def test_values_of_large_batches_are_exact(name):
    generator = torch.Generator().manual_seed(0)
    x, prediction = torch.rand(5000, 784, generator=generator), torch.rand(5000, 784, generator=generator)
    assert x.numel() > 10 * BLOCK
    expected = LOSSES[name].function(prediction.double(), x.double()).sum() * 784
    assert float(GRADIENTS[name](prediction, x, 1.0)[0]) == pytest.approx(float(expected), rel=3e-6)  # by processor
