"""From numbers to a decision: simulated candidates with a known truth."""

import numpy as np
import pytest
from scipy.stats import ttest_1samp, ttest_ind

from aecli.comparison.recommendation.choice import ONLY, RECOMMENDED, UNDECIDED, choose
from aecli.comparison.recommendation.scores import Sample, regrets, win_shares
from aecli.comparison.statistics.families import compare_family

GOAL = {"is_error_T": np.array([True, True, False]), "goal_T": np.array([0, 0, 0]), "weight_G": np.array([1.0])}


def sample_of(values, paired, is_error_T, goal_T, weight_G):
    """A sample whose candidates have the same seeds, or none in common."""
    counts = [one.shape[1] for one in values]
    firsts = [0 if paired else sum(counts[:index]) for index in range(len(counts))]
    seeds = tuple(tuple(range(first, first + count)) for first, count in zip(firsts, counts, strict=True))
    return Sample(tuple(values), seeds, is_error_T, goal_T, weight_G)


def simulate(rng, levels, seeds, *, paired=True, shared=0.05, noise=0.01):
    """Three referees that agree: an error, another one, and an accuracy, at the level of each candidate."""
    common = rng.normal(0, shared, seeds)
    values = []
    for level in levels:
        error = 0.01 * level * (1 + (common if paired else rng.normal(0, shared, seeds)) + rng.normal(0, noise, seeds))
        values.append(np.stack([error, 3 * error, 0.9 - 5 * error]))
    return sample_of(values, paired, **GOAL)


def two_goals(first, second, weights=(1.0, 1.0), seeds=10):
    """Candidates without any spread: an error in one goal, an accuracy in the other."""
    values = tuple(
        np.repeat([[error], [accuracy]], seeds, axis=1) for error, accuracy in zip(first, second, strict=True)
    )
    return sample_of(values, True, np.array([True, False]), np.array([0, 1]), np.array(weights))


def test_who_dominates_everywhere_is_always_recommended_and_who_is_dominated_never():
    rng = np.random.default_rng(10)
    chosen = [choose(simulate(rng, [1.2, 1.0, 1.3, 1.5], 10)) for _ in range(100)]
    assert {(choice.kind, choice.leader, choice.between) for choice in chosen} == {(RECOMMENDED, 1, (1,))}
    assert {(choice.wins_K[1], choice.wins_K[3]) for choice in chosen} == {(1.0, 0.0)}


@pytest.mark.parametrize("levels", [[1.0, 1.3], [1.0, 1.02, 1.3], [1.0, 1.0]], ids=["clear", "close", "equal"])
@pytest.mark.parametrize("seeds", [3, 5, 8])
def test_nobody_is_recommended_whom_compare_would_leave_undecided(seeds, levels):
    rng = np.random.default_rng(seeds)
    for _ in range(10):
        sample = simulate(rng, levels, seeds)
        first, *others = (dict(enumerate(values[0])) for values in sample.values)
        p_corrected = [one.p_corrected for one in compare_family(others, first, was_chosen=True)]
        choice = choose(sample)
        if choice.leader == 0:
            assert (choice.kind == RECOMMENDED) <= (max(p_corrected) < 0.05)
            assert choice.p_K[1:] == pytest.approx(p_corrected)


@pytest.mark.parametrize(
    ("seeds", "paired"), [(3, True), (5, True), (10, True), (4, False)], ids=["3", "5", "10", "4 unpaired"]
)
def test_of_two_equal_ones_one_is_recommended_in_five_percent_at_most(seeds, paired):
    rng = np.random.default_rng(seeds)
    chosen = [choose(simulate(rng, [1.0, 1.0], seeds, paired=paired)) for _ in range(200)]
    assert np.mean([choice.kind == RECOMMENDED for choice in chosen]) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)
    sure = np.mean([choice.wins_K.max() >= 0.95 for choice in chosen])
    assert sure <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200), "where resampling gave 15 to 40 %, and a flat prior 10 %"


def test_many_equal_ones_do_not_make_a_winner():
    rng = np.random.default_rng(1)
    assert np.mean([choose(simulate(rng, [1.0] * 6, 10)).kind == RECOMMENDED for _ in range(60)]) <= 0.05


def test_pairing_sees_what_the_spread_over_seeds_hides():
    rng = np.random.default_rng(2)
    sample = simulate(rng, [1.0, 1.03], 8, shared=0.1, noise=0.002)
    assert choose(sample).kind == RECOMMENDED
    alone = sample_of(sample.values, False, sample.is_error_T, sample.goal_T, sample.weight_G)
    assert (choose(alone).kind, choose(alone).between) == (UNDECIDED, (0, 1))


def test_the_interval_of_the_lead_is_scipys():
    rng = np.random.default_rng(3)
    values = tuple(rng.uniform(0.01, 0.012, (1, 6)) for _ in range(2))
    one = {"is_error_T": np.array([True]), "goal_T": np.array([0]), "weight_G": np.array([1.0])}
    ours = choose(sample_of(values, True, **one))
    best = min(value.mean() for value in values)
    behind = (values[1 - ours.leader] - values[ours.leader])[0] / best
    expected = ttest_1samp(behind, 0).confidence_interval(0.95)
    assert ours.behind[1 - ours.leader].low <= expected.low and ours.behind[1 - ours.leader].high >= expected.high
    alone = choose(sample_of(values, False, **one)).behind[1 - ours.leader]
    expected = ttest_ind(
        values[1 - ours.leader][0] / best, values[ours.leader][0] / best, equal_var=False
    ).confidence_interval(0.95)
    assert (alone.low, alone.high) == pytest.approx(tuple(expected))


def test_the_score_is_the_weighted_mean_of_the_goals_and_a_goal_that_of_its_measures():
    values = (np.array([[0.01], [0.03], [0.9]]), np.array([[0.011], [0.03], [0.95]]))
    choice = choose(sample_of(values, True, np.array([True, True, False]), np.array([0, 0, 1]), np.array([3.0, 1.0])))
    assert choice.score_K == pytest.approx([0.25 * 0.05, 0.75 * (np.log(1.1) + 0) / 2])
    assert choice.leader == 0


def test_one_percent_of_error_weighs_as_much_as_one_point_of_accuracy():
    choice = choose(two_goals([0.0100, 0.0101], [0.90, 0.91]))
    assert choice.score_K[0] == pytest.approx(choice.score_K[1], rel=0.01)


def test_errors_count_by_their_ratio():
    small = regrets(np.array([[0.010], [0.012]]), np.array([True]))
    large = regrets(np.array([[10.0], [12.0]]), np.array([True]))
    assert small == pytest.approx(large)


def test_a_best_error_of_zero_leaves_a_number():
    assert np.isfinite(regrets(np.array([[0.0], [0.01]]), np.array([True]))).all()


def test_priorities_alone_can_leave_it_undecided():
    close, clear = two_goals([0.0108, 0.0100], [0.90, 0.80]), two_goals([0.0108, 0.0100], [0.90, 0.89])
    assert (choose(close).kind, choose(close).leader) == (UNDECIDED, 0)
    assert (choose(clear).kind, choose(clear).leader) == (RECOMMENDED, 1)
    heavy = two_goals([0.0108, 0.0100], [0.90, 0.80], weights=(1.0, 10.0))
    assert (choose(heavy).kind, choose(heavy).leader) == (RECOMMENDED, 0)


def test_who_never_loses_a_goal_wins_whatever_the_priorities():
    assert choose(two_goals([0.010, 0.011, 0.012], [0.95, 0.95, 0.90])).wins_K.tolist() == [1.0, 0.0, 0.0]


def test_a_tie_is_shared_and_undecided():
    rng = np.random.default_rng(4)
    sample = simulate(rng, [1.0], 5)
    choice = choose(sample_of(sample.values * 2, True, **GOAL))
    assert choice.wins_K.tolist() == [0.5, 0.5]
    assert (choice.kind, choice.between, choice.as_good) == (UNDECIDED, (0, 1), (1,))
    assert win_shares(np.array([[1.0, 1.0, 2.0], [3.0, 2.0, 1.0]])).tolist() == [0.25, 0.25, 0.5]


def test_who_is_behind_by_less_than_the_band_is_as_good_in_practice():
    rng = np.random.default_rng(5)
    choice = choose(simulate(rng, [1.0, 1.003, 1.05], 10, noise=0.0005))
    assert (choice.kind, choice.leader, choice.as_good) == (RECOMMENDED, 0, (1,))


def test_who_is_truly_behind_by_more_than_the_band_is_seldom_called_as_good():
    rng = np.random.default_rng(6)
    chosen = [choose(simulate(rng, [1.0, 1.012], 3, noise=0.01)) for _ in range(200)]
    assert np.mean([choice.as_good == (1,) for choice in chosen]) <= 0.05


def test_one_seed_each_says_nothing_of_the_spread():
    choice = choose(simulate(np.random.default_rng(0), [1.0, 2.0], 1))
    assert (choice.kind, choice.leader, choice.between, choice.wins_K) == (UNDECIDED, 0, (0, 1), None)
    assert choice.behind[1].low is None


def test_one_candidate_is_no_choice():
    choice = choose(simulate(np.random.default_rng(0), [1.0], 5))
    assert (choice.kind, choice.between, choice.score_K.tolist()) == (ONLY, (0,), [0.0])


def test_the_same_numbers_give_the_same_answer():
    sample = simulate(np.random.default_rng(7), [1.0, 1.001, 1.002], 5)
    assert choose(sample).wins_K.tolist() == choose(sample).wins_K.tolist()
