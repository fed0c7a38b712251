"""What a training goes on from: every line of its history, or a refusal before anything is written."""

import pytest

from aecli.config.load import load_config
from aecli.experiment.take_up import is_line_of

GOOD = {"epoch": 1, "train_s": 0.5, "elapsed_s": 0.6, "validation": {"mse": 0.1}}


@pytest.mark.parametrize(
    ("changed", "fits"),
    [
        ({}, True),
        ({"epoch": 2}, False),
        ({"validation": {}}, False),
        ({"validation": {"mse": None}}, False),
        ({"validation": {"mse": "0.1"}}, False),
        ({"train_s": None}, True),
    ],
    ids=str,
)
def test_a_line_is_that_of_its_epoch_only_with_what_going_on_needs(changed, fits):
    assert is_line_of(1, GOOD | changed, load_config("mse.yaml")) is fits
