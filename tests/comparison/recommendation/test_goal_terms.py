"""What a goal is made of, on each split."""

import pytest

from aecli.comparison.evidence.candidates import fold
from aecli.comparison.evidence.collect import collect
from aecli.comparison.opinions import GOALS
from aecli.comparison.recommendation.goal_terms import measured_seeds, terms_of


@pytest.mark.parametrize("place", ["validation", "test"])
@pytest.mark.parametrize("goal", GOALS)
def test_every_measure_of_a_goal_has_a_direction_and_is_of_the_split(goal, place):
    for term in terms_of(goal, place):
        assert term.measure.better in ("lower", "higher")
        assert (term.measure.suite[0] if term.measure.suite else term.measure.path[0]) == place


def test_reconstruction_has_three_referees():
    assert [term.measure.name for term in terms_of("reconstruction", "test")] == ["test.mse", "test.mae", "test.ssim"]


def test_generalization_is_the_held_out_error_over_the_training_error(write_run):
    write_run(validation={"mse": 0.012}, train={"mse": 0.010}, test={"mse": 0.013})
    (candidate,) = fold(collect([write_run(seed=1, validation={"mse": 0.011}, train={"mse": 0.010}).parent]).runs)[1]
    (chosen,), (reported,) = terms_of("generalization", "validation"), terms_of("generalization", "test")
    assert chosen.values(candidate) == pytest.approx({0: 1.2, 1: 1.1})
    assert reported.values(candidate)[0] == pytest.approx(1.3)


def test_only_seeds_with_every_term_count(write_run):
    write_run(seed=0, validation={"mse": 0.01, "mae": 0.02, "ssim": 0.9})
    last = write_run(seed=1, validation={"mse": 0.01})
    (candidate,) = fold(collect([last.parent]).runs)[1]
    assert measured_seeds(candidate, terms_of("reconstruction", "validation")) == [0]
    assert measured_seeds(candidate, terms_of("reconstruction", "validation")[:1]) == [0, 1]
