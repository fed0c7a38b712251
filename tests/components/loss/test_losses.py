"""Reconstruction losses: conformance of the whole registry, golden values, references, identities."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from skimage.metrics import structural_similarity

from aecli.api import make_loss
from aecli.components.loss import LOSSES, structural
from aecli.components.loss.registration import ImageShape
from aecli.registry import Context

NAMES = {
    "mse", "mae", "huber", "smooth_l1", "log_cosh", "charbonnier", "cauchy", "geman_mcclure", "welsch", "tukey",
    "barron", "pinball", "bce", "continuous_bernoulli", "ssim", "focal_frequency",
}  # fmt: skip
EVERY_LOSS = pytest.mark.parametrize("name", list(LOSSES))
SIDE = 16
PIXELS = SIDE * SIDE


def batch(name, images=5, dtype=torch.float64, seed=0):
    """Predictions and targets; predictions are logits where the loss takes logits."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.rand(images, PIXELS, generator=generator, dtype=torch.float64)
    x_hat = (x + 0.2 * torch.randn(images, PIXELS, generator=generator, dtype=torch.float64)).clamp(0.01, 0.99)
    return as_prediction(name, x_hat).to(dtype), x.to(dtype)


def as_prediction(name, x_hat):
    return torch.logit(x_hat) if LOSSES[name].facts.from_logits else x_hat


def evaluate(name, prediction, x, **params):
    return LOSSES[name].function(prediction, x, **params)


def of_error(name, e, **params):
    """rho(e) for each of a row of errors, as losses of images with a single pixel."""
    return LOSSES[name].function(e[:, None], torch.zeros_like(e)[:, None], **params)


# ---------------------------------------------------------------- conformance


def test_these_losses_are_registered_and_no_others():
    assert set(LOSSES) == NAMES


def test_only_the_continuous_bernoulli_has_its_minimum_elsewhere_and_below_zero():
    for trait in ("minimum_at_target", "nonnegative"):
        assert [name for name in LOSSES if not getattr(LOSSES[name].facts, trait)] == ["continuous_bernoulli"]
    assert [name for name in LOSSES if LOSSES[name].facts.from_logits] == ["bce", "continuous_bernoulli"]


@EVERY_LOSS
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_a_loss_gives_one_finite_value_per_image_in_the_dtype_of_its_input(name, dtype):
    values = evaluate(name, *batch(name, dtype=dtype))
    assert values.shape == (5,)
    assert values.dtype == dtype
    assert values.isfinite().all()


@EVERY_LOSS
def test_the_loss_of_an_image_does_not_depend_on_the_rest_of_the_batch(name):
    prediction, x = batch(name)
    whole = evaluate(name, prediction, x)
    alone = torch.cat([evaluate(name, prediction[i : i + 1], x[i : i + 1]) for i in range(len(x))])
    torch.testing.assert_close(whole, alone, rtol=1e-12, atol=1e-13)
    assert len(set(whole.tolist())) == len(x)


@EVERY_LOSS
def test_the_gradient_of_one_images_loss_stays_in_that_image(name):
    prediction, x = batch(name)
    prediction.requires_grad_()
    (gradient,) = torch.autograd.grad(evaluate(name, prediction, x)[2], prediction)
    touched = gradient.abs().sum(1) > 0
    assert touched.tolist() == [False, False, True, False, False]


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


@pytest.mark.parametrize("name", [name for name in LOSSES if LOSSES[name].facts.minimum_at_target])
def test_a_loss_is_smallest_where_the_reconstruction_equals_the_target(name):
    _, x = batch(name)
    x = x.clamp(0.02, 0.98)
    least = evaluate(name, as_prediction(name, x), x)
    generator = torch.Generator().manual_seed(1)
    for size in (1e-3, 1e-2, 0.1, 0.5):
        x_hat = (x + size * torch.randn(x.shape, generator=generator, dtype=x.dtype)).clamp(0.001, 0.999)
        assert (evaluate(name, as_prediction(name, x_hat), x) > least).all()
    if name != "bce":
        assert least.abs().max() < 1e-12


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


@EVERY_LOSS
def test_the_gradient_at_a_perfect_reconstruction_is_finite(name):
    _, x = batch(name)
    prediction = as_prediction(name, x.clamp(0.01, 0.99)).requires_grad_()
    evaluate(name, prediction, x.clamp(0.01, 0.99)).sum().backward()
    assert prediction.grad.isfinite().all()


@EVERY_LOSS
def test_a_loss_does_not_change_its_arguments(name):
    prediction, x = batch(name)
    before = prediction.clone(), x.clone()
    evaluate(name, prediction, x)
    assert torch.equal(prediction, before[0]) and torch.equal(x, before[1])


def test_a_loss_is_trained_through_after_it_was_first_measured_in_inference_mode():
    structural.gaussian_window.cache_clear()
    for name in LOSSES:
        prediction, x = batch(name)
        with torch.inference_mode():
            evaluate(name, prediction, x)
        evaluate(name, prediction.requires_grad_(), x).sum().backward()
        assert prediction.grad.isfinite().all()


# -------------------------------------------------------------- golden values

X = torch.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=torch.float64)
X_HAT = torch.tensor([[1.1, 1.9], [2.9, 4.1]], dtype=torch.float64)
GOLDEN = [
    ("mse", {}, 0.01),
    ("mae", {}, 0.1),
    ("huber", {"delta": 1.0}, 0.005),
    ("smooth_l1", {"beta": 1.0}, 0.005),
    ("huber", {"delta": 0.05}, 0.00375),
    ("log_cosh", {"c": 1.0}, 0.004991688821646436),
    ("charbonnier", {"eps": 1.0}, 0.00498756211208895),
    ("cauchy", {"c": 1.0}, 0.004987541511039075),
    ("geman_mcclure", {"c": 1.0}, 0.004987531172069827),
    ("welsch", {"c": 1.0}, 0.00498752080731768),
    ("pinball", {"tau": 0.1}, 0.05),
    ("pinball", {"tau": 0.5}, 0.05),
    ("pinball", {"tau": 0.9}, 0.05),
]
GOLDEN_VALUES = pytest.mark.parametrize(
    ("name", "params", "expected"), GOLDEN, ids=[f"{name}-{params}" for name, params, _ in GOLDEN]
)


@GOLDEN_VALUES
def test_the_articles_example_has_its_golden_value(name, params, expected):
    values = evaluate(name, X_HAT, X, **params)
    assert values.mean().item() == pytest.approx(expected, abs=1e-12)
    assert values.tolist() == pytest.approx([expected, expected], abs=1e-12)  # all errors are .1, signs balanced


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
    values = of_error("barron", torch.tensor([0.1, 1.0], dtype=torch.float64), alpha=alpha, c=0.1)
    assert values[0].item() == pytest.approx(at_one_tenth, abs=5e-9)
    assert values[1].item() == pytest.approx(at_one, abs=5e-6)


# -------------------------------------- slow references, one pixel at a time


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


def test_focal_frequency_equals_a_slow_fourier_sum():
    generator = np.random.default_rng(0)
    height, width, alpha = 3, 4, 1.5
    x, x_hat = generator.random((2, 12)), generator.random((2, 12))
    expected = []
    for image in range(2):
        e = (x_hat - x)[image].reshape(height, width)
        size = np.zeros((height, width))
        for u in range(height):
            for v in range(width):
                waves = [
                    e[h, w] * np.exp(-2j * np.pi * (u * h / height + v * w / width))
                    for h in range(height)
                    for w in range(width)
                ]
                size[u, v] = abs(sum(waves)) / np.sqrt(height * width)
        expected.append((size**alpha / (size**alpha).max() * size**2).mean())
    shape = (1, height, width)
    values = evaluate("focal_frequency", torch.tensor(x_hat), torch.tensor(x), alpha=alpha, image_shape=shape)
    np.testing.assert_allclose(values.numpy(), expected, rtol=1e-10)


def test_the_weights_of_focal_frequency_are_held_constant_in_the_gradient():
    prediction, x = batch("focal_frequency")
    prediction.requires_grad_()
    (gradient,) = torch.autograd.grad(evaluate("focal_frequency", prediction, x, alpha=1.0).sum(), prediction)
    spectrum = torch.fft.fft2((prediction - x).detach().unflatten(1, (SIDE, SIDE)), norm="ortho")
    weight = spectrum.abs() / spectrum.abs().amax((1, 2), keepdim=True)
    expected = 2 * torch.fft.ifft2(weight * spectrum, norm="ortho").real.flatten(1) / PIXELS
    torch.testing.assert_close(gradient, expected)


# ------------------------------------------------------------------ influence


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
    (influence,) = torch.autograd.grad(of_error(name, e, **params).sum(), e)
    assert influence.abs().max().item() == pytest.approx(bound, rel=1e-4)
    if at is not None:
        assert abs(e[influence.abs().argmax()].item()) == pytest.approx(at, abs=1e-3)


def test_the_influence_of_mse_has_no_bound():
    e = torch.tensor([1.0, 10.0, 1000.0]).requires_grad_()
    (influence,) = torch.autograd.grad(of_error("mse", e).sum(), e)
    assert influence.tolist() == [2.0, 20.0, 2000.0]


@pytest.mark.parametrize(
    ("name", "params", "ceiling"),
    [("geman_mcclure", {"c": 0.1}, 2.0), ("welsch", {"c": 0.1}, 1.0), ("tukey", {"c": 0.5}, 0.5**2 / 6)],
    ids=["geman_mcclure", "welsch", "tukey"],
)
def test_a_bounded_loss_approaches_its_ceiling(name, params, ceiling):
    assert of_error(name, torch.tensor([1e4]), **params).item() == pytest.approx(ceiling, rel=1e-5)


@pytest.mark.parametrize("name", ["log_cosh", "charbonnier", "cauchy", "geman_mcclure", "welsch", "tukey", "barron"])
def test_huge_errors_give_finite_values_and_gradients(name):
    e = torch.tensor([-1e6, -1e3, 0.0, 1e3, 1e6]).requires_grad_()
    values = of_error(name, e)
    (gradient,) = torch.autograd.grad(values.sum(), e)
    assert values.isfinite().all() and gradient.isfinite().all()


# ----------------------------------------------------------------- identities


@pytest.mark.parametrize("delta", [1.0, 1.5, 7.0])
def test_huber_with_delta_one_or_more_is_half_of_mse_on_unit_pixels(delta):
    prediction, x = batch("huber")
    expected = evaluate("mse", prediction, x) / 2
    torch.testing.assert_close(evaluate("huber", prediction, x, delta=delta), expected)
    assert not torch.allclose(evaluate("huber", prediction, x, delta=0.1), expected)


@pytest.mark.parametrize("beta", [0.02, 0.1, 0.5, 1.0])
def test_smooth_l1_is_huber_divided_by_beta(beta):
    prediction, x = batch("huber")
    expected = evaluate("huber", prediction, x, delta=beta) / beta
    torch.testing.assert_close(evaluate("smooth_l1", prediction, x, beta=beta), expected)


def test_pinball_at_the_median_is_half_of_mae():
    prediction, x = batch("mae")
    expected = evaluate("mae", prediction, x) / 2
    torch.testing.assert_close(evaluate("pinball", prediction, x, tau=0.5), expected)


def test_pinball_above_the_median_costs_more_for_a_pixel_that_is_too_dark():
    dark, bright = of_error("pinball", torch.tensor([-0.5, 0.5]), tau=0.9).tolist()
    assert (dark, bright) == pytest.approx((0.45, 0.05))


def test_cauchy_pulls_hardest_near_the_target_and_ever_less_far_away():
    e = torch.tensor([0.2, 0.5, 1.0, 2.0]).requires_grad_()
    (influence,) = torch.autograd.grad(of_error("cauchy", e, c=0.1).sum(), e)
    assert all(near > far for near, far in pairwise(influence.tolist()))


@pytest.mark.parametrize(
    ("alpha", "other"),
    [
        (2.0, lambda p, x: evaluate("mse", p, x) / (2 * 0.1**2)),
        (1.0, lambda p, x: evaluate("charbonnier", p, x, eps=0.1) / 0.1),
        (0.0, lambda p, x: evaluate("cauchy", p, x, c=0.1)),
        (-2.0, lambda p, x: evaluate("geman_mcclure", p, x, c=0.1)),
        (-math.inf, lambda p, x: evaluate("welsch", p, x, c=0.1)),
    ],
    ids=["mse", "charbonnier", "cauchy", "geman_mcclure", "welsch"],
)
def test_a_special_case_of_barron_is_the_loss_of_that_name(alpha, other):
    prediction, x = batch("barron")
    torch.testing.assert_close(evaluate("barron", prediction, x, alpha=alpha, c=0.1), other(prediction, x))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
@pytest.mark.parametrize("near", [1e-7, 2e-6, 1e-3, -1e-3, -2e-6])
def test_barron_is_continuous_at_alpha_zero(near, dtype):
    e = torch.linspace(0.01, 1, 50, dtype=dtype)
    limit = of_error("barron", e, alpha=0.0, c=0.1)
    relative = (of_error("barron", e, alpha=near, c=0.1) / limit - 1).abs().max().item()
    assert relative < 3 * abs(near) + 4 * torch.finfo(dtype).eps
    if abs(near) == 1e-3:
        assert relative > 1e-4  # and it does depend on alpha


@pytest.mark.parametrize(("near", "limit"), [(2 - 1e-9, 2.0), (-1e9, -math.inf)], ids=["two", "minus infinity"])
def test_barron_is_continuous_at_its_other_limits(near, limit):
    e = torch.linspace(0.01, 1, 50, dtype=torch.float64)
    values = of_error("barron", e, alpha=near, c=0.1)
    torch.testing.assert_close(values, of_error("barron", e, alpha=limit, c=0.1), rtol=1e-6, atol=0)


@pytest.mark.parametrize("shape", [(1, SIDE, SIDE), (3, 8, 12)], ids=["grey", "colour"])
def test_focal_frequency_without_weights_is_mse(shape):
    generator = torch.Generator().manual_seed(0)
    x, x_hat = torch.rand(2, 4, math.prod(shape), generator=generator, dtype=torch.float64)
    values = evaluate("focal_frequency", x_hat, x, alpha=0.0, image_shape=shape)
    torch.testing.assert_close(values, evaluate("mse", x_hat, x))


# --------------------------------------------------------------- cross-entropy


def test_bce_equals_torchs_binary_cross_entropy_of_probabilities():
    logits, x = batch("bce")
    expected = F.binary_cross_entropy(torch.sigmoid(logits), x, reduction="none").mean(1)
    torch.testing.assert_close(evaluate("bce", logits, x), expected)


def test_the_floor_of_bce_is_the_entropy_of_the_target():
    _, x = batch("bce")
    entropy = -(torch.xlogy(x, x) + torch.xlogy(1 - x, 1 - x)).mean(1)
    torch.testing.assert_close(evaluate("bce", torch.logit(x), x), entropy)
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
    (gradient,) = torch.autograd.grad(evaluate("bce", logits.requires_grad_(), x).sum(), logits)
    torch.testing.assert_close(gradient, (torch.sigmoid(logits) - x) / PIXELS)


@pytest.mark.parametrize("logit", [0.0, 1e-6, -1e-3, 0.01, 0.0499, 0.0501, -0.1, 0.45, 2.0, -5.0, 30.0, -30.0])
def test_continuous_bernoulli_is_minus_torchs_log_density(logit):
    x = torch.linspace(0, 1, 11, dtype=torch.float64)[:, None]
    logits = torch.full_like(x, logit)
    # torch takes a Taylor series wherever lambda is in `lims`; this narrower one is accurate to 1e-11
    density = torch.distributions.ContinuousBernoulli(logits=logits, lims=(0.4995, 0.5005), validate_args=False)
    expected = -density.log_prob(x).mean(1)
    tolerance = 1e-4 if logit == 30.0 else 1e-8  # torch keeps lambda, and 1 - lambda has lost its digits there
    torch.testing.assert_close(evaluate("continuous_bernoulli", logits, x), expected, rtol=tolerance, atol=1e-8)


@pytest.mark.parametrize("name", ["bce", "continuous_bernoulli"])
def test_black_and_white_may_be_exchanged(name):
    logits = torch.linspace(-40, 40, 33, dtype=torch.float64)[:, None]
    x = torch.linspace(0, 1, 33, dtype=torch.float64)[:, None]
    torch.testing.assert_close(evaluate(name, logits, x), evaluate(name, -logits, 1 - x))


@pytest.mark.parametrize("logit", [-8.0, -1.0, -0.04, 0.0, 0.06, 3.0])
def test_continuous_bernoulli_is_a_density_that_integrates_to_one(logit):
    x = torch.linspace(0, 1, 20_001, dtype=torch.float64)[:, None]
    density = torch.exp(-evaluate("continuous_bernoulli", torch.full_like(x, logit), x))
    assert torch.trapezoid(density, x[:, 0]).item() == pytest.approx(1.0, abs=1e-6)


def test_continuous_bernoulli_is_smooth_where_the_series_takes_over():
    logits = torch.tensor([[0.05 - 1e-9], [0.05 + 1e-9]], dtype=torch.float64).requires_grad_()
    values = evaluate("continuous_bernoulli", logits, torch.full_like(logits, 0.3))
    (gradient,) = torch.autograd.grad(values.sum(), logits)
    assert values[0].item() == pytest.approx(values[1].item(), abs=1e-9)
    assert gradient[0].item() == pytest.approx(gradient[1].item(), abs=1e-8)


# ------------------------------------------------------------------------ ssim


def skimage_ssim(one, other):
    """scikit-image's map without the border of 5 pixels that it pads, averaged."""
    _, full = structural_similarity(
        one, other, full=True, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1.0
    )
    return full[5:-5, 5:-5].mean()


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 20, 31), (1, 11, 11)], ids=["grey", "colour", "one window"])
def test_ssim_equals_scikit_image_in_the_valid_region(shape):
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(4, math.prod(shape), generator=generator, dtype=torch.float64)
    x_hat = (x + 0.3 * torch.randn(x.shape, generator=generator, dtype=torch.float64)).clamp(0, 1)
    x[3], x_hat[3] = 0.0, 0.0  # black and perfect
    expected = [
        1 - np.mean([skimage_ssim(*channels) for channels in zip(*pair, strict=True)])
        for pair in zip(x.unflatten(1, shape).numpy(), x_hat.unflatten(1, shape).numpy(), strict=True)
    ]
    values = evaluate("ssim", x_hat, x, image_shape=shape)
    np.testing.assert_allclose(values.numpy(), expected, atol=1e-12)


def test_ssim_in_float32_agrees_with_float64():
    prediction, x = batch("ssim")
    single = evaluate("ssim", prediction.float(), x.float())
    torch.testing.assert_close(single.double(), evaluate("ssim", prediction, x), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", [name for name in LOSSES if LOSSES[name].facts.needs_image])
def test_a_row_that_is_no_square_image_needs_its_shape(name):
    with pytest.raises(
        ValueError, match=r"360 pixels are no square image; give image_shape=\(channels, height, width\)"
    ):
        evaluate(name, torch.zeros(2, 360), torch.zeros(2, 360))
    assert evaluate(name, torch.zeros(2, 360), torch.zeros(2, 360), image_shape=(1, 18, 20)).tolist() == [0.0, 0.0]


def test_image_shape_is_no_parameter_of_the_yaml():
    for name in ("ssim", "focal_frequency"):
        assert "image_shape" not in [parameter.name for parameter in LOSSES[name].parameters]
    assert Context in ImageShape.__metadata__


# ------------------------------------------------------------------- make_loss


@GOLDEN_VALUES
def test_make_loss_gives_the_golden_values(name, params, expected):
    assert make_loss(name, **params)(X_HAT, X).tolist() == pytest.approx([expected, expected], abs=1e-12)


@pytest.mark.parametrize("name", ["bce", "continuous_bernoulli"])
def test_make_loss_takes_probabilities_where_the_config_takes_logits(name):
    logits, x = batch(name)
    torch.testing.assert_close(make_loss(name)(torch.sigmoid(logits), x), evaluate(name, logits, x))


def test_make_loss_of_bce_is_finite_at_black_and_white():
    value = make_loss("bce")(torch.tensor([[0.0, 1.0]]), torch.tensor([[1.0, 1.0]])).item()
    assert value == pytest.approx(-math.log(1e-7) / 2, rel=1e-3)


def test_make_loss_uses_the_defaults_of_the_config():
    prediction, x = batch("huber")
    torch.testing.assert_close(make_loss("huber")(prediction, x), evaluate("huber", prediction, x, delta=0.1))


def test_make_loss_passes_the_shape_of_the_images():
    generator = torch.Generator().manual_seed(0)
    x, x_hat = torch.rand(2, 4, 3 * 12 * 14, generator=generator, dtype=torch.float64)
    made = make_loss("ssim", image_shape=(3, 12, 14))(x_hat, x)
    torch.testing.assert_close(made, evaluate("ssim", x_hat, x, image_shape=(3, 12, 14)))


CHOICES = ", ".join(LOSSES)


@pytest.mark.parametrize(
    ("name", "params", "message"),
    [
        ("hubber", {}, f'name: unknown "hubber"; did you mean "huber"? choices: {CHOICES}'),
        ("hubber", {"image_shape": (1, 28, 28)}, f'name: unknown "hubber"; did you mean "huber"? choices: {CHOICES}'),
        ("huber", {"delt": 1.0}, 'delt: unknown key "delt"; did you mean "delta"? keys: name, weight, delta'),
        ("huber", {"delta": -1.0}, "delta: must be > 0, got -1.0"),
        ("pinball", {"tau": 1.0}, "tau: must be < 1, got 1.0"),
        ("barron", {"alpha": 2.5}, "alpha: must be <= 2, got 2.5"),
        ("mse", {"image_shape": (1, 28, 28)}, 'image_shape: unknown key "image_shape"; keys: name, weight'),
    ],
    ids=["name", "name with shape", "parameter", "range", "open range", "upper end", "shape of a loss without one"],
)
def test_make_loss_refuses_with_what_is_wrong(name, params, message):
    from aecli.errors import ConfigError

    with pytest.raises(ConfigError) as refused:
        make_loss(name, **params)
    assert str(refused.value) == message


def test_make_loss_accepts_an_infinite_alpha():
    prediction, x = batch("barron")
    made = make_loss("barron", alpha=-math.inf, c=0.1)(prediction, x)
    torch.testing.assert_close(made, evaluate("welsch", prediction, x, c=0.1))
