"""Corruptions of images in five severities: formulas against slow references."""

import math

import numpy as np
import pytest
from image_patterns import GREY, flat_grey, pattern, rng
from scipy import ndimage

from aecli.evaluation.instruments.severity import corrupt
from aecli.evaluation.instruments.severity_images import SEVERITIES


@pytest.mark.parametrize(("severity", "side"), [(1, 4), (2, 7), (3, 10), (4, 13), (5, 16)])
def test_occlusion_is_one_black_square_inside_the_image(severity, side):
    corners = set()
    for image in corrupt("occlusion", flat_grey(0.5), severity, rng(), GREY).reshape(-1, 28, 28):
        rows, columns = np.nonzero(image == 0)
        assert len(rows) == side * side
        assert rows.max() - rows.min() == columns.max() - columns.min() == side - 1
        corners.add((rows.min(), columns.min()))
    assert {0, 28 - side} <= {row for row, _ in corners} and {0, 28 - side} <= {column for _, column in corners}


def test_a_larger_square_contains_the_smaller():
    hits = [corrupt("occlusion", flat_grey(0.5), severity, rng(), GREY) != 0.5 for severity in SEVERITIES]
    assert all((more | ~less).all() for less, more in zip(hits, hits[1:], strict=False))


def test_the_strongest_stripe_is_that_of_mnist_c():
    x = pattern()
    expected = x.reshape(-1, 28, 28).copy()
    for columns in (slice(0, 7), slice(21, 28)):
        expected[:, :, columns] = 1 - expected[:, :, columns]
    assert np.array_equal(corrupt("stripe", x, 5, rng(), GREY).reshape(-1, 28, 28), expected)


def test_brightness_and_contrast_follow_their_formulas():
    x = pattern()
    assert np.allclose(corrupt("brightness", x, 3, rng(), GREY), np.minimum(x + 0.3, 1), atol=1e-7)
    mean = x.mean(1, keepdims=True)
    assert np.allclose(corrupt("contrast", x, 3, rng(), GREY), mean + 0.4 * (x - mean), atol=1e-6)


def test_contrast_is_taken_channel_by_channel():
    x = np.concatenate([np.full((1, 45), value, np.float32) for value in (0.2, 0.5, 0.9)], 1)
    assert np.allclose(corrupt("contrast", x, 5, rng(), (3, 9, 5)), x, atol=1e-6)


def test_blur_is_that_of_scipy_image_by_image():
    x = pattern(3, (3, 28, 28))
    y = corrupt("blur", x, 4, rng(), (3, 28, 28)).reshape(3, 3, 28, 28)
    for image, blurred in zip(x.reshape(3, 3, 28, 28), y, strict=True):
        for plane, expected in zip(image, blurred, strict=True):
            assert np.allclose(ndimage.gaussian_filter(plane, 1.5, mode="constant"), expected, atol=1e-6)


def test_lengths_grow_with_the_image():
    x = pattern(2, (1, 56, 56))
    expected = ndimage.gaussian_filter(x.reshape(2, 56, 56), (0, 4, 4), mode="constant")
    assert np.allclose(corrupt("blur", x, 5, rng(), (1, 56, 56)).reshape(2, 56, 56), expected, atol=1e-6)
    assert (corrupt("occlusion", np.ones_like(x), 1, rng(), (1, 56, 56)) == 0).sum() == 2 * 8 * 8


def test_fog_is_a_cloud_from_0_to_1_the_same_on_every_image(digits):
    clouds = [(corrupt("fog", x, 2, rng(), GREY) * 2.0 - x) / 1.0 for x in (digits, 1 - digits)]
    assert np.allclose(clouds[0], clouds[1], atol=1e-5)
    assert np.allclose(clouds[0].min(1), 0, atol=1e-5) and np.allclose(clouds[0].max(1), 1, atol=1e-5)
    rows = clouds[0].reshape(-1, 28, 28)
    assert np.abs(np.diff(rows, axis=1)).mean() < 0.25 * rows.std()  # neighbours are alike: clouds, not noise


def test_spatter_covers_the_share_that_its_threshold_says():
    y = corrupt("spatter", flat_grey(1.0, 2000), 3, rng(), GREY)
    share = 1 - 0.5 * (1 + math.erf(1.3 / math.sqrt(2)))
    assert (y < 1).mean() == pytest.approx(share, rel=0.05)
    assert y.min() == pytest.approx(63 / 255, abs=1e-6)


def test_a_line_is_drawn_where_its_formula_says():
    draws = rng().random((2, 5, 2)) * 27
    expected = np.zeros((2, 28, 28))
    for image in range(2):
        for index in range(3):
            left, right = draws[image, index]
            for column in range(28):
                for row in range(28):
                    distance = abs(row - (left + (right - left) * column / 27))
                    if column // 2 % 2 == 1:
                        expected[image, row, column] += max(0, 1 - distance / 1.45)
    y = corrupt("dotted_line", np.zeros((2, 784), np.float32), 3, rng(), GREY)
    assert np.allclose(y.reshape(2, 28, 28), np.minimum(expected, 1), atol=1e-6)


def test_a_zigzag_is_drawn_where_its_formula_says():
    start, tilt = rng().random((1, 5, 2))[0, 0]
    expected = np.zeros((28, 28))
    wave = {0: 0, 1: -1, 2: -2, 3: -1, 4: 0, 5: 1, 6: 2, 7: 1}
    for column in range(2, 26):
        middle = start * 27 + 10 * (tilt - 0.5) * column / 27 + wave[column % 8]
        for row in range(28):
            expected[row, column] = max(0, 1 - abs(row - middle) / 1.45)
    y = corrupt("zigzag", np.zeros((1, 784), np.float32), 1, rng(), GREY).reshape(28, 28)
    assert np.allclose(y, expected, atol=1e-6)
