"""A trial's name in one line."""

import pytest

from aecli.sweep.planning.trial import label_of, short


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (0.001, "0.001"),
        ("mse", "mse"),
        ([], "none"),
        (["mse", {"name": "huber", "delta": 0.1}], "mse+huber(delta=0.1)"),
        ({"b": 1, "a": 2}, '{"a": 2, "b": 1}'),
    ],
)
def test_a_value_is_told_in_few_characters(value, text):
    assert short(value) == text


def test_the_seed_comes_last():
    assert label_of({"loss": "mae", "training.epochs": 3}, 7) == "loss=mae, training.epochs=3, seed=7"
