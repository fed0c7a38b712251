"""Corruptions: statistics, and the numbers known for MNIST."""

import lzma
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch

import aecli
from aecli.components.data.corruptions import CORRUPTIONS
from aecli.randomness import stream


def corrupt(name, x, seed=0, **params):
    return CORRUPTIONS[name].function(x, stream(seed, "corruption"), **params)


def images(count=400, pixels=500, dtype=torch.float32):
    """Pixels strictly between 0 and 1, so that every change shows."""
    return 0.2 + 0.6 * torch.rand(count, pixels, generator=torch.Generator().manual_seed(1), dtype=dtype)


@cache
def mnist_test_images():
    raw = lzma.decompress((Path(aecli.__file__).parent / "mnist" / "t10k-images-idx3-ubyte.xz").read_bytes())
    return torch.from_numpy(np.frombuffer(raw, np.uint8, offset=16).reshape(10_000, 784) / np.float32(255))


def test_these_corruptions_are_registered_and_no_others():
    assert set(CORRUPTIONS) == {"gaussian", "salt_and_pepper", "masking", "outlier_images"}


@pytest.mark.parametrize("name", list(CORRUPTIONS))
def test_a_corruption_keeps_double_precision(name):
    assert corrupt(name, images(dtype=torch.float64)).dtype == torch.float64


@pytest.mark.parametrize("name", ["salt_and_pepper", "masking", "outlier_images"])
def test_a_share_of_zero_changes_nothing_and_a_share_of_one_everything(name):
    x = images(50)
    assert torch.equal(corrupt(name, x, share=0.0), x)
    assert (corrupt(name, x, share=1.0) != x).float().mean() > 0.99


@pytest.mark.parametrize("share", [0.1, 0.3])
def test_salt_and_pepper_turns_half_of_its_share_black_and_half_white(share):
    x = images()
    out = corrupt("salt_and_pepper", x, share=share)
    error = 5 * (share / 2 / x.numel()) ** 0.5  # five standard errors
    assert (out == 0).float().mean().item() == pytest.approx(share / 2, abs=error)
    assert (out == 1).float().mean().item() == pytest.approx(share / 2, abs=error)
    untouched = (out != 0) & (out != 1)
    assert torch.equal(out[untouched], x[untouched])


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_masking_turns_its_share_black_and_leaves_the_rest(share):
    x = images()
    out = corrupt("masking", x, share=share)
    assert (out == 0).float().mean().item() == pytest.approx(share, abs=5 * (share / x.numel()) ** 0.5)
    assert torch.equal(out[out != 0], x[out != 0])


def test_masks_differ_between_images_and_between_pixels():
    masked = corrupt("masking", images(), share=0.5) == 0
    for axis in (0, 1):
        shares = masked.float().mean(axis)
        assert shares.min() > 0.3 and shares.max() < 0.7 and shares.std() > 0.005


def test_gaussian_noise_has_its_standard_deviation_and_no_mean():
    x = torch.full((400, 500), 0.5)
    noise = corrupt("gaussian", x, std=0.05) - x
    assert noise.mean().item() == pytest.approx(0, abs=5 * 0.05 / 200_000**0.5)
    assert noise.std().item() == pytest.approx(0.05, rel=0.01)


def test_gaussian_noise_is_clipped_at_black_and_white():
    black, white = corrupt("gaussian", torch.zeros(200, 500)), corrupt("gaussian", torch.ones(200, 500))
    assert (black == 0).float().mean().item() == pytest.approx(0.5, abs=0.01)
    assert (white == 1).float().mean().item() == pytest.approx(0.5, abs=0.01)
    half_normal_std = 0.3 * (1 - 2 / np.pi) ** 0.5
    assert black[black > 0].std().item() == pytest.approx(half_normal_std, rel=0.02)


@pytest.mark.parametrize("kind", ["noise", "inverted", "shuffled"])
def test_outlier_images_replaces_its_share_of_whole_images(kind):
    x = images(4000, 30)
    out = corrupt("outlier_images", x, share=0.2, kind=kind)
    changed = (out != x).any(1)
    assert changed.float().mean().item() == pytest.approx(0.2, abs=5 * (0.2 * 0.8 / 4000) ** 0.5)
    assert torch.equal(out[~changed], x[~changed])
    assert (out[changed] != x[changed]).float().mean() > 0.9
    own_pixels = (out[changed].sort(1).values == x[changed].sort(1).values).all(1)
    assert own_pixels.all() if kind == "shuffled" else not own_pixels.any()


def test_the_same_images_are_outliers_whatever_they_are_replaced_by():
    x = images(300, 30)
    noise, inverted, shuffled = [
        (corrupt("outlier_images", x, share=0.3, kind=kind) != x).any(1) for kind in ("noise", "inverted", "shuffled")
    ]
    assert torch.equal(noise, inverted) and torch.equal(noise, shuffled)


def test_an_inverted_image_is_its_negative():
    x = images(50)
    torch.testing.assert_close(corrupt("outlier_images", x, share=1.0, kind="inverted"), 1 - x)


def test_a_shuffled_image_keeps_its_pixels_in_another_order_each():
    x = images(50, 100)
    out = corrupt("outlier_images", x, share=1.0, kind="shuffled")
    assert torch.equal(out.sort(1).values, x.sort(1).values)
    same_row = torch.arange(100.0).expand(50, 100)
    orders = corrupt("outlier_images", same_row, share=1.0, kind="shuffled")
    assert len({tuple(order) for order in orders.tolist()}) == 50


def test_a_noise_image_is_uniform_and_has_nothing_of_the_original():
    x = images(400, 500)
    out = corrupt("outlier_images", x, share=1.0, kind="noise")
    assert out.mean().item() == pytest.approx(1 / 2, abs=0.005)
    assert out.var().item() == pytest.approx(1 / 12, abs=0.002)
    correlation = torch.corrcoef(torch.stack([out.flatten(), x.flatten()]))[0, 1]
    assert abs(correlation) < 0.02


@pytest.mark.parametrize(
    ("name", "params", "expected"),
    [
        ("gaussian", {"std": 0.3}, 0.0466),
        ("salt_and_pepper", {"share": 0.1}, 0.0480),
        ("salt_and_pepper", {"share": 0.3}, 0.1444),
        ("masking", {"share": 0.25}, 0.0285),
    ],
    ids=lambda value: str(value),
)
def test_the_mean_squared_change_of_the_mnist_test_set_is_the_known_one(name, params, expected):
    x = mnist_test_images()
    change = (corrupt(name, x, **params) - x).square().mean().item()
    assert change == pytest.approx(expected, rel=0.01)
