"""The sweep folder: whose it is, what is in it, and what a kill may leave."""

import json
import os

import pytest

from aecli.errors import RunFolderError, UsageError
from aecli.runs.folder import RunFolder
from aecli.sweep.planning.document import load_sweep
from aecli.sweep.planning.plan import make_plan
from aecli.sweep.record.claims import Claims
from aecli.sweep.record.run_index import RunIndex, remove_unborn, results
from aecli.sweep.record.sweep_folder import SweepFolder, open_sweep_folder, prepare_sweep_folder
from aecli.sweep.record.sweep_status import read_sweep

SWEEP = "base: b.yaml\nseeds: 0-1\ngrid: {loss: [mse, mae]}\n"


@pytest.fixture
def plan_around(tmp_path, monkeypatch):
    """A function from the epochs of the base to the plan of a sweep around it."""
    monkeypatch.chdir(tmp_path)

    def make(epochs=3):
        (tmp_path / "b.yaml").write_text(f"training: {{epochs: {epochs}}}\n")
        (tmp_path / "s.yaml").write_text(SWEEP)
        return make_plan(*load_sweep("s.yaml"))

    return make


@pytest.fixture
def folder(plan_around, tmp_path):
    return prepare_sweep_folder(tmp_path / "out", plan_around(), SWEEP)


def write_run(folder, name, status, digest):
    path = folder.runs / name
    path.mkdir()
    RunFolder(path).write_status(status, config_sha256=digest, epoch=1, epochs=3)
    return path


def test_a_new_folder_has_what_the_contract_says(folder, plan_around):
    assert sorted(path.name for path in folder.path.iterdir()) == ["claims", "plan.json", "runs", "sweep.yaml"]
    assert folder.yaml.read_text() == SWEEP
    plan = json.loads(folder.plan.read_text())
    assert plan["trials"][3] == {"digest": plan_around().trials[3].digest, "seed": 1, "changes": {"loss": "mae"}}


def test_a_folder_is_taken_up_and_its_plan_becomes_the_new_one(folder, plan_around):
    write_run(folder, "one", "completed", plan_around().trials[0].digest)
    prepare_sweep_folder(folder.path, plan_around(), SWEEP)
    assert (folder.runs / "one").is_dir()


def test_another_base_under_runs_that_are_there_is_refused_with_the_way_out(folder, plan_around):
    write_run(folder, "one", "completed", plan_around().trials[0].digest)
    with pytest.raises(UsageError) as caught:
        prepare_sweep_folder(folder.path, plan_around(epochs=4), SWEEP)
    assert str(caught.value) == (
        f"{folder.path}: its runs were made from another base config, and one sweep cannot mix the two; undo the change of the "
        f"base, or fork: aecli sweep ... --out {folder.path}-2"
    )


def test_another_base_is_welcome_while_nothing_was_trained(folder, plan_around):
    plan = plan_around(epochs=4)
    prepare_sweep_folder(folder.path, plan, SWEEP)
    assert json.loads(folder.plan.read_text())["base_sha256"] == plan.base_sha256


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


@pytest.mark.parametrize("content", ["", "{", "[]", '{"trials": 3}', '{"trials": [{"seed": 1}]}', "\x00"])
def test_a_damaged_plan_is_written_anew_and_told_of_in_the_status(content, folder, plan_around):
    folder.plan.write_text(content)
    with pytest.raises(UsageError) as caught:
        read_sweep(folder.path)
    assert str(caught.value) == f"{folder.plan}: is damaged; the command that began the sweep writes it anew"
    prepare_sweep_folder(folder.path, plan_around(), SWEEP)
    assert len(read_sweep(folder.path).trials) == 4


def test_a_folder_that_cannot_be_made_is_refused(tmp_path, plan_around):
    (tmp_path / "file").touch()
    with pytest.raises(RunFolderError) as caught:
        prepare_sweep_folder(tmp_path / "file" / "out", plan_around(), SWEEP)
    reason = "cannot make a sweep folder at {}: Not a directory; choose another with --out"
    assert (str(caught.value), caught.value.exit_code) == (reason.format(tmp_path / "file" / "out"), 2)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("nothing", "no such folder; `ls runs` shows what there is"), ("", "is no sweep folder: it has no plan.json")],
)
def test_what_is_no_sweep_cannot_be_opened(name, reason, tmp_path):
    with pytest.raises(UsageError) as caught:
        open_sweep_folder(tmp_path / name)
    assert str(caught.value) == f"{tmp_path / name}: {reason}"


def test_the_run_that_says_most_stands_for_its_trial(folder, plan_around):
    digests = [trial.digest for trial in plan_around().trials]
    for name, status, digest in [
        ("a", "failed", digests[0]),
        ("b", "completed", digests[0]),
        ("c", "interrupted", digests[0]),
        ("d", "failed", digests[1]),
        ("e", "running", digests[1]),
        ("f", "completed", "of no trial"),
    ]:
        write_run(folder, name, status, digest)
    found = results(folder, plan_around().trials)
    assert {digest: (run.path.name, status) for digest, (run, status) in found.items()} == {
        digests[0]: ("b", "completed"),
        digests[1]: ("e", "running"),
    }
    state = read_sweep(folder.path)
    assert [trial.kind for trial in state.trials] == ["completed", "running", "waiting", "waiting"]
    assert (state.counts, state.strangers) == ({"completed": 1, "running": 1, "waiting": 2}, 1)


def test_a_run_is_found_once_it_has_written_its_status(folder):
    index = RunIndex(folder)
    (folder.runs / "a").mkdir()
    index.refresh()
    assert index.best("abc") == (None, "")
    RunFolder(folder.runs / "a").write_status("completed", config_sha256="abc")
    index.refresh()
    assert index.best("abc") == (RunFolder(folder.runs / "a"), "completed")


def test_only_folders_in_which_no_run_began_are_taken_away_and_only_when_nobody_works(folder):
    for name in ("unborn/checkpoints", "unborn/plots", "other"):
        (folder.runs / name).mkdir(parents=True)
    (folder.runs / "unborn/.status.json.77.tmp").touch()
    (folder.runs / "other/notes.txt").touch()
    (folder.runs / "file").touch()
    born = write_run(folder, "born", "interrupted", "abc")
    claims = Claims(folder.claims)
    claims.take("abc", os.getpid())
    remove_unborn(folder, claims)
    assert (folder.runs / "unborn").is_dir()
    claims.release("abc")
    remove_unborn(folder, claims)
    assert sorted(path.name for path in folder.runs.iterdir()) == ["born", "file", "other"]
    assert (born / "status.json").is_file()


def test_a_sweep_whose_process_is_gone_is_interrupted(folder):
    folder.write_status("running", pid=2**22 + 1, host=os.uname().nodename)
    assert SweepFolder(folder.path).read_status()["status"] == "interrupted"
