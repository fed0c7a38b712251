"""Permutation tests against scipy.stats.permutation_test, which tries the same arrangements one by one."""

import numpy as np
import pytest
from scipy import stats

from aecli.comparison.statistics.permutation import RESAMPLES, can_resolve, deals, smallest_p, swap_p


def difference_of_means(a, b, axis):
    return np.mean(a, axis=axis) - np.mean(b, axis=axis)


@pytest.mark.parametrize(("first", "second"), [(2, 2), (3, 3), (5, 5), (3, 8), (8, 3), (6, 7)], ids=str)
@pytest.mark.parametrize("step", [1e-9, 0.5], ids=["continuous", "ties"])
def test_the_swap_test_is_scipys(first, second, step):
    random = np.random.default_rng([first, second])
    a, b = (np.round(random.normal(shift, 1, n) / step) * step for shift, n in ((1, first), (0, second)))
    oracle = stats.permutation_test((a, b), difference_of_means, n_resamples=RESAMPLES, vectorized=True)
    assert swap_p(a, b) == pytest.approx(oracle.pvalue, rel=1e-12)


def test_random_deals_come_near_all_of_them():
    a, b = (np.random.default_rng(4).normal(shift, 1, 9) for shift in (0.9, 0.0))
    oracle = stats.permutation_test((a, b), difference_of_means, n_resamples=np.inf, vectorized=True, batch=10_000)
    assert swap_p(a, b) == pytest.approx(oracle.pvalue, abs=4 * np.sqrt(2 * oracle.pvalue / RESAMPLES) + 1e-12)


@pytest.mark.parametrize(("first", "second"), [(2, 2), (2, 5), (4, 4), (7, 7), (8, 8), (20, 15)], ids=str)
def test_the_smallest_p_is_reached_by_samples_that_do_not_overlap(first, second):
    assert swap_p(100.0 + np.arange(first), 2.0 ** np.arange(second) / 2**second) == pytest.approx(
        smallest_p(first, second)
    )


def test_the_first_arrangement_is_the_observed_one():
    for sizes in ((3, 4), (12, 9)):
        assert deals(*sizes)[0].tolist() == [1.0] * sizes[0] + [0.0] * sizes[1]
        assert (deals(*sizes).sum(axis=1) == sizes[0]).all()


def test_samples_that_are_too_small_are_not_permuted():
    assert not can_resolve(3, 3, 1) and can_resolve(4, 4, 1)
    assert can_resolve(14, 14, 249) and not can_resolve(14, 14, 250)
