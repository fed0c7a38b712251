"""Goals of a dose-response: the usual ones, those that are asked for, and the gap."""

import pytest
from dosed_runs import respond, write_doses

from aecli.comparison.dose.dose_goals import find_goal
from aecli.errors import UsageError


def test_a_goal_that_only_one_dose_measured_is_not_shown(write_run, tmp_path):
    write_doses(
        write_run, {0: 1.0}, seeds=2, suites={"test": {"features": {"code": {"linear_probe": {"accuracy": 0.9}}}}}
    )
    write_doses(write_run, {1e-6: 1.0}, seeds=2)
    assert [one.metric.name for one in respond(tmp_path).groups[0].responses] == ["test.mse", "gap"]


def test_a_metric_named_twice_is_one(write_run, tmp_path):
    write_doses(write_run, {0: 1.0, 1e-7: 1.0}, seeds=2)
    assert [one.metric.name for one in respond(tmp_path, metrics=["mse", "test.mse"]).groups[0].responses] == [
        "test.mse"
    ]


def test_the_gap_is_test_over_train(write_run, tmp_path):
    for dose, test in ((0, 0.012), (1e-7, 0.009)):
        write_run(set=[f"regularization=[{{name: l1, weight: {dose}}}]"], test={"mse": test}, train={"mse": 0.006})
    (response,) = respond(tmp_path, metrics=["gap"]).groups[0].responses
    assert [step.estimate.mean for step in response.steps] == pytest.approx([2.0, 1.5])


def test_the_usual_goals_are_those_that_two_doses_measured(write_run, tmp_path):
    write_doses(
        write_run, {0: 1.0, 1e-7: 1.0}, seeds=2, suites={"test": {"sparsity": {"all_matrices": {"exact_zeros": 0.0}}}}
    )
    assert [one.metric.name for one in respond(tmp_path).groups[0].responses] == [
        "test.mse",
        "gap",
        "sparsity.exact_zeros",
    ]


def test_a_metric_without_direction_is_refused(write_run, tmp_path):
    write_doses(write_run, {0: 1.0, 1e-7: 1.0}, seeds=1)
    with pytest.raises(UsageError) as error:
        respond(tmp_path, metrics=["epochs"])
    assert (
        str(error.value) == "epochs: nobody knows whether more or less of it is better, so it cannot say what is free"
    )


def test_the_gap_is_a_goal_by_its_name():
    assert find_goal("gap", []).better == "lower"
