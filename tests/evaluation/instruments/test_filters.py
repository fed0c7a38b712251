"""Classical filters against slow loops with black around the image."""

import numpy as np
import pytest

from aecli.evaluation.instruments.filters import gaussian_blur, median_3x3


@pytest.mark.parametrize("shape", [(1, 6, 7), (3, 5, 4), (1, 1, 5), (2, 2, 2)], ids=str)
def test_the_median_is_that_of_a_slow_loop_with_black_around_the_image(shape):
    y = np.random.default_rng(0).random((4, *shape), np.float32)
    padded = np.pad(y, ((0, 0), (0, 0), (1, 1), (1, 1)))
    expected = np.empty_like(y)
    for place in np.ndindex(y.shape):
        image, channel, row, column = place
        expected[place] = np.median(padded[image, channel, row : row + 3, column : column + 3])
    assert np.array_equal(median_3x3(y.reshape(4, -1), shape), expected.reshape(4, -1))


@pytest.mark.parametrize("shape", [(1, 9, 9), (3, 8, 6)], ids=str)
def test_the_blur_is_that_of_a_slow_loop_with_black_around_the_image(shape):
    y = np.random.default_rng(0).random((2, *shape), np.float32)
    taps = np.exp(-0.5 * (np.arange(-3, 4) / 0.8) ** 2)
    kernel = np.outer(taps, taps) / taps.sum() ** 2
    padded = np.pad(y, ((0, 0), (0, 0), (3, 3), (3, 3)))
    expected = np.empty_like(y)
    for place in np.ndindex(y.shape):
        image, channel, row, column = place
        expected[place] = (padded[image, channel, row : row + 7, column : column + 7] * kernel).sum()
    assert np.allclose(gaussian_blur(y.reshape(2, -1), shape, 0.8), expected.reshape(2, -1), atol=1e-6)
