"""Statistics of codes: formulas by hand and against numpy, and codes that are dead or constant."""

import json
import math

import numpy as np
import pytest

from aecli.evaluation.instruments.code_statistics import (
    alive_units,
    correlate,
    describe,
    describe_units,
    dimensions_for,
    histogram,
    largest_pair,
    participation_ratio,
    spectrum,
)


@pytest.fixture
def code():
    """Correlated units of different size."""
    rng = np.random.default_rng(0)
    return rng.standard_normal((200, 6)) @ rng.standard_normal((6, 6)) * [1, 2, 3, 4, 5, 6] + 1


@pytest.mark.parametrize(
    ("variances", "expected"),
    [([3, 0, 0], 1), ([2, 2, 2], 3), ([1, 0.5], 1.8), ([1e-200, 1e-200], 2), ([0, 0], 0), ([], 0)],
)
def test_the_participation_ratio_is_that_of_the_formula(variances, expected):
    assert participation_ratio(np.array(variances, float)) == pytest.approx(expected)


def test_the_effective_dimension_is_that_of_numpys_covariance(code):
    variances = np.linalg.eigvalsh(np.cov(code.T))
    found = describe(code)
    assert found["effective_dimension"] == pytest.approx(variances.sum() ** 2 / (variances**2).sum(), rel=1e-10)
    of_units = np.linalg.eigvalsh(np.corrcoef(code.T))
    assert found["effective_dimension_standardised"] == pytest.approx(36 / (of_units**2).sum(), rel=1e-10)
    assert spectrum(code) == pytest.approx(variances[::-1] * 199 / 200)


def test_the_effective_dimension_of_standardised_units_does_not_know_their_scale(code):
    first, second = describe(code), describe(code * [10, 1, 1, 1, 1, 0.1])
    assert first["effective_dimension_standardised"] == pytest.approx(
        second["effective_dimension_standardised"], rel=1e-9
    )
    assert first["effective_dimension"] != pytest.approx(second["effective_dimension"], rel=0.1)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 1), (0.8, 1), (0.81, 2), (0.9, 2), (0.99, 3), (1.0, 3)])
def test_the_dimensions_for_a_share_of_the_variance_are_the_fewest_that_hold_it(share, expected):
    assert dimensions_for(share, np.array([8.0, 1.0, 1.0])) == expected


def test_rounding_asks_for_no_dimension_too_many():
    assert [dimensions_for(count / 10, np.full(10, 0.1)) for count in range(1, 11)] == list(range(1, 11))


def test_correlations_are_those_of_numpy_and_the_largest_pair_is_found(code):
    code[:, 4] = -code[:, 1] + 0.01 * code[:, 0]
    correlation = correlate(code)
    assert correlation == pytest.approx(np.corrcoef(code.T), abs=1e-12)
    pair = largest_pair(correlation, np.arange(6) * 10)
    assert pair["units"] == [10, 40] and -1 <= pair["correlation"] < -0.99
    pairs = np.abs(correlation[np.triu_indices(6, 1)])
    found = describe(code)
    assert (found["mean_abs_correlation"], found["max_abs_correlation"]) == pytest.approx((pairs.mean(), pairs.max()))


def test_sparsity_counts_zeros_and_takes_the_mean_of_hoyer_over_the_images_that_have_a_code():
    code = np.array([[3.0, 0, 0, 0], [1, 1, 1, 1], [0, 0, 0, 0], [1, 1, 0, 0]])
    found = describe(code)
    assert found["exact_zeros"] == 9 / 16 and found["images_with_empty_code"] == 1
    assert found["hoyer_per_image"] == pytest.approx((1 + 0 + (2 - math.sqrt(2))) / 3)


def test_units_that_do_not_move_are_dead_and_leave_no_infinite_number(code):
    code[:, 1], code[:, 3] = 0.0, 5.0
    code[0, 3] += 1e-7
    found, alone = describe(code), describe(code[:, [0, 2, 4, 5]])
    assert alive_units(code).tolist() == [0, 2, 4, 5] and found["alive"] == 4
    for key in ("effective_dimension", "mean_abs_correlation", "lifetime_sparsity", "effective_dimension_standardised"):
        assert found[key] == pytest.approx(alone[key])
    units = describe_units(code)
    assert units["alive"] == [True, False, True, False, True, True] and units["lifetime_sparsity"][1] is None
    assert units["exact_zeros"][:2] == [0.0, 1.0] and units["min"][3] == 5.0
    assert units["mean"] == pytest.approx(code.mean(0)) and units["sd"] == pytest.approx(code.std(0))
    json.dumps([found, units], allow_nan=False)


@pytest.mark.parametrize("noise", [0.0, 1e-9], ids=["exact", "rounded"])
@pytest.mark.parametrize("level", [0.0, 2.5])
def test_a_constant_code_has_no_dimension(level, noise):
    found = describe(level + noise * np.random.default_rng(0).standard_normal((30, 4)))
    assert (found["alive"], found["effective_dimension"], found["effective_dimension_standardised"]) == (0, 0.0, 0.0)
    assert (found["dimensions_90"], found["mean_abs_correlation"], found["lifetime_sparsity"]) == (0, None, None)


def test_the_histogram_counts_every_value_once():
    code = np.maximum(np.random.default_rng(0).standard_normal((50, 8)), 0)
    found = histogram(code)
    assert found["zeros"] == (code == 0).sum() > 0 and found["zeros"] + sum(found["counts"]) == code.size
    assert len(found["edges"]) == len(found["counts"]) + 1 and found["edges"][-1] == code.max()
