"""Per-image errors: every quantity against a slow formula, and never dependent on how the batches were cut."""

import numpy as np
import pytest
import torch
from skimage.metrics import structural_similarity

from aecli.components.evaluation.per_image import CACHED_VALUES, FEWEST, QUANTITIES, measure, slices

SHAPE = (1, 28, 28)


def pair(count=130, pixels=784, seed=0):
    """Reconstructions a little beside their targets, both in [0, 1], with exact zeros and ones among the targets."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.rand(count, pixels, generator=generator).mul(1.4).sub(0.2).clamp(0, 1)
    return (x + 0.2 * torch.randn(count, pixels, generator=generator)).clamp(0, 1), x


def measured(x_hat, x, names=tuple(QUANTITIES), batch=64, shape=SHAPE, mean_image=None):
    pairs = zip(x_hat.split(batch), x.split(batch), strict=True)
    mean_image = x.mean(0) if mean_image is None else mean_image
    return measure(pairs, names, mean_image_P=mean_image, image_shape=shape)


def slow(name, x_hat_P, x_P, mean_image_P):
    """One image, pixel by pixel, from the formula, in double precision."""
    total = 0.0
    for p, t, m in zip(x_hat_P.tolist(), x_P.tolist(), mean_image_P.tolist(), strict=True):
        p = min(max(p, 1e-7), 1 - 1e-7) if name == "bce" else p
        entropy = sum(-v * np.log(v) for v in (t, 1 - t) if v > 0)
        total += {
            "squared": (p - t) ** 2,
            "absolute": abs(p - t),
            "bce": -(t * np.log(p) + (1 - t) * np.log(1 - p)) if name == "bce" else 0,
            "entropy": entropy,
            "deviation": (t - m) ** 2,
        }[name]
    return total / len(x_P)


@pytest.mark.parametrize("name", [name for name in QUANTITIES if name != "ssim"])
def test_a_quantity_is_its_formula_summed_pixel_by_pixel(name):
    x_hat, x = pair(3)
    expected = [slow(name, p, t, x.mean(0)) for p, t in zip(x_hat, x, strict=True)]
    assert measured(x_hat, x, [name])[name] == pytest.approx(expected, rel=2e-6)


@pytest.mark.parametrize("shape", [(1, 28, 28), (1, 11, 30), (3, 16, 13)], ids=["square", "oblong", "colour"])
def test_ssim_is_that_of_scikit_image_on_the_valid_region(shape):
    x_hat, x = pair(6, int(np.prod(shape)))
    expected = []
    for p, t in zip(x_hat.double().numpy().reshape(-1, *shape), x.double().numpy().reshape(-1, *shape), strict=True):
        options = {
            "gaussian_weights": True,
            "sigma": 1.5,
            "use_sample_covariance": False,
            "data_range": 1.0,
            "full": True,
        }
        maps = [structural_similarity(a, b, **options)[1][5:-5, 5:-5] for a, b in zip(p, t, strict=True)]
        expected.append(np.mean(maps))
    assert measured(x_hat, x, ["ssim"], shape=shape)["ssim"] == pytest.approx(expected, abs=2e-6)


@pytest.mark.parametrize("name", list(QUANTITIES))
def test_an_image_measures_the_same_whatever_batch_it_is_in(name):
    x_hat, x = pair()
    whole = measured(x_hat, x, [name], batch=1000)[name]
    for batch in (1, 7, 128):
        assert measured(x_hat, x, [name], batch=batch, mean_image=x.mean(0))[name] == pytest.approx(
            whole, rel=1e-6, abs=1e-7
        )


def test_the_values_are_doubles_in_the_order_of_the_images():
    x_hat, x = pair(10)
    order = torch.arange(9, -1, -1)
    forward, backward = measured(x_hat, x), measured(x_hat[order], x[order], mean_image=x.mean(0))
    assert list(forward) == list(QUANTITIES)
    for name, values in forward.items():
        assert values.shape == (10,) and values.dtype == np.float64
        assert values == pytest.approx(backward[name][::-1], rel=1e-6), name


def test_only_what_is_asked_for_is_measured():
    x_hat, x = pair(4, 20)
    assert list(measured(x_hat, x, {"absolute", "squared"}, shape=None)) == ["squared", "absolute"]


def test_a_perfect_reconstruction_has_no_error_and_a_cross_entropy_at_its_floor():
    _, x = pair(5)
    errors = measured(x, x)
    assert not errors["squared"].any() and not errors["absolute"].any()
    assert errors["ssim"] == pytest.approx(np.ones(5), abs=1e-6)
    assert errors["bce"] == pytest.approx(errors["entropy"], abs=1e-6)


def test_certain_and_wrong_pixels_cost_what_the_clip_allows():
    errors = measured(torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 1.0]]), ["bce", "entropy"], shape=None)
    assert errors["bce"] == pytest.approx([-np.log(1e-7)], rel=1e-6)
    assert errors["entropy"].tolist() == [0.0]


def test_values_outside_the_unit_interval_are_measured_as_they_are():
    errors = measured(torch.tensor([[-3.0, 250.0]]), torch.tensor([[1.0, 200.0]]), ["squared", "absolute"], shape=None)
    assert errors["squared"].tolist() == [(16 + 2500) / 2] and errors["absolute"].tolist() == [27.0]


def test_measuring_builds_no_graph():
    x_hat, x = pair(4, 20)
    weight = torch.ones(20, requires_grad=True)
    seen = []

    def pairs():
        seen.append(x_hat * weight)
        yield seen[0], x

    measure(pairs(), ["squared"], mean_image_P=x.mean(0), image_shape=None)
    assert not seen[0].requires_grad


def test_a_batch_is_cut_to_what_a_cache_holds_but_not_into_single_images():
    x_hat, x = torch.arange(2e6).view(100, -1), torch.zeros(100, 20_000)
    parts = list(slices([(x_hat, x)]))
    assert [len(part) for part, _ in parts] == [FEWEST] * 6 + [4]
    assert torch.equal(torch.cat([part for part, _ in parts]), x_hat)
    assert [len(part) for part, _ in slices([pair(300)])] == [CACHED_VALUES // 784] * 2 + [
        300 - 2 * (CACHED_VALUES // 784)
    ]


def test_an_image_like_itself_has_a_similarity_of_exactly_one():
    _, x = pair(20)
    assert measured(x, x, ["ssim"])["ssim"].tolist() == [1.0] * 20
