"""A section may leave its name out where it is at its default; the name that holds is the one that was given last."""

import pytest

from aecli.config.implied import IMPLIED
from aecli.config.load import load_config
from aecli.config.schema import Config
from aecli.errors import ConfigError


def at(config, path):
    """The name of what stands at a path."""
    value = config.plain()
    for part in path:
        value = value[part]
    return value.get("name", IMPLIED[path])


def test_what_is_implied_is_the_default():
    assert {path: at(Config(), path) for path in IMPLIED} == IMPLIED


@pytest.mark.parametrize(
    ("source", "sets", "path", "expected"),
    [
        ({"optimization": {"schedule": {"warmup": 2}}}, [], "schedule", {"name": "constant", "warmup": 2.0}),
        ({"seed": 1}, ["optimization.schedule.warmup=2"], "schedule", {"name": "constant", "warmup": 2.0}),
        ("muon.yaml", ["optimization.schedule={warmup: 2}"], "schedule", {"name": "cosine", "warmup": 2.0, "end": 0.0}),
        ({"optimization": {"schedule": {"warmup": 2}}}, ["optimization.schedule=linear"], "schedule",
            {"name": "linear", "warmup": 0.0, "end": 0.0}),
        ({"optimization": {"schedule": {"warmup": 2}}}, ["optimization.schedule=constant"], "schedule",
            {"name": "constant", "warmup": 2.0}),
        ({"seed": 1}, ["optimization.optimizer.lr=0.5"], "optimizer",
            {"name": "adam", "lr": 0.5, "betas": [0.9, 0.999], "eps": 1e-8}),
    ],
)  # fmt: skip
def test_one_value_of_a_section_can_be_set(source, sets, path, expected):
    assert load_config(source, set=sets).plain()["optimization"][path] == expected


def test_a_loss_without_a_name_is_the_default_one_and_keeps_the_name_it_was_given():
    assert load_config({"loss": {"weight": 2}}).plain()["loss"] == {"name": "mse", "weight": 2.0}
    assert load_config({"extends": "huber.yaml", "loss": {"weight": 2}}).plain()["loss"]["name"] == "huber"
    assert load_config("huber.yaml", set=["loss={delta: 0.3}"]).plain()["loss"]["name"] == "huber"
    with pytest.raises(ConfigError, match=r"loss\[1\]\.name: is required"):
        load_config({"loss": ["mse", {"weight": 1}]})
