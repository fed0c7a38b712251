"""Shares of wins against the truth: true means that are drawn, and candidates that are equal."""

import numpy as np
import pytest

from aecli.comparison.statistics.certainty import draw_means

TABLES = 250
NOISE = {
    "normal": lambda rng, shape: rng.normal(size=shape),
    "lognormal": lambda rng, shape: np.exp(rng.normal(0, 0.5, shape)) / 0.6,
    "t3": lambda rng, shape: rng.standard_t(3, shape) / np.sqrt(3),
}


def shares_and_truth(candidates, seeds, spread, rng, *, noise="normal", correlation=0.5, tables=TABLES):
    """(shares of wins, whether each is truly the best), (tables, candidates), with a spread of the true means in units
    of what the seeds leave open; of equal ones each is the best in its share of the cases."""
    printed, best = [], []
    for _ in range(tables):
        truth_K = rng.normal(0, spread * np.sqrt((1 - correlation) / seeds), candidates)
        shared_N, own_KN = NOISE[noise](rng, seeds), NOISE[noise](rng, (candidates, seeds))
        values_KN = truth_K[:, None] + np.sqrt(correlation) * shared_N + np.sqrt(1 - correlation) * own_KN
        left_KN = values_KN - values_KN.mean(axis=1, keepdims=True) - values_KN.mean(axis=0) + values_KN.mean()
        degrees = (candidates - 1) * (seeds - 1)
        variance = np.full((1, candidates), (left_KN**2).sum() / degrees / seeds)
        drawn_BK = draw_means(values_KN.mean(axis=1)[None], variance, degrees, np.random.default_rng(0))
        printed.append(np.bincount(drawn_BK.argmin(axis=1), minlength=candidates) / len(drawn_BK))
        best.append(np.arange(candidates) == truth_K.argmin() if spread else np.full(candidates, 1 / candidates))
    return np.array(printed), np.array(best, float)


def off(printed, best):
    """How far the mean share of the leader is from how often it is the best, with its standard error."""
    leader, rows = printed.argmax(axis=1), np.arange(len(printed))
    difference = printed[rows, leader] - best[rows, leader]
    return difference.mean(), difference.std() / np.sqrt(len(printed))


@pytest.mark.parametrize(("candidates", "seeds"), [(2, 2), (2, 3), (2, 10), (16, 3)])
def test_equal_candidates_print_95_percent_or_more_in_5_percent_at_most(candidates, seeds):
    printed, _ = shares_and_truth(candidates, seeds, 0.0, np.random.default_rng(seeds))
    assert (printed.max(axis=1) >= 0.95).mean() <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / TABLES)


@pytest.mark.parametrize(("candidates", "seeds", "spread"), [(2, 3, 1.0), (5, 2, 1.0), (16, 3, 3.0)])
def test_the_share_of_the_leader_is_within_5_points_of_the_truth(candidates, seeds, spread):
    rng = np.random.default_rng(candidates + seeds)
    wrong, error = off(*shares_and_truth(candidates, seeds, spread, rng))
    assert abs(wrong) <= 0.05 + 2 * error


@pytest.mark.slow
@pytest.mark.parametrize(("noise", "correlation"), [("normal", 0.5), ("lognormal", 0.9), ("t3", 0.0)])
@pytest.mark.parametrize("seeds", [2, 3, 10])
@pytest.mark.parametrize(("candidates", "within"), [(2, 0.1), (5, 0.1), (16, 0.07)])
def test_it_is_near_the_truth_where_means_spread_less_or_more_than_the_noise(
    candidates, within, seeds, correlation, noise
):
    """Of few candidates nobody can know how their truth spreads: what is assumed is between the extremes.

    With lopsided noise the share may be too small: who is low has less noise than others.
    """
    rng = np.random.default_rng(31)
    for spread in (0.5, 1.0, 2.0, 4.0):
        wrong, error = off(
            *shares_and_truth(candidates, seeds, spread, rng, noise=noise, correlation=correlation, tables=300)
        )
        assert wrong <= within + 3 * error, spread
        assert noise == "lognormal" or wrong >= -within - 3 * error, spread


def test_without_noise_the_means_are_certain():
    drawn_BK = draw_means(np.array([[1.0, 2.0]]), np.zeros((1, 2)), 4, np.random.default_rng(0))
    assert (drawn_BK == [1.0, 2.0]).all()


def test_each_case_has_its_own_means_and_who_is_far_behind_never_wins():
    means_CK = np.tile([[0.0, 50.0], [50.0, 0.0]], (1000, 1))
    drawn_BK = draw_means(means_CK, np.ones((2000, 2)), 18, np.random.default_rng(0))
    assert (drawn_BK.argmin(axis=1) == np.arange(2000) % 2).all()
