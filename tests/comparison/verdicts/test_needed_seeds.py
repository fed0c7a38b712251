"""How many seeds an open verdict needs, by the test that it was given."""

import math
from dataclasses import replace

import numpy as np

from aecli.comparison.statistics.differences import error_of_images
from aecli.comparison.statistics.families import compare_family
from aecli.comparison.verdicts.needed_seeds import find_needed


def family(image_variance=0.0):
    """The differences of fifteen configs from another, ten seeds each."""
    values = 1 + 0.05 * np.random.default_rng(0).normal(size=(16, 10))
    first, *others = [dict(enumerate(row.tolist())) for row in values]
    return compare_family(others, first, was_chosen=True, image_variances=[image_variance] * 15)


def needed(difference):
    return find_needed(difference, 1e-6, None, level=0.025 / 120, inner=0.0025)


def test_the_degrees_of_freedom_are_those_of_the_test_that_judges():
    shared = replace(family()[0], estimate=replace(family()[0].estimate, mean=0.05))
    alone = replace(shared, degrees=9.0)
    assert shared.degrees > 20 and needed(shared).likely < needed(alone).likely


def test_seeds_cannot_make_up_for_few_test_images():
    few = family(image_variance=0.02**2)[0]
    of_images, degrees = error_of_images(few)
    assert math.isclose(of_images, 0.02) and math.isclose(degrees, family()[0].degrees)
    assert error_of_images(family()[0])[0] == 0
    assert needed(replace(few, estimate=replace(few.estimate, mean=0.05))).likely is None
    assert needed(replace(few, estimate=replace(few.estimate, mean=0.12))).likely < 100
