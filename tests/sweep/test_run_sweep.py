"""A whole sweep, called as the command calls it: what it refuses and warns of before anything is trained."""

import json
import os
import socket

import pytest

from aecli.config.load import load_config
from aecli.config.yaml_source import dump
from aecli.errors import RunFolderError, UsageError
from aecli.runs.folder import RunFolder
from aecli.runs.processes import birth
from aecli.sweep.layout import warn_of_threads
from aecli.sweep.planning.trial import Trial
from aecli.sweep.record.sweep_folder import SweepFolder
from aecli.sweep.run_sweep import run_sweep

LR = "optimization.optimizer.lr"


class Listener:
    """An announcer that is told and does nothing."""

    def note(self, text):
        pass

    def plan(self, *told):
        pass


@pytest.fixture
def write_begun(tmp_path, small, monkeypatch):
    """A function that writes a sweep around `small` and its folder, as it is after one of its runs."""
    monkeypatch.chdir(tmp_path)

    def write(base=None, status=None, **asked):
        optimizer = {"optimization": {"optimizer": {"name": "adam", "lr": 1e-3}}}
        small["training"].pop("threads", None)
        (tmp_path / "base.yaml").write_text(dump({**small, **optimizer, **(base or {})}))
        (tmp_path / "s.yaml").write_text(dump({"base": "base.yaml", **asked}))
        folder = SweepFolder(tmp_path / "out")
        folder.claims.mkdir(parents=True, exist_ok=True)
        (folder.runs / "one").mkdir(parents=True, exist_ok=True)
        folder.status.write_text(
            json.dumps({"engine": "local", "workers": 2, "threads": 1, "images_per_s": 1e4, **(status or {})})
        )
        return folder

    return write


@pytest.mark.parametrize(
    "asked", [{"seeds": 2}, {"search": {"trials": 2, "space": {LR: {"uniform": [0.01, 0.1]}}}}], ids=["grid", "search"]
)
def test_another_base_is_refused_before_anything_is_looked_at_or_written(asked, write_begun):
    folder = write_begun(**asked)
    (folder.path / "search.log").touch()
    folder.plan.write_text('{"base_sha256": "another", "trials": []}')
    before = {path.name: path.read_bytes() for path in folder.path.iterdir() if path.is_file()}
    with pytest.raises(
        UsageError, match=f"^{folder.path}: its runs were made from another base config, .* or fork: aecli sweep"
    ):
        run_sweep("s.yaml", out=folder.path, watcher=Listener())
    assert {path.name: path.read_bytes() for path in folder.path.iterdir() if path.is_file()} == before


@pytest.mark.parametrize(
    ("before", "now", "own", "keep"),
    [
        ({}, 1, None, None),
        ({}, 2, None, "--jobs 2x1"),
        ({"engine": "ray", "workers": 40}, 2, None, "--jobs Nx1"),
        ({"threads": None}, 2, None, None),
        ({}, 2, 1, None),
    ],
    ids=["same", "other", "of a cluster", "unknown", "said by the config"],
)
def test_another_number_of_threads_is_warned_of(before, now, own, keep, write_begun):
    folder, told = write_begun(status=before), []
    config = load_config(folder.path.parent / "base.yaml", set=[f"training.threads={own or 'null'}"])
    warn_of_threads(folder, [Trial(config.digest(), config, {})], now, told.append)
    text = "warning: 1 thread per worker so far, 2 now: the last bits of runs differ between the two; {} keeps to it"
    assert told == ([text.format(keep)] if keep else [])


def test_a_log_of_a_search_that_cannot_be_written_is_named(write_begun):
    folder = write_begun(search={"trials": 2, "space": {LR: {"uniform": [0.01, 0.1]}}})
    (folder.path / "search.log").mkdir()
    with pytest.raises(
        RunFolderError, match=f"^cannot write {folder.path}/search.log: Is a directory; free some space or"
    ):
        run_sweep("s.yaml", out=folder.path, plan_only=True, watcher=Listener())


def test_a_sweep_is_running_as_long_as_any_process_works_at_it(write_begun):
    from aecli.sweep.record.sweep_status import read_sweep

    folder = write_begun(status={"status": "completed"})
    folder.plan.write_text('{"trials": []}')
    claim = {"pid": os.getpid(), "born": birth(os.getpid()), "host": socket.gethostname()}
    (folder.claims / "abc.json").write_text(json.dumps(claim))
    assert read_sweep(folder.path).status == "running"
    (folder.claims / "abc.json").write_text(json.dumps({**claim, "born": "another"}))
    assert read_sweep(folder.path).status == "completed"


def test_what_a_search_stopped_is_told_as_pruned_and_what_is_to_come_is_counted(write_begun, capsys):
    from aecli.console.sweep_results import show_sweep_state
    from aecli.sweep.record.sweep_status import read_sweep

    folder = write_begun(status={"status": "interrupted"})
    folder.plan.write_text(json.dumps({"expected": 9, "trials": [{"digest": "abc", "seed": 0, "changes": {LR: 0.1}}]}))
    RunFolder(folder.runs / "one").write_status(
        "interrupted", reason="pruned by the search after epoch 2", config_sha256="abc"
    )
    state = read_sweep(folder.path)
    assert (state.counts, state.expected, state.plain()["expected"]) == ({"pruned": 1}, 9, 9)
    show_sweep_state(state)
    assert capsys.readouterr().out == f"{folder.path}: interrupted; 1 of 9 trials come to: 1 pruned\n"
