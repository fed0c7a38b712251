"""Metrics: against numpy, scikit-image and scikit-learn; and where they do not apply."""

import math

import numpy as np
import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score

from aecli.components.evaluation.metrics import METRICS, applicable, compute, loss_like, needed
from aecli.components.evaluation.per_image import QUANTITIES, measure
from aecli.components.requirements import Rows

EVERY_METRIC = pytest.mark.parametrize("name", list(METRICS))


def pair(count=131):
    """Targets and noisy reconstructions in [0, 1]; the last images are far worse than the others."""
    generator = torch.Generator().manual_seed(3)
    x = torch.rand(count, 784, generator=generator)
    level = torch.linspace(0.01, 0.1, count)[:, None].clone()
    level[-3:] = 5.0
    return (x + level * torch.randn(count, 784, generator=generator)).clamp(0, 1), x


def errors_of(x_hat, x, batch=50, mean_image=None):
    pairs = zip(x_hat.split(batch), x.split(batch), strict=True)
    mean_image = x.mean(0) if mean_image is None else mean_image
    return measure(pairs, set(QUANTITIES), mean_image_P=mean_image, image_shape=(1, 28, 28))


def references(x_hat, x):
    """Every metric from numpy and public libraries, in double precision."""
    x_hat, x = x_hat.double().numpy(), x.double().numpy()
    clipped = x_hat.clip(1e-7, 1 - 1e-7)
    bce = -(x * np.log(clipped) + (1 - x) * np.log(1 - clipped)).mean()
    entropy = -(x * np.log(x, where=x > 0, out=np.zeros_like(x)) + (1 - x) * np.log1p(-x)).mean()
    return {
        "mse": mean_squared_error(x, x_hat),
        "mae": mean_absolute_error(x, x_hat),
        "rmse": np.sqrt(np.mean((x_hat - x) ** 2)),
        "psnr_db": peak_signal_noise_ratio(x, x_hat, data_range=1.0),
        "bce_nats": bce,
        "bce_excess_nats": bce - entropy,
        "fvu": 1 - r2_score(x, x_hat, multioutput="variance_weighted"),
    }


@pytest.mark.parametrize("name", [name for name in METRICS if name != "ssim"])
def test_a_metric_agrees_with_public_libraries(name):
    x_hat, x = pair()
    assert compute(errors_of(x_hat, x), [name])[name] == pytest.approx(references(x_hat, x)[name], rel=2e-6)


def test_ssim_is_the_mean_over_images():
    x_hat, x = pair()
    each = [compute(errors_of(a[None], b[None]), ["ssim"])["ssim"] for a, b in zip(x_hat, x, strict=True)]
    assert compute(errors_of(x_hat, x), ["ssim"])["ssim"] == pytest.approx(np.mean(each), rel=1e-6)


@EVERY_METRIC
@pytest.mark.parametrize("batch", [1, 7, 128])
def test_a_metric_does_not_depend_on_the_batch_size(name, batch):
    x_hat, x = pair()  # 131 images: the last batch of 128 holds three, and they are the worst
    whole = compute(errors_of(x_hat, x, 131), [name])[name]
    assert compute(errors_of(x_hat, x, batch), [name])[name] == pytest.approx(whole, rel=1e-6)


def test_the_example_of_the_article_has_these_values():
    errors = {"squared": np.full(2, 0.1**2), "absolute": np.full(2, 0.1)}
    values = compute(errors, ["mse", "mae", "rmse", "psnr_db"])
    assert values == pytest.approx({"mse": 0.01, "mae": 0.1, "rmse": 0.1, "psnr_db": 20.0})


def test_among_losses_a_metric_that_rises_is_turned_around():
    assert (loss_like("mse", 0.5), loss_like("psnr_db", 20.0), loss_like("ssim", 0.9)) == (0.5, -20.0, -0.9)


@EVERY_METRIC
def test_a_metric_needs_no_more_than_it_declares(name):
    x_hat, x = pair(9)
    errors = errors_of(x_hat, x)
    assert compute({key: errors[key] for key in needed([name])}, [name]) == compute(errors, [name])


@pytest.mark.parametrize(
    ("is_image", "unit_range", "left_out"),
    [
        (True, True, set()),
        (False, True, {"ssim"}),
        (True, False, {"ssim", "psnr_db", "bce_nats", "bce_excess_nats"}),
        (False, False, {"ssim", "psnr_db", "bce_nats", "bce_excess_nats"}),
    ],
    ids=["images", "table in [0, 1]", "images of other values", "table of other values"],
)
def test_a_metric_is_left_out_where_it_means_nothing(is_image, unit_range, left_out):
    names = applicable(Rows("own", 784, (1, 28, 28) if is_image else None, unit_range, unit_range))
    assert names == [name for name in METRICS if name not in left_out]


def test_the_mean_training_image_leaves_all_variance_unexplained():
    _, x = pair()
    mean_image = x.mean(0)
    errors = errors_of(mean_image.expand_as(x), x, mean_image=mean_image)
    assert compute(errors, ["fvu"])["fvu"] == pytest.approx(1.0, rel=1e-6)


def test_a_perfect_reconstruction_has_the_best_value_of_every_metric():
    _, x = pair(12)
    values = compute(errors_of(x, x), list(METRICS))
    assert (values["mse"], values["mae"], values["rmse"], values["fvu"], values["psnr_db"]) == (0, 0, 0, 0, math.inf)
    assert values["ssim"] == pytest.approx(1, abs=1e-6) and values["bce_excess_nats"] == pytest.approx(0, abs=1e-6)


def test_data_without_variance_has_no_fraction_of_it():
    assert math.isnan(compute({"squared": np.ones(2), "deviation": np.zeros(2)}, ["fvu"])["fvu"])


def test_small_errors_are_summed_in_double_precision():
    errors = {"squared": np.full(1_000_000, 0.1, np.float32)}  # summed naively in 32 bits: 100958
    assert compute(errors, ["mse"])["mse"] == pytest.approx(float(np.float32(0.1)), rel=1e-12)
