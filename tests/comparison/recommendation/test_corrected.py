"""The winner's test number without the luck of being chosen, from run folders and from simulated ones."""

import numpy as np
import pytest
from chosen_runs import BAD, GOOD, write_candidate

from aecli.comparison.evidence.candidates import fold
from aecli.comparison.evidence.collect import collect
from aecli.comparison.recommendation.corrected import correct, luck_of
from aecli.comparison.recommendation.cost import measure_leader
from aecli.comparison.recommendation.eligible import make_contest, make_sample
from aecli.comparison.recommendation.recommend import recommend

CLOSE = [0.0101, 0.0101, 0.0100, 0.0101, 0.0101, 0.0102]


@pytest.fixture
def runs(tmp_path):
    return tmp_path / "runs"


def number(runs):
    return recommend([runs], goals=["reconstruction"]).numbers[0]


def test_of_two_that_are_close_the_number_is_corrected_and_of_a_clear_winner_it_stays(write_run, runs):
    write_candidate(write_run, "mse", GOOD)
    write_candidate(write_run, "mae", CLOSE)
    found = number(runs)
    assert found.corrected > found.estimate.mean
    for seed in range(6):
        write_run(seed=seed, set=["loss.name=huber"], test={"mse": BAD[seed] * 3})
    assert number(runs).corrected == found.corrected, "who is hopeless changes nothing"


def test_a_clear_winner_was_not_lucky(write_run, runs):
    write_candidate(write_run, "mse", GOOD)
    write_candidate(write_run, "mae", [value * 2 for value in GOOD])
    found = number(runs)
    assert found.corrected == pytest.approx(found.estimate.mean)


def test_where_test_numbers_do_not_follow_validation_numbers_less_is_taken_off(write_run, runs):
    rng = np.random.default_rng(0)
    for loss, values in (("mse", GOOD), ("mae", CLOSE)):
        write_candidate(write_run, loss, values, test=list(0.02 + rng.normal(0, 1e-7, 6)))
    found = number(runs)
    assert found.corrected == pytest.approx(0.02, rel=1e-4)


@pytest.mark.parametrize("seeds", [1, 6], ids=["one seed each", "nobody else"])
def test_what_cannot_be_known_is_not_told(write_run, runs, seeds):
    write_candidate(write_run, "mse", GOOD[:seeds])
    if seeds == 1:
        write_candidate(write_run, "mae", BAD[:1])
    assert number(runs).corrected is None


def test_every_number_of_the_leader_is_corrected_and_stands_beside_the_measured_one(write_run, runs):
    weights = {"reconstruction": 1.0}
    write_candidate(write_run, "mse", GOOD)
    write_candidate(write_run, "mae", BAD)
    candidates = fold(collect([runs]).runs)[1]
    contest = make_contest(weights, candidates)
    numbers = measure_leader(candidates[0], candidates, weights, "test")
    found = correct(numbers, contest, make_sample(contest, weights), 0)
    assert [one.corrected is None for one in found] == [False, False]
    assert [one.estimate for one in found] == [one.estimate for one in numbers]


TABLES = 200


@pytest.mark.parametrize(
    ("candidates", "seeds", "lead", "correlation"), [(2, 5, 0, 0.0), (5, 3, 0, 0.5), (16, 3, 10, 0.5)]
)
def test_chosen_by_one_number_and_told_by_another_it_is_within_half_a_percent_on_average(
    candidates, seeds, lead, correlation
):
    """Test numbers follow validation numbers by .8, and have noise of their own; in percent, with seeds that spread by
    5."""
    rng = np.random.default_rng(candidates * seeds)
    truth_K = np.where(np.arange(candidates) == 0, -lead, 0.0)
    wrong = []
    for _ in range(TABLES):
        own_KN = 5 * np.sqrt(1 - correlation) * rng.normal(size=(candidates, seeds))
        chosen_by_KN = truth_K[:, None] + 5 * np.sqrt(correlation) * rng.normal(size=seeds) + own_KN
        told_KN = truth_K[:, None] + 0.8 * own_KN + rng.normal(size=(candidates, seeds))
        winner = int(chosen_by_KN.mean(axis=1).argmin())
        pairs = list(np.stack([chosen_by_KN, told_KN], axis=1))
        told = told_KN[winner].mean() + luck_of(pairs, [range(seeds)] * candidates, winner)
        wrong.append(told - truth_K[winner])
    assert abs(np.mean(wrong)) <= 0.5 + 2 * np.std(wrong) / np.sqrt(TABLES)
