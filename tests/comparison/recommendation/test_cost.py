"""What a candidate is worth on the test split."""

import pytest
from probed_runs import write_probed
from scipy.stats import ttest_1samp

from aecli.comparison.evidence.candidates import fold
from aecli.comparison.evidence.collect import collect
from aecli.comparison.recommendation.cost import measure_leader


@pytest.fixture
def candidates(write_run, tmp_path):
    return write_probed(write_run, tmp_path / "runs")


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


def test_a_leader_with_one_seed_is_not_said_to_be_behind_a_worse_config_that_has_several(write_run, tmp_path):
    write_run(test={"mse": 0.01})
    write_run(test={"mse": 0.02}, set=["loss.name=huber"])
    for seed in range(2):
        write_run(seed=seed, test={"mse": 0.08}, set=["loss.name=mae"])
    candidates = fold(collect([tmp_path / "runs"]).runs)[1]
    leader, second = (one for label in ("mse", "huber") for one in candidates if one.label == label)
    number = measure_leader(leader, candidates, {"reconstruction": 1.0}, "test")[0]
    assert (number.best, number.behind) == ("mse", None)
    assert measure_leader(second, candidates, {"reconstruction": 1.0}, "test")[0].best == "mse"
