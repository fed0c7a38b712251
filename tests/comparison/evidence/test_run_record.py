"""One run read back, whatever its files hold."""

import pytest

from aecli.comparison.evidence.read_run import read_run
from aecli.comparison.evidence.run_record import RunRecord
from aecli.runs.stored_values import finite_number


def test_a_complete_run_is_read_back(write_run):
    run = read_run(write_run(seed=3, test={"mse": 0.01}))
    assert isinstance(run, RunRecord)
    assert (run.seed, run.config["loss"]["name"], run.data["dataset"], run.data_sha256) == (
        3,
        "mse",
        "mnist",
        "fe4f6dc3",
    )
    assert run.number(("test", "mse")) == 0.01


@pytest.mark.parametrize(
    "text", [None, "", "[]", "5", "{", '{"data": [1]}', '{"data": {"sha256": 5}}', '{"a":' * 400 + "1" + "}" * 400]
)
def test_a_broken_environment_means_that_nothing_is_known(write_run, text):
    path = write_run()
    (path / "environment.json").unlink()
    if text is not None:
        (path / "environment.json").write_text(text)
    run = read_run(path)
    assert run.data_sha256 is None
    assert run.data.get("dataset") is None


def test_an_environment_that_is_nested_too_deep_to_be_walked_through_is_not_known(write_run):
    path = write_run()
    for levels, is_known in ((40, True), (60, False)):
        (path / "environment.json").write_text('{"data":' * levels + "1" + "}" * levels)
        assert bool(read_run(path).environment) == is_known


@pytest.mark.parametrize("value", [None, True, "0.1", [0.1], {}, float("nan"), float("inf"), 10**400], ids=str)
def test_only_finite_numbers_are_numbers(write_run, value):
    assert finite_number(value) is None


def test_a_number_behind_something_else_is_none(write_run):
    run = read_run(write_run(summary={"train": 5, "advice": [1]}))
    assert run.number(("train", "mse")) is None
    assert run.number(("advice", "0")) is None
    assert run.number(("nothing", "at", "all")) is None
