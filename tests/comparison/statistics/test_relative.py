"""A difference as a share of the baseline's mean."""

import numpy as np
import pytest
from fake_samples import FIRST, SECOND, by_seed
from scipy import stats

from aecli.comparison.statistics.relative import relative_difference

pytestmark = pytest.mark.filterwarnings("error")
"""A warning in the middle of a comparison would tell the user nothing."""


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
    assert (found.low, found.high) == pytest.approx((found.mean + low, found.mean + high), rel=1e-9 if first else 0.15)


def test_what_scales_with_the_baseline_has_an_exact_share():
    found = relative_difference(by_seed([1.1, 2.2, 3.3]), by_seed([1.0, 2.0, 3.0]))
    assert (found.mean, found.low, found.high) == pytest.approx((0.1, 0.1, 0.1))
    assert relative_difference(by_seed([1.0, 2.0]), by_seed([-1.0, 1.0])) is None
