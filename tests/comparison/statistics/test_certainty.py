"""Shares of wins against the truth: true means that are drawn, and candidates that are equal."""

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.special import stdtr

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


SPREADS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Of the true means, in units of what a seed adds to one candidate alone."""


@pytest.mark.grid
@pytest.mark.parametrize("noise", ["normal", "lognormal", "t3"])
@pytest.mark.parametrize("seeds", [2, 3, 5, 10])
@pytest.mark.parametrize("candidates", [2, 3, 5, 16])
def test_over_many_spreads_of_the_truth_the_share_of_the_leader_is_right(candidates, seeds, noise):
    """Share of the leader less how often it is the best, in points, from 1,500 tables each (600 of 16), errors 1 to 2;
    for 2, 3, 5, 10 seeds, with normal true means that spread by so many times what a seed adds:

        candidates   .25              .5               1                2                4                mean
        2            14  13   5  -2    6   3  -2  -3   -1  -3  -5  -2   -4  -3  -3  -2   -6  -4  -2  -1    2  1 -1 -2
        3            19  11   9   4    8   5  -1  -5   -1  -4  -4  -4   -6  -7  -4  -2   -6  -5  -1   1    3  0  0 -1
        5            16   9   7   2    6   3  -4  -4   -4  -7  -5  -3   -8  -3  -1  -1   -5  -2   0  -1    1  0 -1 -1
        16           10   7   4  -3    3   0  -3  -1    1   0  -1  -1   -4   1   1  -2   -3   0  -2   1    1  1  0 -1

    t3 is alike. With lognormal noise 16 candidates are 8 (two seeds) to 4 (ten) below on average, others within 3: who
    is low has less noise than others, which nobody counts on. Equal candidates print 15 (16 of them) to 29 points more
    than their 1 / K for who happens to lead. Where one leads and all others are equal, it is below: by 14 at most of
    two, by 20 to 40 of 5 and 16 where the lead is one or two times what a seed adds; by 5 at most where it is clear.
    A prior of half Cauchy on the spread in units of a seed, and populations of t2 and t4, gave much the same (4 to 9
    points nearer here, further there). No rule at all is right for every spread: see below.
    """
    rng = np.random.default_rng(seeds * candidates)
    found = [off(*shares_and_truth(candidates, seeds, spread * np.sqrt(seeds), rng, noise=noise)) for spread in SPREADS]
    mean, error = np.mean([one[0] for one in found]), np.sqrt(np.sum([one[1] ** 2 for one in found])) / len(found)
    assert mean <= 0.05 + 2 * error
    assert mean >= -(0.1 if noise == "lognormal" and candidates == 16 else 0.05) - 2 * error
    assert all(-0.12 - 3 * error <= wrong <= 0.2 + 3 * error for wrong, error in found)


@pytest.mark.grid
@pytest.mark.parametrize("candidates", [2, 5, 16])
def test_of_all_candidates_with_a_printed_share_so_many_are_the_best(candidates):
    """In bins of ten points, over all spreads and 2 to 10 seeds."""
    rng = np.random.default_rng(candidates)
    found = [
        shares_and_truth(candidates, seeds, spread * np.sqrt(seeds), rng)
        for seeds in (2, 3, 5, 10)
        for spread in SPREADS
    ]
    printed, best = (np.concatenate([one[part].ravel() for one in found]) for part in (0, 1))
    for low in np.arange(0, 1, 0.1):
        inside = (printed >= low) & (printed < low + 0.1 + (low > 0.85))
        wrong = printed[inside].mean() - best[inside].mean()
        assert abs(wrong) <= 0.05 + 3 * np.sqrt(0.25 / inside.sum()), low


def test_no_rule_is_within_8_points_for_every_spread_of_two_candidates():
    """With a hundred degrees of freedom; with one it is 12. Any share that rises with the distance of the two, in units
    of its error, whatever it is made of: the smallest of the largest errors over all spreads, by linear programming."""
    edges = np.append(np.geomspace(0.02, 300, 120), np.inf)
    spreads = np.append(0, np.geomspace(0.05, 30, 40))
    below_SE = 2 * stdtr(100, edges / np.sqrt(1 + spreads[:, None] ** 2)) - 1
    chance_SE = np.diff(below_SE, axis=1, prepend=0)
    truth_S = 0.5 + np.arctan(spreads) / np.pi
    rises_EE = np.eye(len(edges) - 1, len(edges)) - np.eye(len(edges) - 1, len(edges), 1)
    ones_S1 = np.ones((len(spreads), 1))
    found = linprog(
        [*np.zeros(len(edges)), 1],
        A_ub=np.block(
            [[chance_SE, -ones_S1], [-chance_SE, -ones_S1], [rises_EE, np.zeros((len(edges) - 1, 1))]],
        ),
        b_ub=[*truth_S, *-truth_S, *np.zeros(len(edges) - 1)],
        bounds=[(0.5, 1)] * len(edges) + [(0, None)],
    )
    assert found.fun > 0.08


def test_without_noise_the_means_are_certain():
    drawn_BK = draw_means(np.array([[1.0, 2.0]]), np.zeros((1, 2)), 4, np.random.default_rng(0))
    assert (drawn_BK == [1.0, 2.0]).all()


def test_each_case_has_its_own_means_and_who_is_far_behind_never_wins():
    means_CK = np.tile([[0.0, 50.0], [50.0, 0.0]], (1000, 1))
    drawn_BK = draw_means(means_CK, np.ones((2000, 2)), 18, np.random.default_rng(0))
    assert (drawn_BK.argmin(axis=1) == np.arange(2000) % 2).all()
