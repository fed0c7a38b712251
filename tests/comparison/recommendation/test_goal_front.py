"""Who is not dominated."""

import pytest
from probed_runs import features, write_probed

from aecli.comparison.evidence.candidates import fold
from aecli.comparison.evidence.collect import collect
from aecli.comparison.recommendation.goal_front import find_goal_front


@pytest.fixture
def candidates(write_run, tmp_path):
    return write_probed(write_run, tmp_path / "runs")


def test_the_front_leaves_out_who_is_dominated(candidates, write_run, tmp_path):
    for seed in range(3):
        write_run(seed=seed, set=["loss.name=bce"], test={"mse": 0.012}, suites={"validation": features(0.7)})
    front = find_goal_front(fold(collect([tmp_path / "runs"]).runs)[1], "validation")
    assert front.goals == ("reconstruction", "generalization", "classification")
    assert front.labels == ("mse", "mae")
    assert front.regrets["bce"]["classification"] == pytest.approx(0.43 / 3)


def test_a_goal_that_somebody_lacks_is_no_coordinate_of_the_front(candidates, write_run, tmp_path):
    write_run(set=["loss.name=bce"], test={"mse": 0.012})
    front = find_goal_front(fold(collect([tmp_path / "runs"]).runs)[1], "validation")
    assert front.goals == ("reconstruction", "generalization")
    assert front.labels == ("mse",)
