"""Who cannot be chosen, why, and what would help."""

import pytest

from aecli.comparison.evidence.candidates import fold
from aecli.comparison.evidence.collect import collect
from aecli.comparison.recommendation.eligible import make_contest
from aecli.comparison.recommendation.unfit import Unfit, nobody
from aecli.errors import UsageError


def contest_of(folder, **weights):
    return make_contest(weights, fold(collect([folder]).runs)[1])


@pytest.fixture
def runs(tmp_path):
    return tmp_path / "runs"


def test_who_lacks_a_goal_is_named_with_the_command(write_run, runs):
    for loss in ("mse", "mae"):
        for seed in (0, 1):
            write_run(seed=seed, set=[f"loss.name={loss}"], suites={"validation": {"sparsity": {"skill": 0.5}}})
    paths = [write_run(seed=seed, set=["loss.name=bce"]) for seed in (0, 1)]
    (unfit,) = contest_of(runs, sparsity=1.0).unfit
    assert (unfit.label, unfit.reason) == ("bce", "sparsity.skill was not measured on the validation split")
    assert unfit.commands == tuple(f"aecli evaluate {path} --suite sparsity --split validation" for path in paths)


def test_who_has_one_seed_is_left_out_where_others_have_more(write_seeds, write_run, runs):
    write_seeds([0.01, 0.011])
    write_seeds([0.01, 0.012], set=["loss.name=mae"])
    write_run(set=["loss.name=bce"])
    contest = contest_of(runs, generalization=1.0)
    assert [candidate.label for candidate in contest.candidates] == ["mse", "mae"]
    assert [(one.label, one.reason) for one in contest.unfit] == [
        ("bce", "one seed, and nothing is known about its spread; others have more")
    ]


def test_no_candidate_with_the_goal_is_refused_with_the_command(write_run, runs):
    first = write_run(seed=0)
    write_run(seed=1)
    with pytest.raises(UsageError) as caught:
        contest_of(runs, classification=1.0)
    assert str(caught.value) == (
        "--for classification: no candidate can be chosen from: "
        "features.linear_probe was not measured on the validation split; "
        f"measure it with: aecli evaluate {first} --suite features --split validation (and so for 1 more run)"
    )


def test_candidates_that_each_lack_something_else_are_all_named(write_run, runs):
    first = write_run(suites={"validation": {"sparsity": {"skill": 0.5}}})
    second = write_run(set=["loss.name=mae"], suites={"validation": {"denoising": {"skill": 0.5}}})
    with pytest.raises(UsageError) as caught:
        contest_of(runs, sparsity=1.0, denoising=1.0)
    assert str(caught.value).splitlines() == [
        "--for sparsity,denoising: no candidate was measured for all of it:",
        f"  mse: denoising.skill was not measured on the validation split; "
        f"measure it with: aecli evaluate {first} --suite denoising --split validation",
        f"  mae: sparsity.skill was not measured on the validation split; "
        f"measure it with: aecli evaluate {second} --suite sparsity --split validation",
    ]


def test_what_nothing_would_help_is_told_without_a_command():
    unfit = Unfit(label="mse", reason="no labels", commands=())
    assert nobody({"clustering": 1.0}, [unfit]) == "--for clustering: no candidate can be chosen from: no labels"
