"""Rules on the code, the data and what selects."""

import pytest

from aecli.config import protocol_advice
from aecli.config.load import load_config


def keys(rule, **sections):
    """Where a rule speaks."""
    return [key for key, _, _ in rule(load_config(sections))]


def test_a_relu_on_the_code_is_told_and_one_elsewhere_is_not():
    relu, linear = ({"architecture": {"activation": "relu", "code_activation": code}} for code in ("relu", "linear"))
    assert keys(protocol_advice.relu_kills_code_units, **relu) == ["architecture.code_activation"]
    assert keys(protocol_advice.relu_kills_code_units, **linear) == []


@pytest.mark.parametrize(
    ("sections", "speaks"),
    [
        ({"evaluation": {"checkpoint": "best"}}, True),
        ({"evaluation": {"checkpoint": "last"}}, False),
        ({"evaluation": {"checkpoint": "last"}, "training": {"early_stopping": {}}}, True),
        ({"evaluation": {"checkpoint": "last"}, "optimization": {"schedule": "plateau"}}, True),
        ({"evaluation": {"checkpoint": "last"}, "optimization": {"schedule": "cosine"}}, False),
    ],
    ids=["best", "nothing", "stopping", "plateau", "cosine"],
)
def test_the_test_split_selects_by_the_checkpoint_the_end_or_the_rate(sections, speaks):
    found = keys(protocol_advice.test_split_selects, data={"validation": "test"}, **sections)
    assert found == (["data.validation"] if speaks else [])


def test_outliers_in_the_training_set_are_told_and_in_the_inputs_are_not():
    found = keys(protocol_advice.outlier_images_break_little, data={"contamination": "outlier_images"})
    assert found == ["data.contamination"]
    assert keys(protocol_advice.outlier_images_break_little, data={"corruption": "outlier_images"}) == []


def test_a_metric_that_is_also_the_loss_selects_for_itself():
    judged = {"loss": "mae", "evaluation": {"select": "mae"}}
    assert keys(protocol_advice.trained_by_the_selecting_metric, **judged) == ["evaluation.select"]
    assert keys(protocol_advice.trained_by_the_selecting_metric, **judged | {"loss": "huber"}) == []


def test_a_warm_up_and_an_annealing_that_outlast_the_training_are_told():
    short = {"training": {"epochs": 3}}
    slow = {"optimization": {"schedule": {"name": "constant", "warmup": 3}}}
    assert keys(protocol_advice.training_ends_before_the_warmup, **short, **slow) == ["optimization.schedule.warmup"]
    assert keys(protocol_advice.training_ends_before_the_warmup, **slow) == []
    annealed = {"loss": ["mse", {"name": "huber", "delta": {"start": 1, "end": 0.1, "epochs": 4}}]}
    assert keys(protocol_advice.training_ends_before_an_annealing, **short, **annealed) == ["loss[1].delta"]
    assert keys(protocol_advice.training_ends_before_an_annealing, **annealed) == []
