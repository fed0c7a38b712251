"""The luck in the best of many, against searches among settings that are all equally good."""

import numpy as np
import pytest

from aecli.sweep.search.optimism import optimism_of_best

SEARCHES = 300


@pytest.mark.parametrize("correlation", [0.0, 0.9])
@pytest.mark.parametrize("settings", [5, 20])
def test_among_equal_settings_the_optimism_is_what_the_winner_gains_by_being_chosen(settings, correlation):
    """Seeds that are lucky for all settings choose none: at .9 the same spread is a third of the luck."""
    generator = np.random.default_rng(settings)
    gained, told, corrected = [], [], []
    for _ in range(SEARCHES):
        shared = generator.normal(0, 0.001 * np.sqrt(correlation), (1, 3))
        values = 0.010 + shared + generator.normal(0, 0.001 * np.sqrt(1 - correlation), (settings, 3))
        ranked = values[values.mean(axis=1).argsort()]
        found = optimism_of_best(ranked.tolist(), settings)
        gained.append(0.010 + shared.mean() - ranked[0].mean())
        told.append(found.optimism)
        corrected.append(found.corrected - shared.mean())
    assert np.mean(told) == pytest.approx(np.mean(gained), rel=0.12)
    assert np.mean(corrected) == pytest.approx(0.010, abs=3 * np.std(corrected) / np.sqrt(SEARCHES) + 0.00002)


def test_where_higher_is_better_the_corrected_value_is_lower():
    assert optimism_of_best([[0.92, 0.90, 0.91], [0.90, 0.91, 0.91], [0.89, 0.91, 0.91]], 3).corrected < 0.91


def test_one_seed_tells_nothing_about_the_spread_and_nothing_is_no_luck():
    found = optimism_of_best([[0.1], [0.2]], 5)
    assert (found.optimism, found.corrected) == (None, None)
    assert optimism_of_best([], 0).deviations == 0
    assert optimism_of_best([[0.1, 0.2]], 1).optimism == 0


def test_settings_that_are_far_behind_do_not_count_for_the_spread():
    calm, wild = [[0.1, 0.1001], [0.1001, 0.1]] * 3, [[0.2, 90.0], [90.0, 0.2]] * 3
    assert optimism_of_best(calm + wild, 12).optimism == pytest.approx(optimism_of_best(calm * 2, 12).optimism)
