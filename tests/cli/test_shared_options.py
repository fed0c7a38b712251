"""Options that several commands share are the same everywhere, and Tab offers what is there."""

import inspect

import pytest

from aecli.cli import (
    check_command,
    compare_command,
    dose_command,
    recommend_command,
    report_command,
    shared_options,
    train,
)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """A folder with a run, a config and something else."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs/a_run").mkdir(parents=True)
    (tmp_path / "runs/a_run/status.json").touch()
    (tmp_path / "runs/a_run/config.yaml").write_text("name: mine\n")
    (tmp_path / "runs/nothing").mkdir()
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs/mine.yaml").touch()
    return tmp_path


def test_runs_and_configs_are_offered_and_nothing_else():
    assert shared_options.complete_run("") == ["runs/a_run"] and shared_options.complete_run("x") == []
    assert shared_options.complete_run("la") == ["last"] and shared_options.complete_run("mi") == ["mine"]
    assert shared_options.complete_config("configs/") == ["configs/mine.yaml"]
    assert shared_options.complete_config("smok") == ["smoke.yaml"]
    assert shared_options.complete_file("", [], ["b", "a", "b"]) == ["b", "a"]


def test_the_same_parameter_means_the_same_in_every_command():
    commands = [compare_command.compare, dose_command.dose, recommend_command.recommend, report_command.report]
    for name, expected in (
        ("runs", shared_options.RunsArgument),
        ("where", shared_options.Where),
        ("rope", shared_options.RopeOption),
    ):
        found = [inspect.signature(one).parameters.get(name) for one in commands]
        assert {one.annotation for one in found if one} == {expected}
    for command in (train.resume, check_command.check):
        assert inspect.signature(command).parameters["run"].annotation == shared_options.RunArgument
