"""Who can be chosen from, and by which numbers."""

import pytest

from aecli.comparison.evidence.candidates import fold
from aecli.comparison.evidence.collect import collect
from aecli.comparison.recommendation.eligible import make_contest, make_sample
from aecli.errors import UsageError

THREE = {"mse": 0.01, "mae": 0.03, "ssim": 0.9}


def contest_of(folder, **weights):
    return make_contest(weights, fold(collect([folder]).runs)[1])


@pytest.fixture
def runs(tmp_path):
    return tmp_path / "runs"


def test_each_candidate_counts_with_its_own_seeds(write_run, runs):
    for seed in (0, 1, 2):
        write_run(seed=seed, test=THREE)
    for seed in (1, 2):
        write_run(seed=seed, test=THREE, set=["loss.name=mae"])
    contest = contest_of(runs, reconstruction=1.0)
    assert (contest.seeds, contest.is_paired, contest.fewest) == (((0, 1, 2), (1, 2)), False, 2)
    assert [values.shape for values in make_sample(contest, {"reconstruction": 1.0}).values] == [(3, 3), (3, 2)]


def test_a_measure_that_nobody_has_is_left_out_of_its_goal(write_run, runs):
    for loss in ("mse", "mae"):
        write_run(test={"mse": 0.01, "mae": 0.03}, set=[f"loss.name={loss}"])
    assert [term.name for term in contest_of(runs, reconstruction=1.0).terms] == ["mse", "mae"], "a table has no SSIM"


def test_of_two_candidates_the_one_with_a_single_seed_stays(write_seeds, write_run, runs):
    write_seeds([0.01, 0.011])
    write_run(set=["loss.name=bce"])
    contest = contest_of(runs, generalization=1.0)
    assert (len(contest.candidates), contest.seeds, contest.unfit) == (2, ((0, 1), (0,)), ())


def test_runs_that_validate_on_the_test_split_are_chosen_by_it(write_run, runs):
    for loss in ("mse", "mae"):
        write_run(set=["data.validation=test", f"loss.name={loss}"], suites={"test": {"sparsity": {"skill": 0.5}}})
    contest = contest_of(runs, sparsity=1.0)
    assert (contest.place, [term.measure.name for term in contest.terms]) == ("test", ["sparsity.skill"])


def test_runs_that_validate_on_the_test_split_are_not_mixed_with_others(write_run, runs):
    write_run(set=["data.validation=test"])
    write_run()
    with pytest.raises(UsageError) as caught:
        contest_of(runs, generalization=1.0)
    assert str(caught.value) == (
        "some runs validate on the test split and some on held-out images (data.validation: test, 5000), "
        "so no split can choose among them; choose among one kind with --where data.validation=5000"
    )
