"""The luck in the best of many, against searches among settings that are all equally good."""

import numpy as np
import pytest

from aecli.sweep.search.optimism import deviations_of_best, optimism_of_best


@pytest.mark.parametrize("count", [2, 5, 20, 100])
def test_the_best_of_many_is_ahead_as_far_as_in_a_simulation(count):
    draws = np.random.default_rng(count).normal(size=(20_000, count)).max(axis=1)
    assert deviations_of_best(count) == pytest.approx(draws.mean(), rel=0.06)


def test_among_equal_settings_the_optimism_is_what_the_winner_gains_by_being_chosen():
    generator = np.random.default_rng(0)
    gained, told = [], []
    for _ in range(2_000):
        values = generator.normal(0.010, 0.001, (20, 3))
        ranked = values[values.mean(axis=1).argsort()]
        gained.append(0.010 - ranked[0].mean())
        told.append(optimism_of_best(ranked.tolist(), 20).optimism)
    assert np.mean(told) == pytest.approx(np.mean(gained), rel=0.05)


def test_one_seed_tells_nothing_about_the_spread_and_nothing_is_no_luck():
    assert optimism_of_best([[0.1], [0.2]], 5).optimism is None
    assert optimism_of_best([], 0).deviations == 0


def test_settings_that_are_far_behind_do_not_count_for_the_spread():
    calm, wild = [[0.1, 0.1001]] * 5, [[0.2, 90.0]] * 5
    assert optimism_of_best(calm + wild, 10).optimism == optimism_of_best(calm * 2, 10).optimism
