"""The run folder: distinct names, refusals that leave nothing, and a status that tells what became of a run."""

import json
import re
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from aecli.errors import RunFolderError, UsageError
from aecli.runs.folder import RunFolder, create_run_folder, open_run_folder, remove_run_folder

NAME = re.compile(r"\d{8}T\d{6}Z_mse_s0_[0-9a-f]{4}")


@pytest.fixture
def folder(tmp_path):
    return create_run_folder(tmp_path / "runs", "mse", 0)


@pytest.fixture
def dead_process():
    """The id of a process that was running, and was killed."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    process.kill()
    process.wait()
    return process.pid


def rewrite(folder, **changes):
    """Status.json as another process would have written it."""
    folder.status_file.write_text(json.dumps(json.loads(folder.status_file.read_text()) | changes))


def test_the_name_of_a_folder_has_time_name_seed_and_a_random_end(tmp_path):
    before = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    folder = create_run_folder(tmp_path / "deep" / "runs", "mse", 0)
    after = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    assert NAME.fullmatch(folder.path.name)
    assert before <= folder.path.name.partition("_")[0] <= after
    assert folder.path.parent == tmp_path / "deep" / "runs"
    assert create_run_folder(tmp_path, "huber-0.1", 17).path.name[16:].startswith("_huber-0.1_s17_")


def test_a_new_folder_holds_room_for_checkpoints_and_plots_and_nothing_else(folder):
    assert sorted(path.name for path in folder.path.rglob("*")) == ["checkpoints", "plots"]
    assert folder.checkpoints.is_dir() and folder.plots.is_dir()


def test_fifty_folders_made_in_the_same_second_by_four_processes_are_all_distinct(tmp_path):
    script = """
        import sys, time
        from pathlib import Path
        from aecli.runs.folder import create_run_folder
        print("ready", flush=True)
        time.sleep(float(sys.stdin.readline()) - time.time())
        for _ in range(int(sys.argv[2])):
            print(create_run_folder(Path(sys.argv[1]), "mse", 0).path.name)
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(tmp_path / "runs")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen([*command, str(count)], **pipes) for count in (12, 12, 13, 13)]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 4
    start = int(time.time()) + 1.05  # all in the same second
    told = []
    for process in processes:
        process.stdin.write(f"{start}\n")
        process.stdin.flush()
    for process in processes:
        told += process.communicate(timeout=60)[0].split()
    made = [path.name for path in (tmp_path / "runs").iterdir()]
    assert len(told) == len(set(told)) == 50 and sorted(told) == sorted(made)
    assert all(NAME.fullmatch(name) for name in made)
    assert len({name.partition("_")[0] for name in made}) <= 2


def test_a_name_that_is_taken_is_not_taken_again(tmp_path, monkeypatch):
    ends = iter(["aaaa"] * 5 + ["bbbb"])
    monkeypatch.setattr("secrets.token_hex", lambda size: next(ends))
    first, second = create_run_folder(tmp_path, "mse", 0), create_run_folder(tmp_path, "mse", 0)
    assert first.path != second.path and first.path.name.endswith("_aaaa")


def test_giving_up_on_names_is_an_error_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr("secrets.token_hex", lambda size: "aaaa")
    with pytest.raises(RunFolderError, match=r": 100 names were taken; choose another with --out$"):
        for _ in range(10):  # ten, since a second may end in between
            create_run_folder(tmp_path, "mse", 0)


@pytest.mark.parametrize(
    ("below", "reason"),
    [("file/runs", "Not a directory"), ("file", "it is a file"), ("/proc/x", "No such file or directory")],
)
def test_a_folder_that_cannot_be_made_is_refused_and_leaves_nothing(below, reason, tmp_path):
    (tmp_path / "file").write_text("content")
    root = tmp_path / below
    with pytest.raises(RunFolderError) as caught:
        create_run_folder(root, "mse", 0)
    assert str(caught.value) == f"cannot make a run folder in {root}: {reason}; choose another with --out"
    assert caught.value.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["file"] and (tmp_path / "file").read_text() == "content"
    assert not Path("/proc/x").exists()


def test_a_folder_can_be_taken_back_and_other_runs_stay(folder):
    other = create_run_folder(folder.path.parent, "mae", 0)
    folder.write_status("running")
    remove_run_folder(folder)
    assert list(folder.path.parent.iterdir()) == [other.path]
    remove_run_folder(folder)  # twice does no harm
    assert other.plots.is_dir()


def test_the_folder_of_all_runs_goes_with_the_only_run_in_it(folder, tmp_path):
    remove_run_folder(folder)
    assert list(tmp_path.iterdir()) == []


def test_a_status_keeps_what_it_said_before(folder):
    folder.write_status("running", epoch=None, epochs=50, config_sha256="abc")
    first = folder.read_status()
    time.sleep(0.01)
    folder.write_status("running", epoch=7)
    folder.write_status("completed")
    last = folder.read_status()
    assert first["schema"] == last["schema"] == 1
    assert first["started"] == first["heartbeat"] == last["started"] < last["heartbeat"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", last["heartbeat"])
    assert (last["status"], last["epoch"], last["epochs"], last["config_sha256"]) == ("completed", 7, 50, "abc")
    assert last["host"] == socket.gethostname()


def test_a_reason_is_forgotten_when_the_run_goes_on(folder):
    folder.write_status("interrupted", reason="stopped by SIGINT")
    assert folder.read_status()["reason"] == "stopped by SIGINT"
    folder.write_status("running")
    assert folder.read_status()["reason"] is None


def test_a_run_whose_process_lives_is_running(folder):
    folder.write_status("running", epoch=3)
    assert folder.read_status()["status"] == "running"


def test_a_run_whose_process_was_killed_is_interrupted(folder, dead_process):
    folder.write_status("running", epoch=3, epochs=9)
    rewrite(folder, pid=dead_process)
    status = folder.read_status()
    assert (status["status"], status["reason"]) == ("interrupted", f"its process {dead_process} is gone")
    assert (status["epoch"], status["epochs"]) == (3, 9)
    assert json.loads(folder.status_file.read_text())["status"] == "running"  # reading writes nothing


@pytest.mark.parametrize("ended", ["completed", "failed", "diverged", "interrupted"])
def test_an_end_that_was_written_stands_though_the_process_is_gone(ended, folder, dead_process):
    folder.write_status(ended, reason="as it was")
    rewrite(folder, pid=dead_process)
    assert (folder.read_status()["status"], folder.read_status()["reason"]) == (ended, "as it was")


def test_another_host_is_believed(folder, dead_process):
    folder.write_status("running")
    rewrite(folder, pid=dead_process, host="another.example.org")
    assert folder.read_status()["status"] == "running"


@pytest.mark.parametrize("pid", [None, "abc", 10**30], ids=["null", "text", "huge"])
def test_a_process_id_that_is_none_is_gone(pid, folder):
    folder.write_status("running")
    rewrite(folder, pid=pid)
    assert folder.read_status()["status"] == "interrupted"


@pytest.mark.parametrize("content", ["", '{"status": "run', "[]", "[1]", "null", "\0\0"], ids=repr)
def test_a_broken_status_reads_as_empty_and_can_be_written_again(content, folder):
    folder.status_file.write_text(content)
    assert folder.read_status() == {}
    folder.write_status("interrupted", epoch=2)
    status = folder.read_status()
    assert status["status"] == "interrupted" and status["epoch"] == 2 and status["started"] == status["heartbeat"]


def test_what_is_missing_or_broken_reads_as_empty(folder):
    assert folder.read_status() == folder.read_summary() == folder.read_environment() == {}
    assert folder.read_metrics() == []
    for path in (folder.summary, folder.environment, folder.metrics):
        path.write_text('{"half": ')
    assert folder.read_summary() == folder.read_environment() == {} and folder.read_metrics() == []


def test_the_files_have_the_names_of_the_contract(folder):
    documented = re.findall(r"^  (\S+?)/? ", sys.modules["aecli.runs.folder"].__doc__, flags=re.MULTILINE)
    paths = [folder.config, folder.status_file, folder.environment, folder.metrics, folder.summary]
    paths += [folder.per_image, folder.examples]
    assert documented[:8] == [*(path.name for path in paths), "checkpoints"]
    assert all(path.parent == folder.path for path in [*paths, folder.checkpoints, folder.plots, folder.log])
    assert (folder.plots.name, folder.log.name) == ("plots", "log.txt")


def test_a_run_is_opened_by_its_path(folder):
    folder.config.write_text("name: mse\n")
    folder.write_status("completed")
    assert open_run_folder(str(folder.path)) == open_run_folder(folder.path) == RunFolder(folder.path)


def test_a_path_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError) as caught:
        open_run_folder(tmp_path / "nothing")
    there = f"no such path, and {tmp_path} has no runs"
    assert str(caught.value).startswith(f"{tmp_path / 'nothing'}: {there}; give a run's folder, or go to ")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("kind", ["empty folder", "only config.yaml", "only status.json", "file"])
def test_what_is_no_run_is_refused(kind, tmp_path):
    path = tmp_path / "thing"
    if kind == "file":
        path.write_text("")
    else:
        path.mkdir()
        if kind.startswith("only"):
            (path / kind.split()[1]).write_text("")
    with pytest.raises(UsageError) as caught:
        open_run_folder(path)
    assert str(caught.value) == f"{path}: is no run folder: it has no config.yaml and status.json"
    assert caught.value.exit_code == 2
