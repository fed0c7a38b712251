"""What being chosen is worth, by simulations with known truth: equal candidates, and one that leads."""

import numpy as np
import pytest

from aecli.chosen import deviations_of_best, residual_variance, without_luck

SEED_SD = 5.0
"""Percent of the mean."""


@pytest.mark.parametrize("count", [2, 5, 20, 100])
def test_the_best_of_many_is_ahead_as_far_as_in_a_simulation(count):
    draws = np.random.default_rng(count).normal(size=(20_000, count)).max(axis=1)
    assert deviations_of_best(count) == pytest.approx(draws.mean(), rel=0.06)


def test_the_residual_of_the_two_way_layout_is_what_seeds_do_not_share():
    rng = np.random.default_rng(0)
    found = [residual_variance(rng.normal(0, 3, 4) + rng.normal(0, 0.5, (6, 4))) for _ in range(2_000)]
    assert np.mean(found) == pytest.approx(0.25, rel=0.02)


def bias(candidates, seeds, lead, correlation, rng, *, tables):
    """(Mean, standard error) of the corrected test number of the winner minus its truth, and of the one not corrected.

    Test numbers follow validation numbers by seed with a correlation of .9. Without a lead the true means are random.
    """
    wrong = []
    for _ in range(tables):
        first = np.where(np.arange(candidates) == 0, -lead, 0.0) if lead is not None else 0.0
        truth_K = first + rng.normal(0, SEED_SD if lead is None else 0.0, candidates)
        shared, alone = np.sqrt(correlation) * SEED_SD, np.sqrt(1 - correlation) * SEED_SD
        luck_KN = rng.normal(0, alone, (candidates, seeds))
        chosen_by_KN = truth_K[:, None] + rng.normal(0, shared, seeds) + luck_KN
        test_KN = truth_K[:, None] + 0.9 * luck_KN + rng.normal(0, np.sqrt(0.19) * alone, (candidates, seeds))
        means_K, test_K = chosen_by_KN.mean(axis=1), test_KN.mean(axis=1)
        error_K = np.full(candidates, np.sqrt(residual_variance(chosen_by_KN) / seeds))
        winner = means_K.argmin()
        corrected = without_luck(means_K, error_K, test_K, np.full(candidates, 0.9))
        wrong.append((corrected - truth_K[winner], test_K[winner] - truth_K[winner]))
    mean, error = np.mean(wrong, axis=0), np.std(wrong, axis=0) / np.sqrt(tables)
    return mean[0], error[0], mean[1]


@pytest.mark.parametrize(
    ("candidates", "seeds", "lead", "correlation"),
    [(2, 3, 0, 0.0), (5, 3, 10, 0.5), (16, 3, 0, 0.5), (16, 10, 0, 0.9), (16, 2, 10, 0.0)],
)
def test_the_winners_corrected_number_is_within_half_a_percent_on_average(candidates, seeds, lead, correlation):
    mean, error, raw = bias(candidates, seeds, lead, correlation, np.random.default_rng(candidates + seeds), tables=300)
    assert abs(mean) <= 0.5 + 2 * error
    assert lead or raw < -0.5, "what is corrected"


@pytest.mark.grid
@pytest.mark.parametrize("correlation", [0.0, 0.7])
@pytest.mark.parametrize("lead", [0, 5, 10, None])
@pytest.mark.parametrize("seeds", [2, 3, 5, 10])
@pytest.mark.parametrize("candidates", [2, 3, 5, 16])
def test_it_is_so_for_every_size_and_correlation(candidates, seeds, lead, correlation):
    mean, error, _ = bias(candidates, seeds, lead, correlation, np.random.default_rng(97), tables=1_000)
    assert abs(mean) <= 0.5 + 2 * error
