"""Likelihoods from logits: references, floors, extreme logits, and the series near zero."""

import pytest
import torch
import torch.nn.functional as F
from loss_batches import PIXELS, batch, evaluate

from aecli.components.loss.likelihood import bce, continuous_bernoulli


def test_bce_equals_torchs_binary_cross_entropy_of_probabilities():
    logits, x = batch("bce")
    expected = F.binary_cross_entropy(torch.sigmoid(logits), x, reduction="none").mean(1)
    torch.testing.assert_close(bce(logits, x), expected)


def test_the_floor_of_bce_is_the_entropy_of_the_target():
    _, x = batch("bce")
    entropy = -(torch.xlogy(x, x) + torch.xlogy(1 - x, 1 - x)).mean(1)
    torch.testing.assert_close(bce(torch.logit(x), x), entropy)
    assert entropy.min() > 0.1


@pytest.mark.parametrize("name", ["bce", "continuous_bernoulli"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_extreme_logits_give_finite_values_and_gradients(name, dtype):
    logits = torch.tensor([-1e3, -30.0, -1e-4, 0.0, 1e-4, 30.0, 1e3], dtype=dtype)
    logits = logits.repeat_interleave(3)[:, None].requires_grad_()
    x = torch.tensor([0.0, 0.5, 1.0], dtype=dtype).repeat(7)[:, None]
    values = evaluate(name, logits, x)
    values.sum().backward()
    assert values.isfinite().all() and logits.grad.isfinite().all()


def test_the_gradient_of_bce_with_respect_to_the_logit_is_the_error():
    logits, x = batch("bce")
    (gradient,) = torch.autograd.grad(bce(logits.requires_grad_(), x).sum(), logits)
    torch.testing.assert_close(gradient, (torch.sigmoid(logits) - x) / PIXELS)


@pytest.mark.parametrize("logit", [0.0, 1e-6, -1e-3, 0.01, 0.0499, 0.0501, -0.1, 0.45, 2.0, -5.0, 30.0, -30.0])
def test_continuous_bernoulli_is_minus_torchs_log_density(logit):
    x = torch.linspace(0, 1, 11, dtype=torch.float64)[:, None]
    logits = torch.full_like(x, logit)
    # torch takes a Taylor series wherever lambda is in `lims`; this narrower one is accurate to 1e-11
    density = torch.distributions.ContinuousBernoulli(logits=logits, lims=(0.4995, 0.5005), validate_args=False)
    expected = -density.log_prob(x).mean(1)
    tolerance = 1e-4 if logit == 30.0 else 1e-8  # torch keeps lambda, and 1 - lambda has lost its digits there
    torch.testing.assert_close(continuous_bernoulli(logits, x), expected, rtol=tolerance, atol=1e-8)


@pytest.mark.parametrize("name", ["bce", "continuous_bernoulli"])
def test_black_and_white_may_be_exchanged(name):
    logits = torch.linspace(-40, 40, 33, dtype=torch.float64)[:, None]
    x = torch.linspace(0, 1, 33, dtype=torch.float64)[:, None]
    torch.testing.assert_close(evaluate(name, logits, x), evaluate(name, -logits, 1 - x))


@pytest.mark.parametrize("logit", [-8.0, -1.0, -0.04, 0.0, 0.06, 3.0])
def test_continuous_bernoulli_is_a_density_that_integrates_to_one(logit):
    x = torch.linspace(0, 1, 20_001, dtype=torch.float64)[:, None]
    density = torch.exp(-continuous_bernoulli(torch.full_like(x, logit), x))
    assert torch.trapezoid(density, x[:, 0]).item() == pytest.approx(1.0, abs=1e-6)


def test_continuous_bernoulli_is_smooth_where_the_series_takes_over():
    logits = torch.tensor([[0.05 - 1e-9], [0.05 + 1e-9]], dtype=torch.float64).requires_grad_()
    values = continuous_bernoulli(logits, torch.full_like(logits, 0.3))
    (gradient,) = torch.autograd.grad(values.sum(), logits)
    assert values[0].item() == pytest.approx(values[1].item(), abs=1e-9)
    assert gradient[0].item() == pytest.approx(gradient[1].item(), abs=1e-8)
