"""Test images as a draw beside the seeds."""

import numpy as np
import pytest

from aecli.comparison.statistics.families import compare_family
from aecli.comparison.statistics.images import variance_of_images


def test_the_variance_of_images_is_that_of_a_simulation():
    """Seeds, images and what both do together; what the images add to the variance of the mean is known."""
    random = np.random.default_rng(3)
    seeds, images, found = 20, 300, []
    for _ in range(200):
        made = random.normal(0, 2, (seeds, 1)) + random.normal(0, 3, (1, images)) + random.normal(0, 5, (seeds, images))
        found.append(variance_of_images(made))
    assert np.mean(found) == pytest.approx(9 / images, rel=0.03)


def test_a_single_image_or_seed_is_no_reason_to_stop():
    assert variance_of_images(np.zeros((3, 1))) == 0.0
    assert variance_of_images(np.array([[1.0, 3.0]])) == 1.0
    assert variance_of_images(np.zeros((3, 4))) == 0.0


@pytest.mark.parametrize(
    ("shift", "low", "high"), [(0.0, 0.0, 0.06), (0.03, 0.9, 1.0)], ids=["equal", "three per cent"]
)
def test_of_300_images_equal_losses_differ_for_no_new_ones(shift, low, high):
    """20 seeds, two losses: on these images alone .31 of equal ones differ; 400 tables, standard error .012."""
    random = np.random.default_rng(8)
    seeds, images, told = 20, 300, 0
    for _ in range(400):
        of_images = random.normal(0, 0.07, images)
        pair = [
            1 + level + random.normal(0, 0.012, (seeds, 1)) + sign * of_images + random.normal(0, 0.1, (seeds, images))
            for level, sign in ((shift, 0.5), (0.0, -0.5))
        ]
        variance = variance_of_images(pair[0] - pair[1])
        ours, theirs = (dict(enumerate(made.mean(axis=1))) for made in pair)
        (found,) = compare_family([ours], theirs, was_chosen=False, image_variances=[variance])
        told += found.p_corrected < 0.05 and not found.estimate.low <= 0 <= found.estimate.high
    assert low <= told / 400 <= high + 2 * 0.012 * (high < 1), told
