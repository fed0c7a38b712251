"""Differences of two candidates against scipy, and what they must not depend on."""

import math

import numpy as np
import pytest
from fake_samples import FIRST, SECOND, by_seed
from scipy import stats

from aecli.comparison.statistics.differences import compare_pairs, edges_of_band, paired, unpaired
from aecli.comparison.statistics.intervals import mean_and_sd
from aecli.comparison.statistics.permutation import swap_p

pytestmark = pytest.mark.filterwarnings("error")
"""A warning in the middle of a comparison would tell the user nothing."""


@pytest.mark.parametrize("n", [2, 3, 6, 10])
def test_a_paired_difference_is_scipys(n):
    found, oracle = compare_pairs(by_seed(FIRST[:n]), by_seed(SECOND[:n])), stats.ttest_rel(FIRST[:n], SECOND[:n])
    low, high = oracle.confidence_interval(0.95)
    assert found.estimate.low <= low + 1e-12 and found.estimate.high >= high - 1e-12
    if n < 6:
        assert (found.estimate.low, found.estimate.high) == pytest.approx((low, high), rel=1e-9)
    assert found.p == pytest.approx(oracle.pvalue, rel=1e-9)
    assert found.p_corrected == (found.p if n >= 3 else None)
    assert found.paired and found.estimate.n == n


def test_a_difference_without_common_seeds_is_welchs():
    found, oracle = (
        compare_pairs(by_seed(FIRST[:6]), by_seed(SECOND[:4], 50)),
        stats.ttest_ind(FIRST[:6], SECOND[:4], equal_var=False),
    )
    assert (found.estimate.low, found.estimate.high) == pytest.approx(tuple(oracle.confidence_interval(0.95)), rel=1e-9)
    assert found.p == pytest.approx(max(oracle.pvalue, swap_p(np.array(FIRST[:6]), np.array(SECOND[:4]))), rel=1e-9)
    assert (found.paired, found.estimate.n) == (False, 4)
    assert found.sd == pytest.approx(math.sqrt(np.var(FIRST[:6], ddof=1) + np.var(SECOND[:4], ddof=1)))


@pytest.mark.parametrize(
    ("a", "is_swaps"),
    [([3.0, 3.01, 3.02, 3.03], True), ([1.5, 3.0, 5.0, 12.0], False)],
    ids=["swaps decide", "welch decides"],
)
def test_the_larger_of_two_p_values_counts_without_pairs(a, is_swaps):
    b = np.random.default_rng(1).normal(0, 1, 12)
    both = [swap_p(np.array(a), b), stats.ttest_ind(a, b, equal_var=False).pvalue]
    assert unpaired(a, b).p == pytest.approx(max(both), rel=1e-9)
    assert (both[0] > both[1]) == is_swaps, both


def test_welchs_p_stands_alone_where_swaps_cannot_resolve_the_family():
    a, b = np.random.default_rng(2).normal([[1.5], [0.0]], 1, (2, 14))
    oracle = stats.ttest_ind(a, b, equal_var=False)
    assert unpaired(a, b, 250).p == pytest.approx(oracle.pvalue, rel=1e-9)
    assert unpaired(a, b, 249).p >= 2e-4
    assert unpaired(a[:3], b[:3] - 50).p < 0.01, "three against three have only twenty ways to be dealt"


def test_a_single_pair_has_a_difference_and_no_p():
    found = compare_pairs({3: 0.5}, {3: 0.25})
    assert (found.estimate.mean, found.estimate.low, found.p, found.sd, found.superiority) == (
        0.25,
        None,
        None,
        None,
        0.0,
    )


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1.0, 1e160, 1e300])
def test_scale_changes_nothing_but_the_scale(scale):
    ours, theirs = ([value * scale for value in values] for values in (FIRST, SECOND))
    for first in (0, 50):
        found, plain = (
            compare_pairs(by_seed(ours), by_seed(theirs, first)),
            compare_pairs(by_seed(FIRST), by_seed(SECOND, first)),
        )
        assert found.p == pytest.approx(plain.p) and found.superiority == plain.superiority
        for name in ("mean", "low", "high"):
            assert getattr(found.estimate, name) / scale == pytest.approx(getattr(plain.estimate, name), rel=1e-9)
        assert found.sd / scale == pytest.approx(plain.sd, rel=1e-9)


def test_the_largest_numbers_do_not_stop_a_comparison():
    assert mean_and_sd([1.7e308, -1.7e308]) == (0.0, math.inf)
    assert mean_and_sd([5e-324, 5e-324, 5e-324]) == (5e-324, 0.0)


@pytest.mark.parametrize("n", [2, 6, 13, 14, 40])
@pytest.mark.parametrize("family", [1, 400])
@pytest.mark.parametrize("size", [0.0, 0.1, -3.0, 1e-17, 1e-300])
def test_equal_differences_have_a_p_and_an_interval_without_width(n, family, size):
    for found in (paired([size] * n), unpaired([size] * n, [0.0] * n, family)):
        assert 0 <= found.p <= 1 and (size != 0 or found.p == 1), found
        assert found.estimate.mean == pytest.approx(size, rel=1e-12)
        assert found.estimate.high - found.estimate.low <= abs(size) * 1e-13


@pytest.mark.parametrize("n", [2, 6, 14, 40])
def test_differences_of_rounding_are_numbers_like_others(n):
    base = np.linspace(0.1, 0.2, n)
    noise = np.random.default_rng(6).choice([-1, 0, 1], n) * np.spacing(base)
    for found in (
        compare_pairs(by_seed(base + noise), by_seed(base)),
        compare_pairs(by_seed(base + noise), by_seed(base, 100)),
    ):
        assert 0 < found.p <= 1 and math.isfinite(found.estimate.low) and abs(found.estimate.mean) < 1e-16


def test_superiority_counts_smaller_values_and_half_of_the_ties():
    assert compare_pairs(by_seed([1.0, 2.0, 3.0, 4.0]), by_seed([2.0, 2.0, 4.0, 3.0])).superiority == 0.625
    assert compare_pairs(by_seed([1.0, 2.0]), by_seed([2.0, 3.0], 9)).superiority == 0.875


@pytest.mark.parametrize("sign", [1.0, -1.0], ids=["positive", "negative"])
@pytest.mark.parametrize("first", [0, 50], ids=["paired", "unpaired"])
def test_the_edges_of_a_band_are_intervals_against_the_scaled_baseline(sign, first):
    ours, theirs = (np.array(values) * sign for values in (FIRST, SECOND))
    found = edges_of_band(by_seed(ours), by_seed(theirs, first), 0.02)
    for edge, factor in zip(found, (1 - 0.02 * sign, 1 + 0.02 * sign), strict=True):
        oracle = (
            stats.ttest_rel(ours, theirs * factor)
            if first == 0
            else stats.ttest_ind(ours, theirs * factor, equal_var=False)
        )
        low, high = oracle.confidence_interval(0.95)
        assert edge.low <= low + 1e-12 and edge.high >= high - 1e-12
        assert edge.high - edge.low < 1.25 * (high - low)
    assert found[0].mean > found[1].mean
