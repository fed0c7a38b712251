"""One trial, done: anew, resumed, or left to whoever is at it; and what each error makes of it."""

import json
import os
import shutil
import signal
import socket

import pytest

from aecli.config.load import load_config
from aecli.errors import CheckpointError, ConfigError, DataError, DivergedError, InterruptedRun, RunFolderError
from aecli.experiment.run import train
from aecli.runs.folder import RunFolder, timestamp
from aecli.runs.locks import locked
from aecli.sweep.engines.train_trial import Pruned, Reporter, outcome_of_error, train_trial


@pytest.fixture
def config(small):
    return load_config(small)


def do(config, out, resumable=None, stop_after=99):
    """Work at a trial; the outcome, and the epochs that were told."""
    told = []

    def should_stop():
        return told[-1] == stop_after

    return train_trial(
        config.digest(), config, out, resumable, Reporter(lambda epoch, *rest: told.append(epoch), should_stop)
    ), told


def weights(path):
    return (path / "checkpoints/last.pt").read_bytes()


def test_a_trial_is_trained_into_a_new_folder(config, tmp_path):
    outcome, told = do(config, tmp_path)
    assert (outcome.kind, outcome.digest, told) == ("completed", config.digest(), [0, 1, 2, 3])
    assert RunFolder(tmp_path / outcome.run).read_status()["status"] == "completed"


def test_a_trial_that_was_stopped_is_resumed_in_its_folder_to_the_same_weights(config, tmp_path):
    whole = do(config, tmp_path / "whole")[0].run
    outcome, _ = do(config, tmp_path / "cut", stop_after=1)
    assert outcome.kind == "pruned"
    again, told = do(config, tmp_path / "cut", RunFolder(tmp_path / outcome.run).path)
    assert (again.kind, again.run, told) == ("completed", outcome.run, [2, 3])
    assert weights(tmp_path / whole) == weights(tmp_path / again.run)


@pytest.mark.parametrize(
    "missing",
    [["config.yaml"], ["environment.json"], ["config.yaml", "environment.json", "checkpoints", "plots"]],
    ids=str,
)
def test_a_run_that_was_killed_before_its_first_checkpoint_leaves_nothing(missing, config, tmp_path):
    path = train(config, out=tmp_path).path
    for name in (
        "checkpoints/last.pt",
        "checkpoints/best.pt",
        "checkpoints/previous.pt",
        "metrics.jsonl",
        "summary.json",
    ):
        (path / name).unlink()
    for name in missing:
        shutil.rmtree(path / name) if (path / name).is_dir() else (path / name).unlink()
    RunFolder(path).write_status("interrupted")
    outcome, told = do(config, tmp_path, path)
    assert (outcome.kind, told) == ("completed", [0, 1, 2, 3])
    assert [str(run) for run in tmp_path.iterdir()] == [outcome.run]
    assert (tmp_path / outcome.run / "environment.json").is_file()


def test_a_run_whose_checkpoints_are_all_damaged_stays_and_a_new_one_is_made(config, tmp_path):
    path = train(config, out=tmp_path).path
    for name in ("last.pt", "previous.pt"):
        (path / "checkpoints" / name).write_bytes(b"broken")
    RunFolder(path).write_status("interrupted")
    outcome, _ = do(config, tmp_path, path)
    assert outcome.kind == "completed" and outcome.run != str(path)
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("how", ["locked", "running"])
def test_a_run_that_another_process_is_at_gets_no_double(how, config, tmp_path):
    path = train(config, out=tmp_path).path
    RunFolder(path).write_status("interrupted")
    if how == "locked":
        with locked(path):
            outcome, told = do(config, tmp_path, path)
    else:
        alive = {"status": "running", "pid": os.getppid(), "host": socket.gethostname(), "heartbeat": timestamp()}
        status = json.loads((path / "status.json").read_text())
        status.pop("born")
        (path / "status.json").write_text(json.dumps(status | alive))
        outcome, told = do(config, tmp_path, path)
    assert (outcome.kind, told) == ("interrupted", [])
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("error", "kind", "is_machine"),
    [
        (DivergedError("the loss became nan"), "diverged", False),
        (InterruptedRun("stopped", signal.SIGTERM), "interrupted", False),
        (KeyboardInterrupt(), "interrupted", False),
        (Pruned(3), "pruned", False),
        (ConfigError([]), "failed", False),
        (DataError("no data"), "failed", False),
        (CheckpointError("no data"), "failed", False),
        (RunFolderError("cannot write x: No space left on device"), "failed", True),
        (OSError(28, "No space left on device"), "failed", True),
        (MemoryError(), "failed", True),
        (RuntimeError("CUDA out of memory"), "failed", True),
        (ValueError("a bug"), "failed", False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else str(value),
)
def test_what_an_error_makes_of_a_trial(error, kind, is_machine):
    outcome = outcome_of_error("abc", error, "runs/a")
    assert (outcome.kind, outcome.is_machine, outcome.run) == (kind, is_machine, "runs/a")
    assert outcome.reason


def test_a_bug_keeps_its_type_in_the_reason():
    assert outcome_of_error("abc", ValueError("shapes differ\nmore"), None).reason == "ValueError: shapes differ"
