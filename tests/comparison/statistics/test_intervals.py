"""Means with intervals against scipy, and spreads that are none."""

import math

import numpy as np
import pytest
from fake_samples import FIRST, SECOND
from scipy import stats

from aecli.comparison.statistics.intervals import ALPHA, CONFIDENCE, mean_and_sd, mean_interval, t_p, welch

pytestmark = pytest.mark.filterwarnings("error")
"""A warning in the middle of a comparison would tell the user nothing."""


@pytest.mark.parametrize(
    "values", [FIRST, FIRST[:3], FIRST[:2], [-5.0, 3.0, 0.0]], ids=["ten", "three", "two", "signs"]
)
def test_the_interval_of_a_mean_is_scipys(values):
    found, oracle = mean_interval(values), stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
    assert found.low <= oracle.low + 1e-12 and found.high >= oracle.high - 1e-12
    if len(values) < 6:
        assert (found.low, found.high) == pytest.approx((oracle.low, oracle.high), rel=1e-12)
    assert (found.mean, found.n) == (pytest.approx(np.mean(values), rel=1e-15), len(values))


def test_one_sample_without_spread_leaves_the_degrees_of_freedom_to_the_other():
    estimate, _, degrees = welch([1.0, 1.0, 1.0], SECOND)
    assert degrees == pytest.approx(len(SECOND) - 1) and math.isfinite(estimate.low)
    assert welch([1.0, 1.0], [1.0, 1.0])[0].half_width == 0.0


def test_students_p_without_a_spread():
    assert (t_p(1.0, 0.0, 5), t_p(0.0, 0.0, 5)) == (0.0, 1.0)
    assert t_p(-2.0, 1.0, 7) == pytest.approx(2 * stats.t.sf(2.0, 7))


def test_the_level_is_exactly_five_per_cent():
    assert (ALPHA, CONFIDENCE) == (0.05, 0.95)


def test_a_spread_of_rounding_is_none():
    assert mean_and_sd([0.01] * 6)[1] == 0.0 and mean_interval([0.1 + 0.2, 0.3, 0.3]).half_width == 0.0
    assert mean_and_sd([1.0, 1.0 + 1e-11])[1] > 0


@pytest.mark.parametrize(
    ("name", "mean", "least"), [("normal", 0.0, 0.94), ("exponential", 1.0, 0.92), ("lognormal", math.exp(0.5), 0.885)]
)
def test_intervals_hold_for_lopsided_values(name, mean, least):
    """At n = 10, of 3,000 samples (standard error .004 to .006); Student's alone cover .95, .91 and .84."""
    random = np.random.default_rng(77)
    draw = {"normal": random.normal, "exponential": random.exponential, "lognormal": random.lognormal}[name]
    found = [mean_interval(values) for values in draw(size=(3000, 10))]
    assert np.mean([one.low <= mean <= one.high for one in found]) >= least


def test_scale_and_sign_turn_an_interval_and_change_nothing_else():
    values = np.random.default_rng(5).exponential(size=9)
    plain, turned, huge = mean_interval(values), mean_interval(-values), mean_interval(values * 1e300)
    assert (turned.low, turned.high) == pytest.approx((-plain.high, -plain.low))
    assert (huge.low / 1e300, huge.high / 1e300) == pytest.approx((plain.low, plain.high))
    assert plain.high - plain.mean > plain.mean - plain.low, "further on the side of the tail"
