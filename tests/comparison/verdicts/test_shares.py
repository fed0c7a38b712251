"""Shares of the baseline's mean, beside the interval of the difference."""

import pytest

from aecli.comparison.statistics.intervals import Estimate
from aecli.comparison.verdicts.shares import as_wide, leaves_out_0


def test_a_share_is_wider_by_what_the_difference_is_wider():
    found = as_wide(Estimate(0.5, 9, 0.2, 0.8), Estimate(1.0, 9, 0.6, 1.4), Estimate(1.0, 9, 0.0, 2.0), 2.0)
    assert (found.low, found.high) == pytest.approx((0.5 - (0.09 + 0.25 - 0.04) ** 0.5, 0.5 + 0.3**0.5))
    alone = Estimate(0.5, 1)
    assert as_wide(alone, alone, alone, 1.0) is alone


def test_0_is_outside_of_an_interval_or_not_the_mean():
    assert leaves_out_0(Estimate(1.0, 3, 0.1, 2.0)) and leaves_out_0(Estimate(1.0, 1))
    assert not leaves_out_0(Estimate(1.0, 3, -0.1, 2.0)) and not leaves_out_0(Estimate(0.0, 1))
