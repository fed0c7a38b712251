"""Intervals, p-values and corrections against scipy on fixed data, and where numbers end."""

import itertools
import math
import warnings

import numpy as np
import pytest
from scipy import stats

from aecli.comparison.statistics.correction import holm
from aecli.comparison.statistics.differences import compare_pairs, edges_of_band, paired, unpaired
from aecli.comparison.statistics.intervals import ALPHA, CONFIDENCE, mean_and_sd, mean_interval, t_p, welch
from aecli.comparison.statistics.permutation import swap_p
from aecli.comparison.statistics.relative import relative_difference

FIRST = [0.00912, 0.00934, 0.00921, 0.00957, 0.00915, 0.00940, 0.00929, 0.00951, 0.00918, 0.00936]
SECOND = [0.00905, 0.00930, 0.00923, 0.00941, 0.00902, 0.00938, 0.00915, 0.00949, 0.00913, 0.00925]


@pytest.fixture(autouse=True)
def no_warnings():
    """A warning in the middle of a comparison would tell the user nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def by_seed(values, first=0):
    return dict(enumerate(values, first))


@pytest.mark.parametrize(
    "values", [FIRST, FIRST[:3], FIRST[:2], [-5.0, 3.0, 0.0]], ids=["ten", "three", "two", "signs"]
)
def test_the_interval_of_a_mean_is_scipys(values):
    found, oracle = mean_interval(values), stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((oracle.low, oracle.high), rel=1e-12)
    assert (found.mean, found.n) == (pytest.approx(np.mean(values), rel=1e-15), len(values))


@pytest.mark.parametrize("n", [2, 3, 6, 10])
def test_a_paired_difference_is_scipys(n):
    found, oracle = compare_pairs(by_seed(FIRST[:n]), by_seed(SECOND[:n])), stats.ttest_rel(FIRST[:n], SECOND[:n])
    low, high = oracle.confidence_interval(0.95)
    assert (found.estimate.low, found.estimate.high) == pytest.approx((low, high), rel=1e-9)
    flips = stats.permutation_test(
        (np.subtract(FIRST[:n], SECOND[:n]),),
        lambda x, axis: np.mean(x, axis=axis),
        permutation_type="samples",
        vectorized=True,
    )
    assert found.p == pytest.approx(flips.pvalue, rel=1e-9)
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


@pytest.mark.parametrize("is_paired", [True, False], ids=["paired", "unpaired"])
def test_students_p_takes_over_where_random_arrangements_cannot_resolve_the_family(is_paired):
    a, b = np.random.default_rng(2).normal([[1.5], [0.0]], 1, (2, 14))
    test = (lambda family: paired(a - b, family)) if is_paired else (lambda family: unpaired(a, b, family))
    oracle = stats.ttest_rel(a, b) if is_paired else stats.ttest_ind(a, b, equal_var=False)
    assert (test(249).smallest_p, test(250).smallest_p) == (2e-4, 0.0)
    assert test(250).p == pytest.approx(oracle.pvalue, rel=1e-9)
    assert test(249).p >= 2e-4


def test_thirteen_pairs_are_permuted_whatever_the_family():
    assert paired(np.arange(1.0, 14), 10_000).smallest_p == 2 / 2**13


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ([0, 1, 2], [0, 1, 2], (True, 3)),
        ([0, 1, 2], [1, 2, 3], (False, 3)),
        ([0, 1, 2], [1, 2], (True, 2)),
        ([*range(10)], [*range(8, 18)], (False, 10)),
        ([*range(10)], [*range(5, 15)], (False, 10)),
        ([*range(10)], [*range(4, 14)], (True, 6)),
        ([0, 1, 2], [2, 3, 4], (False, 3)),
        ([0, 1, 2], [3, 4], (False, 2)),
        ([0], [0, 1, 2], (True, 1)),
        ([0], [0], (True, 1)),
        ([0], [1], None),
        ([0], [1, 2], None),
        ([], [0, 1], None),
        ([], [], None),
    ],
    ids=str,
)
def test_common_seeds_make_pairs(ours, theirs, expected):
    values = np.random.default_rng(3).normal(size=20)
    found = compare_pairs({seed: values[seed] for seed in ours}, {seed: values[-seed] for seed in theirs})
    assert found == expected if expected is None else (found.paired, found.estimate.n) == expected


def test_a_single_pair_has_a_difference_and_no_p():
    found = compare_pairs({3: 0.5}, {3: 0.25})
    assert (found.estimate.mean, found.estimate.low, found.p, found.sd, found.superiority) == (
        0.25,
        None,
        None,
        None,
        0.0,
    )


def textbook_holm(p_values, family):
    """Step by step, with every comparison that was not made counted in as a p-value of 1."""
    ranked = sorted(
        [(p, index) for index, p in enumerate(p_values)] + [(1.0, None)] * (family - len(p_values)),
        key=lambda pair: pair[0],
    )
    adjusted = {}
    for rank, (_, index) in enumerate(ranked):
        adjusted[index] = min(1.0, max((family - before) * ranked[before][0] for before in range(rank + 1)))
    return [adjusted[index] for index in range(len(p_values))]


@pytest.mark.parametrize("extra", [0, 1, 7])
def test_holm_is_the_textbooks(extra):
    random = np.random.default_rng(4)
    for n in range(1, 9):
        p_values = (random.integers(1, 30, n) / 100).tolist()  # with ties
        assert holm(p_values, n + extra) == pytest.approx(textbook_holm(p_values, n + extra))
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_over_all_pairs_never_says_more_than_had_they_all_been_looked_at():
    """Only the comparisons with the best are made; whatever the others are, counting them in last is the safe side."""
    random = np.random.default_rng(5)
    for _ in range(300):
        p_values = (random.random(6) ** 3).tolist()
        for made in itertools.combinations(range(6), 3):
            everything = textbook_holm(p_values, 6)
            assert all(
                one >= everything[at] - 1e-12
                for one, at in zip(holm([p_values[at] for at in made], 6), made, strict=True)
            )


def test_holm_of_nothing_is_nothing():
    assert holm([]) == [] and holm([], 5) == []
    assert holm([0.6, 0.7], 1) == [1.0, 1.0], "a family has at least the members that are there"


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
    for found in (paired([size] * n, family), unpaired([size] * n, [0.0] * n, family)):
        assert 0 <= found.p <= 1 and (found.p == 1) == (size == 0 or found.smallest_p == 1), found
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


def test_one_sample_without_spread_leaves_the_degrees_of_freedom_to_the_other():
    estimate, _, degrees = welch([1.0, 1.0, 1.0], SECOND)
    assert degrees == pytest.approx(len(SECOND) - 1) and math.isfinite(estimate.low)
    assert welch([1.0, 1.0], [1.0, 1.0])[0].half_width == 0.0


def test_students_p_without_a_spread():
    assert (t_p(1.0, 0.0, 5), t_p(0.0, 0.0, 5)) == (0.0, 1.0)
    assert t_p(-2.0, 1.0, 7) == pytest.approx(2 * stats.t.sf(2.0, 7))


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
        assert (edge.low, edge.high) == pytest.approx(tuple(oracle.confidence_interval(0.95)), rel=1e-9)
    assert found[0].mean > found[1].mean


def test_the_level_is_exactly_five_per_cent():
    assert (ALPHA, CONFIDENCE) == (0.05, 0.95)


def test_how_many_pairs_are_enough_depends_on_the_family():
    """Seven of ten seeds in common can decide one comparison, and not fifteen."""
    ours, theirs = by_seed(FIRST), by_seed(SECOND, 3)
    assert [compare_pairs(ours, theirs, family).paired for family in (1, 15)] == [True, False]
    assert compare_pairs(ours, by_seed(SECOND), 15).paired, "all seeds are common"


def test_a_spread_of_rounding_is_none():
    assert mean_and_sd([0.01] * 6)[1] == 0.0 and mean_interval([0.1 + 0.2, 0.3, 0.3]).half_width == 0.0
    assert mean_and_sd([1.0, 1.0 + 1e-11])[1] > 0


@pytest.mark.parametrize("sign", [1.0, -1.0], ids=["positive", "negative"])
@pytest.mark.parametrize("first", [0, 50], ids=["paired", "unpaired"])
def test_a_relative_difference_is_that_of_the_linearized_ratio(sign, first):
    ours, theirs = np.array(FIRST) * 1.5 * sign, np.array(SECOND) * sign
    found, mean, ratio = (
        relative_difference(by_seed(ours), by_seed(theirs, first)),
        theirs.mean(),
        ours.mean() / theirs.mean(),
    )
    assert found.mean == pytest.approx(sign * (ratio - 1))
    oracle = (
        stats.ttest_1samp((ours - ratio * theirs) / mean, 0.0)
        if first == 0
        else stats.ttest_ind(ours / mean, ratio * theirs / mean, equal_var=False)
    )
    low, high = oracle.confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((found.mean + low, found.mean + high), rel=1e-9)


def test_what_scales_with_the_baseline_has_an_exact_share():
    found = relative_difference(by_seed([1.1, 2.2, 3.3]), by_seed([1.0, 2.0, 3.0]))
    assert (found.mean, found.low, found.high) == pytest.approx((0.1, 0.1, 0.1))
    assert relative_difference(by_seed([1.0, 2.0]), by_seed([-1.0, 1.0])) is None
