"""Hoyer's and lifetime sparsity: the formulas by hand."""

import math

import numpy as np
import pytest

from aecli.evaluation.instruments.sparseness import hoyer, lifetime_sparsity, mean_of_finite


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 1, 1, 1], 0),
        ([0, 0, -5, 0], 1),
        ([3, 4], (math.sqrt(2) - 7 / 5) / (math.sqrt(2) - 1)),
        ([1, -1, 0, 0], 2 - math.sqrt(2)),
        ([0, 0], math.nan),
        ([2], math.nan),
    ],
)
@pytest.mark.filterwarnings("error")
def test_hoyer_is_that_of_the_formula(values, expected):
    assert float(hoyer(np.array(values, float))) == pytest.approx(expected, nan_ok=True)


def test_lifetime_sparsity_is_that_of_the_formula():
    unit = np.array([1.0, 2.0, 0.0, 0.0])
    a = (3 / 4) ** 2 / (5 / 4)
    signs, none = np.array([1, -1, 1, -1]), np.zeros(4)
    found = lifetime_sparsity(np.stack([unit, -unit, 7 * unit * signs, signs, np.eye(4)[0], none], axis=1))
    expected = (1 - a) / (1 - 1 / 4)
    assert found[:5] == pytest.approx([expected, expected, expected, 0, 1]) and math.isnan(found[5])


def test_what_is_no_number_has_no_part_in_a_mean():
    assert mean_of_finite(np.array([1.0, math.nan, 3.0, math.inf])) == 2.0
    assert mean_of_finite(np.array([math.nan])) is None
