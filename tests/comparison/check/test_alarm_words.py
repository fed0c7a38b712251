"""False alarms in words."""

from aecli.comparison.check.alarm_words import alarm_words
from aecli.comparison.check.alarms import Reference
from aecli.comparison.evidence.measures import measure


def test_of_one_run_the_chance_at_usual_spreads_is_told_where_there_are_such():
    assert alarm_words(measure("test.mse"), Reference(0.008, 1, 0.0), 0.00016, 0.0).startswith(
        "test.mse: one baseline run has no spread; where seeds spread by 3.5 to 4.7 % of the error, "
    )
    assert alarm_words(measure("test.ssim"), Reference(0.9, 1, 0.0), 0.01, 0.0) == (
        "test.ssim: one baseline run has no spread, so nobody knows how often an unchanged run fails; "
        "name several seeds of it, --baseline A --baseline B"
    )


def test_of_several_runs_it_is_told_from_their_spread():
    assert alarm_words(measure("test.mse"), Reference(1.0, 10, 0.035), 0.02, 0.0673) == (
        "test.mse: the limit is 0.0673 beyond the tolerance, by the spread of 10 seeds; "
        "an unchanged run fails in 2.1 %, by the tolerance alone it would in 30 %"
    )
    assert alarm_words(measure("test.mse"), Reference(1.0, 3, 0.0), 0.02, 0.0) == (
        "test.mse: the 3 baseline runs do not spread, so the limit is the tolerance alone"
    )
