"""What a design can show, as numbers: shares of the mean at each size, with what the pilot leaves open."""

from dataclasses import replace

import pytest

from aecli.comparison.power.pilot import Pilot
from aecli.comparison.power.power import find_power
from aecli.comparison.statistics.smallest_difference import Design, smallest_difference

PILOT = Pilot(seed_sd=0.046, correlation=0.41, pair_sd=0.05, degrees=20, runs=20, source="runs/pilot", is_paired=True)


def test_a_difference_is_a_share_of_the_mean():
    power = find_power(4, [(10, 0.0125), (40, 0.025)], PILOT)
    first, last = power.sizes
    assert first.from_best == smallest_difference(Design(4, 10, level=0.0125)) * 0.05 > last.from_best
    assert first.from_named == smallest_difference(Design(4, 10, level=0.0125, was_chosen=False)) * 0.05
    assert power.can_decide and power.now is first


def test_the_numbers_stand_in_the_json_with_what_they_rest_on():
    plain = find_power(3, [(5, 0.05)], PILOT).plain()
    (size,) = plain["sizes"]
    low, high = size["range"]
    assert 0 < low < size["difference"] < high and size["from_named_baseline"] > 0
    assert (plain["power"], plain["metric"], plain["configs"], size["seeds"], size["level"]) == (
        0.8,
        "test.mse",
        3,
        5,
        0.05,
    )
    assert plain["pilot"] == {
        "runs": 20,
        "source": "runs/pilot",
        "seed_sd": 0.046,
        "correlation": 0.41,
        "pair_sd": 0.05,
    }


@pytest.mark.parametrize("seeds", [1, 2])
def test_too_few_seeds_decide_nothing(seeds):
    power = find_power(2, [(seeds, 0.05)], Pilot())
    plain = power.plain()
    assert not power.can_decide and plain["can_decide"] is False and plain["pilot"]["source"] is None
    assert {key: value for key, value in plain["sizes"][0].items() if value is not None} == {
        "seeds": seeds,
        "level": 0.05,
    }


def test_few_test_images_need_a_larger_difference_and_without_spread_none_is_too_small():
    few = replace(PILOT, image_variance=0.05**2)
    assert find_power(3, [(5, 0.05)], few).now.from_best > find_power(3, [(5, 0.05)], PILOT).now.from_best * 1.2
    assert find_power(3, [(5, 0.05)], replace(PILOT, pair_sd=0.0)).now.from_best == 0
