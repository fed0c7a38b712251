"""How often a limit takes an unchanged run for worse."""

import pytest
from scipy.stats import t

from aecli.comparison.check.alarms import Reference, alarm_rate, refer, typical_alarm_rates


def test_without_several_runs_or_without_a_spread_nothing_is_known():
    assert refer([1.0]) == Reference(1.0, 1, 0.0)
    assert refer([1.0, None]) is None
    assert alarm_rate(refer([1.0]), 0.1) is None
    assert alarm_rate(refer([1.0, 1.0]), 0.1) is None
    assert refer([1.0, 1.0]).reach(1) == 0


def test_the_reach_is_the_one_sided_prediction_limit_of_all_metrics_together():
    reference = refer([1.0, 2.0, 3.0])
    assert reference.reach(1) == pytest.approx(t.ppf(0.95, 2) * (4 / 3) ** 0.5)
    assert alarm_rate(reference, reference.reach(1)) == pytest.approx(0.05)
    assert alarm_rate(reference, reference.reach(4)) == pytest.approx(0.05 / 4)


def test_decibels_are_shares_of_the_error_and_of_points_no_spread_is_typical():
    ratio, decibel = typical_alarm_rates(0.001, 1.0, "ratio"), typical_alarm_rates(0.00434, 20.0, "dB")
    assert decibel == pytest.approx(ratio, rel=0.01)
    assert typical_alarm_rates(0.02, 0.9, "points") is None
