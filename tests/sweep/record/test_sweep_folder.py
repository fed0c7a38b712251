"""The sweep folder: whose it is, what is in it, and what a kill may leave."""

import json

import pytest
from fake_sweeps import SWEEP, write_run

from aecli.errors import RunFolderError, UsageError
from aecli.sweep.record.sweep_folder import open_sweep_folder, prepare_sweep_folder


def test_a_new_folder_has_what_the_contract_says(planned_sweep, plan_around):
    assert sorted(path.name for path in planned_sweep.path.iterdir()) == ["claims", "plan.json", "runs", "sweep.yaml"]
    assert planned_sweep.yaml.read_text() == SWEEP
    plan = json.loads(planned_sweep.plan.read_text())
    assert plan["trials"][3] == {"digest": plan_around().trials[3].digest, "seed": 1, "changes": {"loss": "mae"}}


def test_a_folder_is_taken_up_and_its_plan_becomes_the_new_one(planned_sweep, plan_around):
    write_run(planned_sweep, "one", "completed", plan_around().trials[0].digest)
    prepare_sweep_folder(planned_sweep.path, plan_around(), SWEEP)
    assert (planned_sweep.runs / "one").is_dir()


def test_another_base_under_runs_that_are_there_is_refused_with_the_way_out(planned_sweep, plan_around):
    write_run(planned_sweep, "one", "completed", plan_around().trials[0].digest)
    with pytest.raises(UsageError) as caught:
        prepare_sweep_folder(planned_sweep.path, plan_around(epochs=4), SWEEP)
    assert str(caught.value) == (
        f"{planned_sweep.path}: its runs were made from another base config, and one sweep cannot mix the two; undo "
        f"the change of the base, or fork: aecli sweep ... --out {planned_sweep.path}-2"
    )


def test_another_base_is_welcome_while_nothing_was_trained(planned_sweep, plan_around):
    plan = plan_around(epochs=4)
    prepare_sweep_folder(planned_sweep.path, plan, SWEEP)
    assert json.loads(planned_sweep.plan.read_text())["base_sha256"] == plan.base_sha256


@pytest.mark.parametrize(
    "names", [["notes.txt"], ["runs", "notes.txt"], None], ids=["a file in it", "more than runs", "a file"]
)
def test_what_is_no_sweep_is_left_alone(names, tmp_path, plan_around):
    path = tmp_path / "out"
    path.touch() if names is None else path.mkdir()
    for name in names or []:
        (path / name).touch()
    with pytest.raises(UsageError) as caught:
        prepare_sweep_folder(path, plan_around(), SWEEP)
    assert str(caught.value) == f"{path}: is there already and is no sweep; choose another folder with --out"


@pytest.mark.parametrize(
    "names",
    [
        [],
        ["claims"],
        ["claims", "runs"],
        ["claims", "runs", ".sweep.yaml.7.tmp"],
        ["claims", "runs", "sweep.yaml", ".plan.json.7.tmp"],
    ],
)
def test_a_sweep_that_was_killed_while_it_began_is_taken_up(names, tmp_path, plan_around):
    (tmp_path / "out").mkdir()
    for name in names:
        (tmp_path / "out" / name).touch() if "." in name else (tmp_path / "out" / name).mkdir()
    assert prepare_sweep_folder(tmp_path / "out", plan_around(), SWEEP).plan.is_file()


def test_a_folder_that_cannot_be_made_is_refused(tmp_path, plan_around):
    (tmp_path / "file").touch()
    with pytest.raises(RunFolderError) as caught:
        prepare_sweep_folder(tmp_path / "file" / "out", plan_around(), SWEEP)
    reason = "cannot make a sweep folder at {}: Not a directory; choose another with --out"
    assert (str(caught.value), caught.value.exit_code) == (reason.format(tmp_path / "file" / "out"), 2)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nothing", "no such folder; `ls runs` shows what there is"),
        ("", "is no sweep folder: it has no plan.json"),
    ],
)
def test_what_is_no_sweep_cannot_be_opened(name, reason, tmp_path):
    with pytest.raises(UsageError) as caught:
        open_sweep_folder(tmp_path / name)
    assert str(caught.value) == f"{tmp_path / name}: {reason}"
