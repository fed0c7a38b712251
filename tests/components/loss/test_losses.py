"""Reconstruction losses: rules beyond those of `aecli.testing`, golden values, slow references, influence."""

import math

import numpy as np
import pytest
import torch
from loss_batches import GOLDEN_VALUES, SIDE, X_HAT, X, as_prediction, batch, evaluate, of_error

from aecli.components.loss import LOSSES

NAMES = {
    "mse", "mae", "huber", "smooth_l1", "log_cosh", "charbonnier", "cauchy", "geman_mcclure", "welsch", "tukey",
    "barron", "pinball", "bce", "continuous_bernoulli", "ssim", "focal_frequency",
}  # fmt: skip
EVERY_LOSS = pytest.mark.parametrize("name", list(LOSSES))


def test_these_losses_are_registered_and_no_others():
    assert set(LOSSES) == NAMES


def test_only_the_continuous_bernoulli_has_its_minimum_elsewhere_and_below_zero():
    for trait in ("minimum_at_target", "nonnegative"):
        assert [name for name in LOSSES if not getattr(LOSSES[name].facts, trait)] == ["continuous_bernoulli"]
    assert [name for name in LOSSES if LOSSES[name].facts.from_logits] == ["bce", "continuous_bernoulli"]


@EVERY_LOSS
def test_a_loss_is_a_mean_over_pixels_not_a_sum(name):
    if LOSSES[name].facts.needs_image:  # the same image in three channels
        shape, shapes = {"image_shape": (1, SIDE, SIDE)}, {"image_shape": (3, SIDE, SIDE)}
    else:
        shape = shapes = {}
    prediction, x = batch(name)
    once = evaluate(name, prediction, x, **shape)
    thrice = evaluate(name, prediction.repeat(1, 3), x.repeat(1, 3), **shapes)
    torch.testing.assert_close(once, thrice, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", [name for name in LOSSES if LOSSES[name].facts.minimum_at_target and name != "bce"])
def test_the_loss_of_a_perfect_reconstruction_is_zero(name):
    _, x = batch(name)
    assert evaluate(name, as_prediction(name, x), x).abs().max() < 1e-12


@EVERY_LOSS
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_a_loss_that_claims_to_be_nonnegative_is(name, dtype):
    prediction, x = batch(name, dtype=dtype)
    pairs = [(prediction, x), (as_prediction(name, 1 - x), x), (as_prediction(name, x.clamp(1e-3, 1 - 1e-3)), x)]
    values = torch.cat([evaluate(name, one, other) for one, other in pairs])
    if LOSSES[name].facts.nonnegative:
        assert values.min() >= -1e-6
    else:
        assert values.min() < 0


@EVERY_LOSS
def test_the_gradient_is_the_derivative(name):
    generator = torch.Generator().manual_seed(3)
    shape = (2, 144) if name == "ssim" else (2, 16)
    x = 0.2 + 0.6 * torch.rand(shape, generator=generator, dtype=torch.float64)
    sign = torch.where(torch.rand(shape, generator=generator) < 0.5, -1.0, 1.0).double()
    size = torch.where(torch.rand(shape, generator=generator) < 0.5, 0.03, 0.17).double()  # on both sides of each scale
    prediction = as_prediction(name, x + sign * size).requires_grad_()
    # the weights of focal_frequency are constants by definition, so only alpha = 0 has the gradient of its value
    params = {"alpha": 0.0} if name == "focal_frequency" else {}
    assert torch.autograd.gradcheck(lambda one: evaluate(name, one, x, **params), prediction)


@GOLDEN_VALUES
def test_the_articles_example_has_its_golden_value(name, params, expected):
    values = evaluate(name, X_HAT, X, **params)
    assert values.mean().item() == pytest.approx(expected, abs=1e-12)
    assert values.tolist() == pytest.approx([expected, expected], abs=1e-12)  # all errors are .1, signs balanced


def slow_tukey(e, c):
    return c**2 / 6 if abs(e) > c else c**2 / 6 * (1 - (1 - (e / c) ** 2) ** 3)


def slow_barron(e, alpha, c):
    b = abs(alpha - 2)
    return b / alpha * (((e / c) ** 2 / b + 1) ** (alpha / 2) - 1)


SLOW = [
    ("mse", {}, lambda e: e * e),
    ("mae", {}, abs),
    ("huber", {"delta": 0.07}, lambda e, delta: e * e / 2 if abs(e) <= delta else delta * (abs(e) - delta / 2)),
    ("smooth_l1", {"beta": 0.07}, lambda e, beta: e * e / 2 / beta if abs(e) < beta else abs(e) - beta / 2),
    ("log_cosh", {"c": 0.2}, lambda e, c: c * c * np.log(np.cosh(e / c))),
    ("charbonnier", {"eps": 0.03}, lambda e, eps: np.sqrt(e * e + eps * eps) - eps),
    ("cauchy", {"c": 0.1}, lambda e, c: np.log(1 + (e / c) ** 2 / 2)),
    ("geman_mcclure", {"c": 0.1}, lambda e, c: 2 * (e / c) ** 2 / ((e / c) ** 2 + 4)),
    ("welsch", {"c": 0.1}, lambda e, c: 1 - np.exp(-((e / c) ** 2) / 2)),
    ("tukey", {"c": 0.3}, slow_tukey),
    ("barron", {"alpha": 1.5, "c": 0.1}, slow_barron),
    ("barron", {"alpha": 0.5, "c": 0.1}, slow_barron),
    ("barron", {"alpha": -7.0, "c": 0.1}, slow_barron),
    ("barron", {"alpha": 1e-3, "c": 0.1}, slow_barron),
    ("barron", {"alpha": -1e-5, "c": 0.1}, slow_barron),
    ("pinball", {"tau": 0.8}, lambda e, tau: max(tau * -e, (tau - 1) * -e)),
]


@pytest.mark.parametrize(("name", "params", "rho"), SLOW, ids=[f"{name}-{params}" for name, params, _ in SLOW])
def test_a_robust_loss_equals_a_slow_loop_over_its_formula(name, params, rho):
    generator = np.random.default_rng(0)
    x, x_hat = generator.random((3, 40)), generator.random((3, 40))
    expected = [np.mean([rho(x_hat[i, p] - x[i, p], **params) for p in range(40)]) for i in range(3)]
    values = evaluate(name, torch.tensor(x_hat), torch.tensor(x), **params)
    np.testing.assert_allclose(values.numpy(), expected, rtol=1e-10)


@pytest.mark.parametrize(
    ("name", "params", "bound", "at"),
    [
        ("mae", {}, 1.0, None),
        ("huber", {"delta": 0.2}, 0.2, None),
        ("smooth_l1", {"beta": 0.2}, 1.0, None),
        ("log_cosh", {"c": 0.2}, 0.2, None),
        ("charbonnier", {"eps": 0.05}, 1.0, None),
        ("cauchy", {"c": 0.2}, 1 / (math.sqrt(2) * 0.2), math.sqrt(2) * 0.2),
        ("geman_mcclure", {"c": 0.2}, 0.649519 / 0.2, 2 / math.sqrt(3) * 0.2),
        ("welsch", {"c": 0.2}, math.exp(-0.5) / 0.2, 0.2),
        ("tukey", {"c": 0.5}, 16 / 25 / math.sqrt(5) * 0.5, 0.5 / math.sqrt(5)),
        ("pinball", {"tau": 0.8}, 0.8, None),
        ("pinball", {"tau": 0.3}, 0.7, None),
    ],
    ids=lambda value: str(value),
)
def test_the_influence_of_an_error_is_bounded_as_the_table_says(name, params, bound, at):
    e = torch.linspace(-20, 20, 400_001, dtype=torch.float64).requires_grad_()
    (influence,) = torch.autograd.grad(of_error(LOSSES[name].function, e, **params).sum(), e)
    assert influence.abs().max().item() == pytest.approx(bound, rel=1e-4)
    if at is not None:
        assert abs(e[influence.abs().argmax()].item()) == pytest.approx(at, abs=1e-3)
