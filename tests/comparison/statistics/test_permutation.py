"""Permutation tests against scipy.stats.permutation_test, which tries the same arrangements one by one."""

import itertools

import numpy as np
import pytest
from scipy import stats

from aecli.comparison.statistics.permutation import (
    RESAMPLES,
    count_ways,
    deals,
    sign_flip_p,
    sign_patterns,
    smallest_p,
    swap_p,
)

DIFFERENCES = {
    "normal": np.random.default_rng(0).normal(0.5, 1, 10),
    "ties": np.array([1.0, 1.0, -1.0, 2.0, 2.0, 1.0, -1.0]),
    "zeros": np.array([0.0, 0.0, 0.3, 0.1, 0.2, 0.4, 0.6, 0.7]),
    "all zero": np.zeros(6),
    "constant": np.full(9, 0.1),
    "two": np.array([0.2, 0.1]),
    "thirteen": np.random.default_rng(1).normal(-0.7, 1, 13),
    "decimal ties": np.array([0.1, 0.2, 0.3, -0.1, -0.2, 0.6, 0.7]),
    "tiny": np.random.default_rng(2).normal(1, 1, 8) * 1e-150,
    "huge": np.random.default_rng(2).normal(1, 1, 8) * 1e150,
}


def mean_of(values, axis):
    return np.mean(values, axis=axis)


def difference_of_means(a, b, axis):
    return np.mean(a, axis=axis) - np.mean(b, axis=axis)


@pytest.mark.parametrize("differences", DIFFERENCES.values(), ids=DIFFERENCES)
def test_the_sign_flip_test_is_scipys(differences):
    oracle = stats.permutation_test(
        (differences,), mean_of, permutation_type="samples", n_resamples=RESAMPLES, vectorized=True
    )
    assert sign_flip_p(differences) == pytest.approx(oracle.pvalue, rel=1e-12)


@pytest.mark.parametrize(("first", "second"), [(2, 2), (3, 3), (5, 5), (3, 8), (8, 3), (6, 7)], ids=str)
@pytest.mark.parametrize("step", [1e-9, 0.5], ids=["continuous", "ties"])
def test_the_swap_test_is_scipys(first, second, step):
    random = np.random.default_rng([first, second])
    a, b = (np.round(random.normal(shift, 1, n) / step) * step for shift, n in ((1, first), (0, second)))
    oracle = stats.permutation_test((a, b), difference_of_means, n_resamples=RESAMPLES, vectorized=True)
    assert swap_p(a, b) == pytest.approx(oracle.pvalue, rel=1e-12)


def test_random_arrangements_come_near_all_of_them():
    differences = np.random.default_rng(3).normal(0.5, 1, 16)
    everything = np.array(list(itertools.product((1.0, -1.0), repeat=16))) @ differences
    exact = np.mean(np.abs(everything) >= abs(differences.sum()) - 1e-12)
    assert sign_flip_p(differences) == pytest.approx(exact, abs=4 * np.sqrt(exact / RESAMPLES))
    assert sign_flip_p(differences) == sign_flip_p(differences.copy()), (
        "drawn anew, it would be another number every time"
    )


def test_random_deals_come_near_all_of_them():
    a, b = (np.random.default_rng(4).normal(shift, 1, 9) for shift in (0.9, 0.0))
    oracle = stats.permutation_test((a, b), difference_of_means, n_resamples=np.inf, vectorized=True, batch=10_000)
    assert swap_p(a, b) == pytest.approx(oracle.pvalue, abs=4 * np.sqrt(2 * oracle.pvalue / RESAMPLES) + 1e-12)


@pytest.mark.parametrize("n", [2, 5, 13, 14, 40])
def test_the_smallest_p_is_reached_by_pairs_that_all_agree_and_by_no_others(n):
    differences = 2.0 ** np.arange(n)
    assert sign_flip_p(differences) == pytest.approx(smallest_p(n))
    assert sign_flip_p(np.random.default_rng(5).normal(0, 1, n)) >= smallest_p(n)


@pytest.mark.parametrize(("first", "second"), [(2, 2), (2, 5), (4, 4), (7, 7), (8, 8), (20, 15)], ids=str)
def test_the_smallest_p_is_reached_by_samples_that_do_not_overlap(first, second):
    assert swap_p(100.0 + np.arange(first), 2.0 ** np.arange(second) / 2**second) == pytest.approx(
        smallest_p(first, second)
    )


def test_the_first_arrangement_is_the_observed_one():
    for n in (3, 20):
        assert (sign_patterns(n)[0] == 1).all()
    for sizes in ((3, 4), (12, 9)):
        assert deals(*sizes)[0].tolist() == [1.0] * sizes[0] + [0.0] * sizes[1]
        assert (deals(*sizes).sum(axis=1) == sizes[0]).all()
    assert len(sign_patterns(13)) == count_ways(13) and len(sign_patterns(14)) == RESAMPLES + 1
