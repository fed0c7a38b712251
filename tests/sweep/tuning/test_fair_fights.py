"""Fights that only tuning makes fair, trained on MNIST; and a sweep that tunes, killed in the middle."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

import aecli
from aecli.comparison.verdicts.compare import compare

LR = "optimization.optimizer.lr"
QUICK = {"device": "cpu", "threads": 1}
LINEAR = {
    "name": "linear",
    "data": {"train_size": 1000, "validation": 500},
    "architecture": {
        "widths": ["auto", 16],
        "activation": "linear",
        "code_activation": "linear",
        "init": "torch",
        "output_bias": "mean_image",
    },
    "optimization": {"optimizer": {"name": "sgd", "lr": 1.0}, "schedule": {"name": "linear"}},
    "training": {"epochs": 2, "batch_size": 50, **QUICK},
    "evaluation": {"suites": ["reconstruction"]},
}
SHORT = {
    "name": "short",
    "data": {"train_size": 10_000, "validation": 1000},
    "architecture": {"widths": ["auto", 128, 64, 32]},
    "optimization": {"optimizer": {"name": "adam", "lr": 1e-3}},
    "training": {"epochs": 3, "batch_size": 128, **QUICK},
    "evaluation": {"suites": ["reconstruction"]},
}


def sweep(folder, base, **asked):
    folder.mkdir(exist_ok=True, parents=True)
    (folder / "base.json.yaml").write_text(json.dumps(base))
    (folder / "fair.yaml").write_text(json.dumps({"base": "base.json.yaml", **asked}))
    done = aecli.sweep(folder / "fair.yaml", out=folder / "sweep", jobs="1x1")
    assert not done.failed
    return done


def verdicts(folder, metric, baseline):
    """Label -> (verdict untuned, verdict tuned)."""
    (group,) = compare([folder], metrics=[metric], baseline=baseline).groups
    before = {verdict.candidate: verdict.kind for verdict in group.tuned.verdicts}
    return {verdict.candidate: (before[verdict.candidate], verdict.kind) for verdict in group.verdicts}


@pytest.mark.slow
def test_a_loss_times_a_hundred_is_another_loss_until_its_rate_is_tuned(tmp_path):
    sweep(
        tmp_path,
        LINEAR,
        seeds="0-6",
        grid={"loss": ["mse", {"name": "mse", "weight": 100}]},
        tune={LR: {"log_uniform": [0.1, 1000]}, "trials": 9, "seeds": 1, "curve": True},
    )
    assert verdicts(tmp_path / "sweep", "mse", "weight=100") == {"weight=1": ("worse", "equivalent")}
    (group,) = compare([tmp_path / "sweep"], metrics=["mse"], baseline="weight=100").groups
    assert [len(budget.fresh) for budget in group.tuned.budgets] == [1] * 9, "every budget is judged by fresh seeds"


@pytest.mark.slow
def test_sweeps_at_two_rates_disagree_until_each_loss_has_its_own(tmp_path):
    huber = {"name": "huber", "delta": 0.1}
    asked = {"seeds": "0-6", "grid": {"loss": ["mse", huber]}}
    tune = {LR: {"log_uniform": [3e-4, 3e-2]}, "trials": 3, "seeds": 1}
    told = {}
    for rate in (3e-4, 1e-3):
        optimizer = {"optimization": {"optimizer": {"name": "adam", "lr": rate}}}
        folder = tmp_path / f"at{rate:g}"
        if told:  # a trial is its content: what is tuned is the same in both
            shutil.copytree(tmp_path / "at0.0003/sweep/runs", folder / "sweep/runs")
        sweep(folder, {**SHORT, **optimizer}, **asked, tune=tune)
        told[rate] = verdicts(folder / "sweep", "mae", "mse")["huber"]
    assert [untuned for untuned, _ in told.values()] == ["better", "worse"]
    assert told[3e-4][1] == told[1e-3][1]


@pytest.mark.slow
def test_a_sweep_that_is_killed_while_it_tunes_goes_on_to_the_same_end(tmp_path, small):
    (tmp_path / "base.yaml").write_text(
        json.dumps(small | {"optimization": {"optimizer": {"name": "adam", "lr": 1e-3}}})
    )
    tune = {LR: {"log_uniform": [1e-4, 1e-1]}, "trials": 4, "seeds": 1}
    (tmp_path / "fair.yaml").write_text(
        json.dumps({"base": "base.yaml", "seeds": 2, "grid": {"loss": ["mse", "mae"]}, "tune": tune})
    )
    command = [sys.executable, "-m", "aecli", "sweep", "--config", "fair.yaml", "--jobs", "1x1", "-q"]
    folder = tmp_path / "runs/fair"
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 240
    while len(list(folder.glob("runs/*/summary.json"))) < 3 and time.monotonic() < until and process.poll() is None:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    there = {path.parent.name for path in folder.glob("runs/*/summary.json")}
    assert 3 <= len(there) < 12
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.count("tuned: loss=") == 2
    digests = [json.loads(path.read_text())["config_sha256"] for path in folder.glob("runs/*/summary.json")]
    record = json.loads((folder / "tune.json").read_text())
    asked = {digest for cell in record["cells"] for of_point in cell["tried"] for digest in of_point}
    asked |= {digest for cell in record["cells"] for digest in (*cell["untuned"], *cell["judged"])}
    assert len(digests) == len(set(digests)) and set(digests) == asked
    assert there <= {path.parent.name for path in folder.glob("runs/*/summary.json")}
