"""Who can be chosen from, and by which numbers."""

import pytest

from aecli.comparison.evidence.candidates import fold
from aecli.comparison.evidence.collect import collect
from aecli.comparison.recommendation.eligible import counting_seeds, make_contest, make_sample
from aecli.errors import UsageError

THREE = {"mse": 0.01, "mae": 0.03, "ssim": 0.9}


def contest_of(folder, **weights):
    return make_contest(weights, fold(collect([folder]).runs)[1])


@pytest.fixture
def runs(tmp_path):
    return tmp_path / "runs"


def test_the_seeds_that_all_share_count(write_run, runs):
    for seed in (0, 1, 2):
        write_run(seed=seed, test=THREE)
    for seed in (1, 2):
        write_run(seed=seed, test=THREE, set=["loss.name=mae"])
    contest = contest_of(runs, reconstruction=1.0)
    assert (contest.seeds, contest.is_paired, contest.fewest) == (((1, 2), (1, 2)), True, 2)
    assert [values.shape for values in make_sample(contest, {"reconstruction": 1.0}).values] == [(3, 2), (3, 2)]


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        ([[0, 1], [2, 3, 4]], (((0, 1), (2, 3, 4)), False)),
        ([[0, 1, 2], [2, 3, 4]], (((0, 1, 2), (2, 3, 4)), False)),
        ([[0], [0]], (((0,), (0,)), True)),
        ([[0], [0, 1, 2]], (((0,), (0,)), True)),
        ([[0], [1]], (((0,), (1,)), False)),
        ([[*range(10)], [*range(8, 18)]], ((tuple(range(10)), tuple(range(8, 18))), False)),
        ([[*range(8)], [*range(2, 10)]], ((tuple(range(2, 8)),) * 2, True)),
    ],
    ids=[
        "none in common",
        "one in common",
        "one each",
        "one and many",
        "one each, different",
        "two of ten in common",
        "six in common",
    ],
)
def test_where_too_few_seeds_are_common_each_ones_own_count(measured, expected):
    assert counting_seeds(measured) == expected


def test_a_measure_that_nobody_has_is_left_out_of_its_goal(write_run, runs):
    for loss in ("mse", "mae"):
        write_run(test={"mse": 0.01, "mae": 0.03}, set=[f"loss.name={loss}"])
    assert [term.name for term in contest_of(runs, reconstruction=1.0).terms] == ["mse", "mae"], "a table has no SSIM"


def test_of_two_candidates_the_one_with_a_single_seed_stays(write_seeds, write_run, runs):
    write_seeds([0.01, 0.011])
    write_run(set=["loss.name=bce"])
    contest = contest_of(runs, generalization=1.0)
    assert (len(contest.candidates), contest.seeds, contest.unfit) == (2, ((0,), (0,)), ())


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
