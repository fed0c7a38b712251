"""Scores, and what a third candidate must not change."""

import numpy as np
import pytest

from aecli.comparison.recommendation.scores import Sample, draw_scores, levels_by_seed, own_scores, win_shares

HOPELESS = 20.0
"""Times as large as the errors of the others."""


def mixed(rng, levels, counts):
    """An error and an accuracy that disagree, and other numbers of seeds for each."""
    values = []
    for level, count in zip(levels, counts, strict=True):
        error = 0.01 * level * (1 + rng.normal(0, 0.03, count))
        values.append(np.stack([error, 1 - 0.1 / level + rng.normal(0, 0.01, count)]))
    seeds = tuple(tuple(range(count)) for count in counts)
    return Sample(tuple(values), seeds, np.array([True, False]), np.array([0, 1]), np.array([1.0, 2.0]))


def some_of(sample, indices):
    values, seeds = (tuple(part[index] for index in indices) for part in (sample.values, sample.seeds))
    return Sample(values, seeds, sample.is_error_T, sample.goal_T, sample.weight_G)


def test_the_distance_of_two_candidates_never_depends_on_a_third():
    rng = np.random.default_rng(0)
    for _ in range(50):
        sample = mixed(rng, rng.uniform(0.8, 3, 4), rng.integers(2, 9, 4))
        all_K, two_K = ([one.mean() for one in own_scores(some)] for some in (sample, some_of(sample, [0, 1])))
        assert all_K[0] - all_K[1] == pytest.approx(two_K[0] - two_K[1])


def test_a_hopeless_candidate_changes_no_share_of_wins():
    rng = np.random.default_rng(1)
    for count in (3, 6, 10):
        sample = mixed(rng, [1.0, 1.02, 1.03, HOPELESS], [count] * 3 + [count - 1])
        with_it, without = (win_shares(draw_scores(one)) for one in (sample, some_of(sample, [0, 1, 2])))
        assert with_it.tolist() == [*without.tolist(), 0.0]


def test_the_mean_of_the_scores_of_seeds_is_the_score_of_the_mean_also_of_an_error_of_zero():
    values = np.array([[0.0, 0.02], [0.0, 0.0], [0.5, 0.7]])
    found = levels_by_seed(values, np.array([True, True, False])).mean(axis=1)
    assert found.tolist() == pytest.approx([np.log(0.01), np.log(1e-12), -0.6])
