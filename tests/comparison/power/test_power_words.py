"""What a design can show, in words that fit into a line of a terminal."""

import pytest

from aecli.comparison.power.pilot import Pilot
from aecli.comparison.power.power import Power, ShownAt
from aecli.comparison.power.power_words import pilot_words, power_lines, short_share

PILOT = Pilot(seed_sd=0.046, correlation=0.41, pair_sd=0.05, degrees=75, runs=20, source="runs/pilot", is_paired=True)
FIRST, LAST = ShownAt(10, 0.0125, 0.0664, 0.0601), ShownAt(40, 0.025, 0.0301, 0.0251)


def test_a_difference_stands_beside_the_spread_that_it_rests_on():
    lines = power_lines(Power(16, (FIRST,), PILOT))
    assert lines == [
        "16 configs x 10 seeds can show a difference of 6.6 % (named baseline: 6 %)",
        "80 % power; seed SD 4.6 %, correlation .41 from 20 runs in runs/pilot: 6 to 7.4 %",
    ]


def test_of_two_configs_it_is_the_same_for_both_and_what_mnist_has_shown_is_said():
    lines = power_lines(Power(2, (FIRST,), Pilot()))
    assert lines == [
        "2 configs x 10 seeds can show a difference of 6.6 %",
        "80 % power; seed SD 4 %, correlation .3 as on MNIST; --pilot RUNS measures it",
    ]
    assert all(len(line) <= 80 for line in lines)


def test_the_last_look_has_a_line_of_its_own():
    assert power_lines(Power(16, (FIRST, LAST), PILOT))[:2] == [
        "16 configs x 10 seeds can show a difference of 6.6 % (named baseline: 6 %)",
        "40 seeds can show a difference of 3 % (named baseline: 2.5 %), at the last look",
    ]


@pytest.mark.parametrize(("seeds", "told"), [(1, "1 seed"), (2, "2 seeds")])
def test_too_few_seeds_are_said_to_decide_nothing(seeds, told):
    lines = power_lines(Power(16, (ShownAt(seeds, 0.05, float("inf"), float("inf")),), Pilot()))
    assert lines == [f"16 configs x {told} cannot decide anything: three seeds are the fewest"]


def test_a_correlation_that_was_not_measured_is_said_to_be_assumed():
    single = Pilot(seed_sd=0.046, pair_sd=0.05, degrees=4, runs=5, source="runs/one")
    assert pilot_words(single) == "seed SD 4.6 % from 5 runs in runs/one, correlation .3 as on MNIST"
    assert [short_share(one) for one in (0.8, -0.25, 0.0)] == [".8", "-.25", "0"]
