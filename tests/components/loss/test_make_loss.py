"""A loss by its name, from Python: values, parameters, refusals."""

import math

import pytest
import torch
from loss_batches import GOLDEN_VALUES, X_HAT, X, batch, evaluate

from aecli.api import make_loss
from aecli.components.loss import LOSSES
from aecli.errors import UsageError


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


@pytest.mark.parametrize("name", [name for name in LOSSES if name not in ("ssim", "focal_frequency")])
@pytest.mark.parametrize(
    "shapes", [((3, 4), (4,)), ((3, 4), (1, 4)), ((3, 1), (3, 4)), ((4,), (4,)), ((3, 2, 2), (3, 2, 2))], ids=str
)
def test_two_tensors_of_other_shapes_are_refused_in_words(name, shapes):
    x_hat, x = (torch.full(shape, 0.5) for shape in shapes)
    expected = f"{name}: takes two tensors of the same shape, (images, pixels); got {shapes[0]} and {shapes[1]}"
    with pytest.raises(UsageError) as refused:
        make_loss(name)(x_hat, x)
    assert str(refused.value) == expected
