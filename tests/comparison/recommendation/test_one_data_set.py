"""Runs of several data sets are never ranked together."""

import pytest

from aecli.comparison.evidence.collect import collect
from aecli.comparison.recommendation.one_data_set import refuse_several_data
from aecli.comparison.recommendation.recommend import recommend
from aecli.errors import UsageError


@pytest.fixture
def runs(tmp_path):
    return tmp_path / "runs"


def test_runs_of_different_data_are_refused(write_run, runs):
    write_run()
    other = {"data": {"dataset": "fashion_mnist", "sha256": "77", "images": {"test": 9000}}}
    write_run(environment=other, set=["data.dataset.name=fashion_mnist"])
    with pytest.raises(UsageError) as caught:
        recommend([runs], goals=["reconstruction"])
    assert str(caught.value) == (
        "these runs are of 2 data sets, whose numbers cannot be ranked together: mnist, 10,000 test images (1 run); "
        "fashion_mnist, 9,000 test images (1 run); "
        "name the runs of one, or choose them with --where, for example --where data.dataset.name=mnist"
    )


def test_data_of_one_name_are_told_apart_and_no_condition_is_proposed_that_does_not_choose(write_run, runs):
    for digest in ("aaaaaaaaaa", "bbbbbbbbbb"):
        write_run(environment={"data": {"dataset": "mine", "sha256": digest, "images": {"test": 50}}})
    with pytest.raises(UsageError) as caught:
        recommend([runs], goals=["reconstruction"])
    assert str(caught.value) == (
        "these runs are of 2 data sets, whose numbers cannot be ranked together: "
        "mine, 50 test images (SHA-256 aaaaaaaa) (1 run); mine, 50 test images (SHA-256 bbbbbbbb) (1 run); "
        "name the run folders of one"
    )


def test_runs_of_one_data_set_are_not_refused(write_seeds, runs):
    write_seeds([0.01, 0.011])
    refuse_several_data(collect([runs]).runs)
