"""What a candidate is worth on the test split."""

import pytest
from scipy.stats import ttest_1samp

from aecli.comparison.evidence.candidates import fold
from aecli.comparison.evidence.collect import collect
from aecli.comparison.recommendation.cost import find_front, measure_leader


def features(accuracy):
    return {
        "features": {"code": {"linear_probe": {"accuracy": accuracy}}, "pca_32": {"linear_probe": {"accuracy": 0.9}}}
    }


@pytest.fixture
def candidates(write_run, tmp_path):
    """mse has the smaller error, mae the better probe; both splits, three seeds."""
    for seed, (error, probe) in enumerate([(0.0100, 0.80), (0.0102, 0.82), (0.0101, 0.81)]):
        write_run(seed=seed, test={"mse": error}, suites={"test": features(probe), "validation": features(probe)})
    for seed, (error, probe) in enumerate([(0.0110, 0.84), (0.0112, 0.85), (0.0113, 0.84)]):
        write_run(
            seed=seed,
            set=["loss.name=mae"],
            test={"mse": error},
            suites={"test": features(probe), "validation": features(probe)},
        )
    return fold(collect([tmp_path / "runs"]).runs)[1]


def test_the_goals_that_were_asked_for_come_first_then_what_else_was_measured(candidates):
    numbers = measure_leader(candidates[0], candidates, {"classification": 1.0}, "test")
    assert [(one.goal, one.name, one.is_asked) for one in numbers] == [
        ("classification", "features.linear_probe", True),
        ("reconstruction", "mse", False),
        ("generalization", "mse / train.mse", False),
    ]


def test_points_behind_the_best_are_a_difference_over_common_seeds(candidates):
    number = measure_leader(candidates[0], candidates, {"classification": 1.0}, "test")[0]
    assert (number.best, number.unit, number.baselines) == ("mae", "points", {"pca_32": 0.9})
    assert number.estimate.mean == pytest.approx(0.81)
    expected = ttest_1samp([0.04, 0.03, 0.03], 0).confidence_interval(0.95)
    assert (number.behind.mean, number.behind.low, number.behind.high) == pytest.approx((0.1 / 3, *expected))


def test_an_error_behind_the_best_is_a_ratio(candidates):
    number = measure_leader(candidates[1], candidates, {"reconstruction": 1.0}, "test")[0]
    assert (number.name, number.best, number.unit) == ("mse", "mse", "ratio")
    assert number.behind.mean == pytest.approx((0.0110 + 0.0112 + 0.0113) / (0.0100 + 0.0102 + 0.0101) - 1)
    assert number.baselines == {"mean_image": 0.0675, "pca_32": 0.0168}


def test_the_best_is_behind_nobody(candidates):
    number = measure_leader(candidates[0], candidates, {"reconstruction": 1.0}, "test")[0]
    assert (number.best, number.behind) == ("mse", None)


def test_the_front_leaves_out_who_is_dominated(candidates, write_run, tmp_path):
    for seed in range(3):
        write_run(seed=seed, set=["loss.name=bce"], test={"mse": 0.012}, suites={"validation": features(0.7)})
    front = find_front(fold(collect([tmp_path / "runs"]).runs)[1], "validation")
    assert front.goals == ("reconstruction", "generalization", "classification")
    assert front.labels == ("mse", "mae")
    assert front.regrets["bce"]["classification"] == pytest.approx(0.43 / 3)


def test_a_goal_that_somebody_lacks_is_no_coordinate_of_the_front(candidates, write_run, tmp_path):
    write_run(set=["loss.name=bce"], test={"mse": 0.012})
    front = find_front(fold(collect([tmp_path / "runs"]).runs)[1], "validation")
    assert front.goals == ("reconstruction", "generalization")
    assert front.labels == ("mse",)
