"""Robust losses: golden values, special cases, limits, and what large errors do."""

import math
from itertools import pairwise

import pytest
import torch
from loss_batches import batch, of_error

from aecli.components.loss import LOSSES
from aecli.components.loss.pointwise import mae, mse
from aecli.components.loss.robust import barron, cauchy, charbonnier, geman_mcclure, pinball, welsch


@pytest.mark.parametrize(
    ("alpha", "at_one_tenth", "at_one"),
    [
        (2.0, 0.5, 50.0),
        (1.0, 0.41421356, 9.04988),
        (0.0, 0.40546511, 3.93183),
        (-2.0, 0.4, 1.92308),
        (-math.inf, 0.39346934, 1.0),
    ],
)
def test_barron_has_its_golden_values(alpha, at_one_tenth, at_one):
    values = of_error(barron, torch.tensor([0.1, 1.0], dtype=torch.float64), alpha=alpha, c=0.1)
    assert values[0].item() == pytest.approx(at_one_tenth, abs=5e-9)
    assert values[1].item() == pytest.approx(at_one, abs=5e-6)


@pytest.mark.parametrize(
    ("name", "params", "ceiling"),
    [("geman_mcclure", {"c": 0.1}, 2.0), ("welsch", {"c": 0.1}, 1.0), ("tukey", {"c": 0.5}, 0.5**2 / 6)],
    ids=["geman_mcclure", "welsch", "tukey"],
)
def test_a_bounded_loss_approaches_its_ceiling(name, params, ceiling):
    assert of_error(LOSSES[name].function, torch.tensor([1e4]), **params).item() == pytest.approx(ceiling, rel=1e-5)


@pytest.mark.parametrize("name", ["log_cosh", "charbonnier", "cauchy", "geman_mcclure", "welsch", "tukey", "barron"])
def test_huge_errors_give_finite_values_and_gradients(name):
    e = torch.tensor([-1e6, -1e3, 0.0, 1e3, 1e6]).requires_grad_()
    values = of_error(LOSSES[name].function, e)
    (gradient,) = torch.autograd.grad(values.sum(), e)
    assert values.isfinite().all() and gradient.isfinite().all()


def test_pinball_at_the_median_is_half_of_mae():
    prediction, x = batch("mae")
    expected = mae(prediction, x) / 2
    torch.testing.assert_close(pinball(prediction, x, tau=0.5), expected)


def test_pinball_above_the_median_costs_more_for_a_pixel_that_is_too_dark():
    dark, bright = of_error(pinball, torch.tensor([-0.5, 0.5]), tau=0.9).tolist()
    assert (dark, bright) == pytest.approx((0.45, 0.05))


def test_cauchy_pulls_hardest_near_the_target_and_ever_less_far_away():
    e = torch.tensor([0.2, 0.5, 1.0, 2.0]).requires_grad_()
    (influence,) = torch.autograd.grad(of_error(cauchy, e, c=0.1).sum(), e)
    assert all(near > far for near, far in pairwise(influence.tolist()))


@pytest.mark.parametrize(
    ("alpha", "other"),
    [
        (2.0, lambda p, x: mse(p, x) / (2 * 0.1**2)),
        (1.0, lambda p, x: charbonnier(p, x, eps=0.1) / 0.1),
        (0.0, lambda p, x: cauchy(p, x, c=0.1)),
        (-2.0, lambda p, x: geman_mcclure(p, x, c=0.1)),
        (-math.inf, lambda p, x: welsch(p, x, c=0.1)),
    ],
    ids=["mse", "charbonnier", "cauchy", "geman_mcclure", "welsch"],
)
def test_a_special_case_of_barron_is_the_loss_of_that_name(alpha, other):
    prediction, x = batch("barron")
    torch.testing.assert_close(barron(prediction, x, alpha=alpha, c=0.1), other(prediction, x))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
@pytest.mark.parametrize("near", [1e-7, 2e-6, 1e-3, -1e-3, -2e-6])
def test_barron_is_continuous_at_alpha_zero(near, dtype):
    e = torch.linspace(0.01, 1, 50, dtype=dtype)
    limit = of_error(barron, e, alpha=0.0, c=0.1)
    relative = (of_error(barron, e, alpha=near, c=0.1) / limit - 1).abs().max().item()
    assert relative < 3 * abs(near) + 4 * torch.finfo(dtype).eps
    if abs(near) == 1e-3:
        assert relative > 1e-4  # and it does depend on alpha


@pytest.mark.parametrize(("near", "limit"), [(2 - 1e-9, 2.0), (-1e9, -math.inf)], ids=["two", "minus infinity"])
def test_barron_is_continuous_at_its_other_limits(near, limit):
    e = torch.linspace(0.01, 1, 50, dtype=torch.float64)
    values = of_error(barron, e, alpha=near, c=0.1)
    torch.testing.assert_close(values, of_error(barron, e, alpha=limit, c=0.1), rtol=1e-6, atol=0)
