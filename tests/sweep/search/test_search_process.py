"""A search by the installed command: killed in the middle, gone on with, and its winner trained with fresh seeds."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from one_thread import OneThread, Watcher

from aecli.config.yaml_source import dump
from aecli.sweep.planning.document import load_sweep
from aecli.sweep.planning.plan import make_plan
from aecli.sweep.record.sweep_folder import prepare_sweep_folder
from aecli.sweep.schedule import run_trials
from aecli.sweep.search.search_result import conclude_search
from aecli.sweep.search.search_rules import plan_search
from aecli.sweep.search.search_source import SearchSource

LR = "optimization.optimizer.lr"
TRIALS = 4
BASE = {"optimization": {"optimizer": {"name": "adam", "lr": 1e-3}}}


def sweep(
    *arguments,
    cwd,
) -> subprocess.Popen:
    """`aecli sweep` in a session of its own."""
    command = [sys.executable, "-m", "aecli", "sweep", "--jobs", "1x1", *arguments]
    return subprocess.Popen(command, cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def lines(path) -> list[dict]:
    """The records of the study so far."""
    return (
        [json.loads(line) for line in path.read_text().splitlines(True) if line.endswith("\n")] if path.exists() else []
    )


def ended(path) -> int:
    """How many trials of the study have ended."""
    return sum("values" in one and "state" in one for one in lines(path))


def tried(folder) -> list[dict]:
    """What was tried, in order."""
    return [
        (one["changes"], one["kind"], one["values"])
        for one in json.loads((folder / "search.json").read_text())["trials"]
    ]


@pytest.mark.slow
def test_a_search_that_is_killed_goes_on_to_the_same_end(tmp_path, small):
    (tmp_path / "base.yaml").write_text(dump(small | BASE))
    search = {"trials": TRIALS, "sampler": "tpe", "space": {LR: {"log_uniform": [1e-4, 1e-1]}}}
    (tmp_path / "find.yaml").write_text(dump({"base": "base.yaml", "search": search}))

    killed, log = tmp_path / "runs" / "find", tmp_path / "runs" / "find" / "search.log"
    process = sweep("--config", "find.yaml", cwd=tmp_path)
    until = time.monotonic() + 120
    while ended(log) < 2 and time.monotonic() < until and process.poll() is None:
        time.sleep(0.01)
    while not any(one.is_dir() and not (one / "summary.json").exists() for one in killed.glob("runs/*")):
        time.sleep(0.002)  # the third is being trained
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert 2 <= ended(log) < TRIALS

    process = sweep("--config", "find.yaml", cwd=tmp_path)
    output, errors = process.communicate(timeout=200)
    assert process.returncode == 0, errors
    assert f"{TRIALS} tried, {TRIALS} completed; the best by validation.mse:" in output
    assert (
        f"the winner was chosen as the best of {TRIALS} on the validation split, so its validation number is optimistic"
        in output
    )
    assert ended(log) == TRIALS
    digests = [json.loads(path.read_text())["config_sha256"] for path in killed.glob("runs/*/summary.json")]
    assert len(digests) == len(set(digests)) == TRIALS

    asked, document, path = load_sweep(str(tmp_path / "find.yaml"))
    folder = prepare_sweep_folder(tmp_path / "whole", plan := plan_search(asked, document, path), "")
    whole = SearchSource(asked, document, path, folder, plan)
    run_trials(whole, folder, OneThread(folder.runs), Watcher())
    conclude_search("find", whole)
    assert tried(folder.path) == tried(killed)

    command = next(line.split()[1:] for line in output.splitlines() if line.strip().startswith("aecli sweep --config"))
    plan = make_plan(*load_sweep(str(tmp_path / command[2])))
    again = run_trials(plan.trials[:1], folder, OneThread(folder.runs), Watcher())
    assert [one.kind for one in again.outcomes.values()] == ["completed"]


@pytest.mark.slow
def test_two_processes_on_one_search_share_its_trials(tmp_path, small):
    (tmp_path / "base.yaml").write_text(dump(small | BASE))
    search = {"trials": 7, "space": {LR: {"log_uniform": [1e-4, 1e-1]}}}
    (tmp_path / "find.yaml").write_text(dump({"base": "base.yaml", "search": search}))
    (tmp_path / "runs/find").mkdir(parents=True)
    (tmp_path / "runs/find/status.json").write_text(json.dumps({"workers": 1, "threads": 1, "images_per_s": 1e4}))
    both = [sweep("--config", "find.yaml", cwd=tmp_path) for _ in range(2)]
    ends = [process.communicate(timeout=300) for process in both]
    assert [process.returncode for process in both] == [0, 0], ends
    folder = tmp_path / "runs/find"
    rows = json.loads((folder / "search.json").read_text())["trials"]
    assert [(row["number"], row["kind"]) for row in rows] == [(number, "completed") for number in range(7)]
    assert sorted(run for row in rows for run in row["runs"]) == sorted(
        path.name for path in (folder / "runs").iterdir()
    )
    assert ended(folder / "search.log") == 7 and not list((folder / "claims").iterdir())
