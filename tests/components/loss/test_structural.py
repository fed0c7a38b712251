"""Losses of whole images: slow references, scikit-image, shapes."""

import math

import numpy as np
import pytest
import torch
from loss_batches import PIXELS, SIDE, batch, evaluate
from skimage.metrics import structural_similarity

from aecli.components.loss import LOSSES, structural
from aecli.components.loss.pointwise import mse
from aecli.components.loss.registration import ImageShape
from aecli.components.loss.structural import focal_frequency, ssim
from aecli.registry import Context


def test_a_loss_is_trained_through_after_it_was_first_measured_in_inference_mode():
    structural.gaussian_window.cache_clear()
    for name in LOSSES:
        prediction, x = batch(name)
        with torch.inference_mode():
            evaluate(name, prediction, x)
        evaluate(name, prediction.requires_grad_(), x).sum().backward()
        assert prediction.grad.isfinite().all()


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
    values = focal_frequency(torch.tensor(x_hat), torch.tensor(x), alpha=alpha, image_shape=shape)
    np.testing.assert_allclose(values.numpy(), expected, rtol=1e-10)


def test_the_weights_of_focal_frequency_are_held_constant_in_the_gradient():
    prediction, x = batch("focal_frequency")
    prediction.requires_grad_()
    (gradient,) = torch.autograd.grad(focal_frequency(prediction, x, alpha=1.0).sum(), prediction)
    spectrum = torch.fft.fft2((prediction - x).detach().unflatten(1, (SIDE, SIDE)), norm="ortho")
    weight = spectrum.abs() / spectrum.abs().amax((1, 2), keepdim=True)
    expected = 2 * torch.fft.ifft2(weight * spectrum, norm="ortho").real.flatten(1) / PIXELS
    torch.testing.assert_close(gradient, expected)


@pytest.mark.parametrize("shape", [(1, SIDE, SIDE), (3, 8, 12)], ids=["grey", "colour"])
def test_focal_frequency_without_weights_is_mse(shape):
    generator = torch.Generator().manual_seed(0)
    x, x_hat = torch.rand(2, 4, math.prod(shape), generator=generator, dtype=torch.float64)
    values = focal_frequency(x_hat, x, alpha=0.0, image_shape=shape)
    torch.testing.assert_close(values, mse(x_hat, x))


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
    values = ssim(x_hat, x, image_shape=shape)
    np.testing.assert_allclose(values.numpy(), expected, atol=1e-12)


def test_ssim_in_float32_agrees_with_float64():
    prediction, x = batch("ssim")
    single = ssim(prediction.float(), x.float())
    torch.testing.assert_close(single.double(), ssim(prediction, x), rtol=1e-4, atol=1e-5)


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
