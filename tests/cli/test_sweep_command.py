"""`aecli sweep` as a user meets it: a process with workers, its signals, its folder and what it prints."""

import contextlib
import json
import math
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
import yaml
from in_process import call_main
from typer.testing import CliRunner

from aecli.cli import app
from aecli.cli.sweep_command import complete_folder, complete_sweep
from aecli.config.load import load_config
from aecli.config.presets import sweep_names
from aecli.errors import UsageError
from aecli.experiment.run import train
from aecli.runs.folder import RunFolder
from aecli.runs.processes import birth

PATIENCE_S = 200
BASE = {
    "data": {"train_size": 300, "validation": 100},
    "architecture": {"widths": ["auto", 16, 8]},
    "optimization": {"optimizer": {"name": "adam"}},
    "training": {"epochs": 3, "batch_size": 64, "device": "cpu"},
}


def write(folder, epochs=3, suites=(), **sweep):
    """A base and a sweep around it; and a status that saves the measurement of the machine."""
    changes = {"training": BASE["training"] | {"epochs": epochs}, "evaluation": {"suites": list(suites)}}
    (folder / "b.yaml").write_text(yaml.safe_dump(BASE | changes))
    (folder / "s.yaml").write_text(yaml.safe_dump({"base": "b.yaml", **sweep}))
    (folder / "out").mkdir(exist_ok=True)
    if not (folder / "out/status.json").exists():
        (folder / "out/status.json").write_text(json.dumps({"workers": 2, "threads": 1, "images_per_s": 1e4}))


def start(folder, *options):
    """The command in a session of its own, so that a signal reaches its workers as from a terminal."""
    out = [] if "--out" in options else ["--out", "out"]
    command = [sys.executable, "-m", "aecli", "sweep", "-c", "s.yaml", *out, *options]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def run(folder, *options):
    process = start(folder, *options)
    out, err = process.communicate(timeout=PATIENCE_S)
    return process.returncode, out, err


def runs_of(folder):
    return sorted((folder / "out/runs").iterdir())


def statuses(folder):
    return [json.loads((path / "status.json").read_text()) for path in runs_of(folder)]


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def epochs_done(folder):
    lines = [path.read_text().count("\n") for path in folder.glob("out/runs/*/metrics.jsonl")]
    return sum(lines)


def workers_of(process):
    """Its worker processes."""
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    return [pid for pid in pids if parent_of(pid) == process.pid and "spawn_main" in command_of(pid)]


def parent_of(pid):
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


# --------------------------------------------------------------- a whole sweep


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A sweep of two trials that succeed and one that diverges, and what it printed."""
    folder = tmp_path_factory.mktemp("swept")
    kinds = [{"name": "good"}, {"name": "bad", "optimization.optimizer.lr": 1e30}]
    write(
        folder,
        suites=["reconstruction"],
        grid={"loss": ["mse", "bce"]},
        list=kinds,
        exclude=[{"loss": "bce", "name": "bad"}],
    )
    return folder, *run(folder)


def test_the_plan_comes_first_then_a_line_for_each_trial_then_the_folder(swept):
    folder, code, out, err = swept
    lines = out.splitlines()
    assert lines[0] == "s: 3 trials around b.yaml, 1 seed; 0 done, 3 to do"
    assert lines[1] == "1 were excluded"
    assert lines[2].startswith("2 workers x 1 thread; about ")
    assert lines[-1] == "out"
    ends = [line.partition("  ")[2] for line in err.splitlines() if line.startswith(("1/3", "2/3"))]
    assert all(re.search(r"; \d+:\d\d left$", line) for line in ends)
    assert {line.rpartition("; ")[0] for line in ends if "diverged" not in line} <= {
        "name=good, loss=mse, seed=0: completed",
        "name=good, loss=bce, seed=0: completed",
    }


def test_a_trial_that_fails_stops_nothing_is_listed_at_the_end_and_makes_the_exit_code_6(swept):
    folder, code, out, err = swept
    assert code == 6
    assert sorted(status["status"] for status in statuses(folder)) == ["completed", "completed", "diverged"]
    assert err.splitlines()[-1].startswith(
        "error: name=bad, loss=mse, optimization.optimizer.lr=1e+30, seed=0: diverged: "
    )
    assert json.loads((folder / "out/status.json").read_text())["status"] == "failed"


def test_nothing_is_left_of_the_work(swept):
    folder = swept[0]
    assert list((folder / "out/claims").iterdir()) == []
    assert sorted(path.name for path in (folder / "out").iterdir()) == [
        "claims",
        "plan.json",
        "runs",
        "status.json",
        "sweep.yaml",
    ]


def test_compare_takes_the_folder_whole(swept):
    result = CliRunner().invoke(app, ["compare", str(swept[0] / "out"), "--json"])
    assert result.exit_code == 0
    assert "bce" in result.stdout


def test_the_status_of_the_folder_is_told(swept):
    result = CliRunner().invoke(app, ["sweep", "--status", str(swept[0] / "out"), "--json"])
    told = json.loads(result.stdout)
    assert told["counts"] == {"trials": 3, "completed": 2, "diverged": 1}
    shown = CliRunner().invoke(app, ["sweep", "--status", str(swept[0] / "out")]).stdout
    assert shown.splitlines()[0] == f"{swept[0] / 'out'}: failed; 3 trials: 2 completed, 1 diverged"


def test_the_plan_alone_trains_nothing_and_says_what_is_done(swept):
    folder = swept[0]
    done = call_main(*"sweep -c s.yaml --out out --plan".split(), cwd=folder)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "s: 3 trials around b.yaml, 1 seed; 3 done, 0 to do")
    code, out, err = run(folder, *"--plan --out nowhere --jobs 1x1".split())
    assert (code, out.splitlines()[0]) == (0, "s: 3 trials around b.yaml, 1 seed; 0 done, 3 to do")
    assert re.fullmatch(r"1 worker x 1 thread: [\d,]+ images/s\n", err)
    assert not (folder / "nowhere").exists()


@pytest.mark.parametrize("quiet", [(), ("-q",)], ids=["told", "quiet"])
def test_the_plan_as_json_is_the_whole_answer(swept, quiet):
    (swept[0] / "elsewhere").mkdir(exist_ok=True)  # measured already
    (swept[0] / "elsewhere/status.json").write_text(json.dumps({"workers": 1, "threads": 1, "images_per_s": 1e4}))
    done = call_main(*"sweep -c s.yaml --plan --json --out elsewhere".split(), *quiet, cwd=swept[0])
    planned = json.loads(done.stdout)
    assert done.returncode == 0 and ("3 to do" in done.stderr) is not bool(quiet)
    assert [planned[key] for key in ("sweep", "folder", "left", "excluded", "workers", "threads")] == [
        "s",
        "elsewhere",
        3,
        1,
        1,
        1,
    ]
    assert [len(trial["config_sha256"]) for trial in planned["trials"]] == [64] * 3
    assert planned["trials"][0]["label"].endswith("seed=0") and planned["seconds"] > 0 and planned["bytes"] > 1e6


@pytest.mark.slow
def test_again_trains_nothing_and_more_seeds_train_only_those(swept, tmp_path):
    folder, before = swept[0], runs_of(swept[0])
    text = (folder / "s.yaml").read_text()
    assert run(folder)[0] == 6
    assert runs_of(folder) == before
    (folder / "s.yaml").write_text(text + "seeds: 0-1\n")
    code, out, _ = run(folder, "--json")
    (folder / "s.yaml").write_text(text)
    told = json.loads(out)
    assert (code, told["trials"], told["completed"], len(told["failed"])) == (6, 6, 4, 2)
    assert len(runs_of(folder)) == 6 and set(before) < set(runs_of(folder))


@pytest.mark.slow
def test_two_processes_that_start_at_once_share_the_work(tmp_path):
    write(tmp_path, epochs=20, seeds=4)
    both = [start(tmp_path, "--jobs", "1x1") for _ in range(2)]
    ends = [process.communicate(timeout=PATIENCE_S) for process in both]
    assert [process.returncode for process in both] == [0, 0], ends
    assert [status["status"] for status in statuses(tmp_path)] == ["completed"] * 4
    assert len({status["config_sha256"] for status in statuses(tmp_path)}) == 4


# ------------------------------------------------------------ kills and signals

EPOCHS = 120


def moments(path):
    return {
        name: torch.load(path / f"checkpoints/{name}.pt", weights_only=True) for name in ("best", "last", "previous")
    }


def records(path):
    lines = [json.loads(line) for line in (path / "metrics.jsonl").read_text().splitlines()]
    return [
        {key: value for key, value in line.items() if key not in ("train_s", "elapsed_s", "time")} for line in lines
    ]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
@pytest.mark.slow
def test_killed_and_stopped_in_every_way_it_ends_as_if_nothing_had_happened(tmp_path):
    write(tmp_path, epochs=EPOCHS, seeds=2)
    ways = [
        (signal.SIGKILL, os.kill, -9),
        (signal.SIGINT, os.killpg, 130),
        (signal.SIGKILL, os.killpg, -9),
        (signal.SIGTERM, os.kill, 143),
    ]
    for number, send, expected in ways:
        before = epochs_done(tmp_path)
        process = start(tmp_path)
        wait_for(lambda before=before: epochs_done(tmp_path) > before + 6)
        workers = workers_of(process)
        send(process.pid, number)
        out, err = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == expected, err
        begin = time.monotonic()
        wait_for(lambda workers=workers: not any(birth(pid) for pid in workers))
        assert len(workers) == 2 and time.monotonic() - begin < 5
        if number != signal.SIGKILL:
            assert err.splitlines()[-1] == f"error: stopped by {number.name}; go on with the same command"
            told = {RunFolder(path).read_status()["status"] for path in runs_of(tmp_path)}
            assert told == {"interrupted"}  # also one that its worker had not yet taken up again after the kill before
            assert json.loads((tmp_path / "out/status.json").read_text())["status"] == "interrupted"
    assert run(tmp_path)[0] == 0
    assert len(runs_of(tmp_path)) == 2
    for path in runs_of(tmp_path):
        torch.set_num_threads(1)
        whole = train(load_config(path / "config.yaml"), out=tmp_path / "whole").path
        assert records(path) == records(whole)
        for name, moment in moments(path).items():
            other = moments(whole)[name]
            assert moment["epoch"] == other["epoch"]
            assert all(torch.equal(value, other["model"][key]) for key, value in moment["model"].items())


LIFE = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Moments of a sweep's life, as shares of its processes' processor time; the clock depends on who else works."""


def processor_time(process):
    """Of the processes of a session so far, in ticks."""
    stats = [stat_of(path) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats if stat and int(stat[3]) == process.pid)


def stat_of(path):
    try:
        return (path / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def content(folder):
    """Digest -> what a run came to."""
    return {
        status["config_sha256"]: (status["status"], records(path), weights_of(path))
        for path, status in zip(runs_of(folder), statuses(folder), strict=True)
    }


def weights_of(path):
    return {
        name: (moment["epoch"], {key: value.numpy().tobytes() for key, value in moment["model"].items()})
        for name, moment in moments(path).items()
    }


def let_live(process, until):
    """Let a sweep live until its processes have had so much processor time, or it ends: how much they had."""
    lived = 0
    while process.poll() is None and lived < until:
        lived = max(lived, processor_time(process))
        time.sleep(0.01)
    return lived


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
@pytest.mark.slow
def test_killed_at_moments_spread_over_its_life_it_ends_with_the_same_runs(tmp_path):
    whole = tmp_path / "whole"
    whole.mkdir()
    write(whole, epochs=8, seeds=2)
    process = start(whole)
    life = let_live(process, math.inf)
    process.communicate()
    expected = content(whole)
    assert process.returncode == 0 and len(expected) == 2
    killed = []
    for share in LIFE:
        folder = tmp_path / str(share)
        folder.mkdir()
        write(folder, epochs=8, seeds=2)
        process = start(folder)
        lived = let_live(process, share * life)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        killed.append(process.returncode == -9)
        if process.returncode == 0:
            life = lived  # the first life was a longer one: files were not yet in memory, or others were at work
        assert run(folder)[0] == 0
        assert content(folder) == expected
        assert list((folder / "out/claims").iterdir()) == []
    assert sum(killed) >= len(LIFE) - 1, "it was at work"


# -------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--jobs", "0"], '--jobs "0": write auto, a number of workers such as 4, or workers x threads such as 4x2'),
        (["--jobs", "2x"], '--jobs "2x": write auto, a number of workers such as 4, or workers x threads such as 4x2'),
        (["--jobs", ""], '--jobs "": write auto, a number of workers such as 4, or workers x threads such as 4x2'),
        (["--engine", "slurm"], '--engine "slurm": choose local or ray'),
    ],
    ids=["no workers", "half", "nothing", "engine"],
)
def test_options_that_make_no_sense_are_refused_before_anything_starts(options, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, seeds=1)
    result = CliRunner().invoke(app, ["sweep", "-c", "s.yaml", "--out", "out", *options])
    assert (result.exit_code, str(result.exception)) == (1, message)
    assert type(result.exception) is UsageError


def test_shipped_sweeps_and_sweep_folders_are_completed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path)
    assert complete_sweep("") == ["b.yaml", "s.yaml", *sweep_names()]
    assert complete_sweep("los") == ["losses.yaml", "losses_fast.yaml", "losses_tuned.yaml"]
    (tmp_path / "runs/mine").mkdir(parents=True)
    (tmp_path / "runs/mine/plan.json").touch()
    assert complete_folder("ru") == ["runs/mine"]
