"""A measure by its name among runs: found, or refused with what there is instead."""

import pytest
from fake_comparisons import refusal

from aecli.comparison.evidence.lookup import find_measure, measured
from aecli.comparison.evidence.read_run import read_run
from aecli.errors import UsageError


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        (
            "epochs",
            "epochs: nobody knows whether more or less of it is better, so it cannot judge; show it with --columns",
        ),
        (
            "objective",
            "objective: these runs minimized 3 different objectives (huber, mae, mse), whose values are different "
            "quantities, "
            "so neither can be ranked by the other; use a neutral metric such as mse, mae or ssim",
        ),
    ],
)
def test_metrics_that_cannot_judge_are_refused(losses, metric, message):
    assert refusal(losses, metrics=[metric]) == message


def test_a_metric_that_no_run_has_is_refused(losses):
    assert refusal(losses, metrics=["features.linear_probe"]).endswith(
        "; measure it with: aecli evaluate RUN --suite features"
    )


def test_what_no_run_has_is_refused_with_what_there_is(suite_run):
    with pytest.raises(UsageError) as refused:
        find_measure("test.msee", [suite_run])
    assert str(refused.value).startswith(
        'metric "test.msee"; did you mean "test.mse"? measured in these runs: test.mse, validation.mse, train.mse, '
        "features.skill, "
    )


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("robustness.skill", "; measure it with: aecli evaluate RUN --suite robustness"),
        ("validation.code.alive", "; measure it with: aecli evaluate RUN --suite code --split validation"),
    ],
)
def test_a_number_of_a_suite_that_was_not_run_comes_with_the_command(suite_run, name, how):
    with pytest.raises(UsageError) as refused:
        find_measure(name, [suite_run])
    assert str(refused.value).endswith(how)


def test_one_run_that_has_a_metric_is_enough(suite_run, write_run):
    assert find_measure("features.linear_probe", [read_run(write_run(seed=1)), suite_run]).better == "higher"


def test_what_was_measured_does_not_count_the_objective(suite_run):
    names = measured([suite_run])
    assert "objective" not in names
    assert {"test.mse", "features.linear_probe", "code.alive", "compression.saving", "train_s", "epochs"} <= set(names)
