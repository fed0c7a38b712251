"""Motions in five severities: against scipy, whole pixels, and ranges in every layout."""

import math

import numpy as np
import pytest
from image_patterns import GREY, SHAPES, pattern, rng
from scipy import ndimage

from aecli.evaluation.instruments.severity import SEVERITIES, move
from aecli.evaluation.instruments.severity_motions import MOTIONS

EVERY_MOTION = pytest.mark.parametrize("name", MOTIONS)


def by_scipy(x, matrix, offset, shape):
    """One image, (P,), taken at matrix p + offset for every p = (row, column) from the centre."""
    centre = (np.array(shape[1:]) - 1) / 2
    moved = [
        ndimage.affine_transform(
            plane.astype(np.float64), matrix, centre + offset - matrix @ centre, order=1, mode="grid-constant"
        )
        for plane in x.reshape(shape)
    ]
    return np.stack(moved).ravel()


@pytest.mark.parametrize("shape", [GREY, (3, 12, 20), (1, 21, 10)], ids=str)
@pytest.mark.parametrize("severity", [1, 4])
@EVERY_MOTION
def test_a_motion_is_that_of_scipy(name, severity, shape):
    x = pattern(6, shape)
    y = move(name, x, severity, rng(), shape)
    signs = rng().integers(0, 2, (6, 2)) * 2 - 1
    assert len(set(signs[:, 0])) == 2
    level = MOTIONS[name].facts.levels[severity - 1]
    for image, moved, (across, down) in zip(x, y, signs, strict=True):
        matrix, offset = np.eye(2), np.zeros(2)
        if name == "shift":
            offset = level * min(shape[1:]) / 28 * np.array([down, across])
        elif name == "rotation":
            cos, sin = math.cos(level), across * math.sin(level)
            matrix = np.array([[cos, sin], [-sin, cos]])
        elif name == "scale":
            matrix = np.eye(2) / level
        else:
            matrix = np.array([[1, 0], [across * level, 1]])
        assert np.allclose(moved, by_scipy(image, matrix, offset, shape), atol=2e-4)


def test_a_shift_by_whole_pixels_only_moves(digits):
    signs = rng().integers(0, 2, (len(digits), 2)) * 2 - 1
    for image, moved, (across, down) in zip(digits, move("shift", digits, 2, rng(), GREY), signs, strict=True):
        expected = np.roll(image.reshape(28, 28), (-2 * down, -2 * across), (0, 1))  # nothing is near the border
        assert np.allclose(moved.reshape(28, 28)[3:-3, 3:-3], expected[3:-3, 3:-3], atol=1e-4)


@EVERY_MOTION
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_moved_image_has_the_shape_and_the_range_of_the_unmoved_one(name, shape):
    x = pattern(4, shape)
    before = x.copy()
    assert np.array_equal(move(name, x, 0, rng(), shape), x)
    for severity in SEVERITIES:
        y = move(name, x, severity, rng(), shape)
        assert y.shape == x.shape and y.dtype == np.float32 and np.isfinite(y).all() and y.min() >= 0 and y.max() <= 1
        assert np.array_equal(y, move(name, x, severity, rng(), shape))
    assert np.array_equal(x, before)
