"""Sweeps from Python: a mapping or a file, the plan, the end, and how far one is."""

import json
import subprocess
import sys

import pytest
import yaml
from in_process import call_main
from small_config import small_config

import aecli
from aecli.api import sweeps, swept


@pytest.fixture
def base(tmp_path, monkeypatch):
    """A folder with a base config, and a status that saves the measurement of the machine."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b.yaml").write_text(yaml.safe_dump(small_config() | {"training": {"epochs": 1, "batch_size": 64}}))
    (tmp_path / "out").mkdir()
    (tmp_path / "out/status.json").write_text(json.dumps({"workers": 1, "threads": 1, "images_per_s": 1e4}))
    return tmp_path


def test_a_plan_trains_nothing_and_is_that_of_the_command(base, capfd):
    asked = {"base": "b.yaml", "seeds": 2, "grid": {"loss": ["mse", "mae"]}}
    planned = aecli.plan_sweep(asked, out="out")
    assert repr(planned) == "SweepPlan('out', 4 trials, 4 to do)" and planned.plain()["left"] == 4
    assert capfd.readouterr() == ("", "") and not (base / "out/runs").exists()
    (base / "sweep.yaml").write_text(yaml.safe_dump(asked))
    done = call_main(*"sweep --config sweep.yaml --out out --plan".split())
    assert str(planned) == done.stdout.rstrip("\n") and "<pre" in planned._repr_html_()
    done = call_main(*"sweep --config sweep.yaml --out out --plan --json".split())
    assert planned.plain() == json.loads(done.stdout)


def test_a_sweep_that_is_refused_raises_and_leaves_nothing(base):
    with pytest.raises(aecli.ConfigError, match="^lossy: unknown key"):
        aecli.sweep({"base": "b.yaml", "lossy": 3})
    with pytest.raises(aecli.UsageError, match="engine"):
        aecli.sweep({"base": "b.yaml"}, engine="none")
    assert not (base / "runs").exists()


def test_how_far_a_sweep_is_is_that_of_the_command(planned_sweep):
    state = aecli.sweep_status(planned_sweep.path)
    done = call_main("sweep", "--status", str(planned_sweep.path), "--json")
    assert state.plain() == json.loads(done.stdout)
    assert repr(state) == f"SweepState({str(planned_sweep.path)!r}, unknown; 4 waiting)"
    assert str(state) and state._repr_html_().count("<tr>") == 5 and state.runs == []
    with pytest.raises(aecli.UsageError, match="is no sweep folder"):
        aecli.sweep_status(planned_sweep.path.parent)


@pytest.mark.slow
def test_a_sweep_comes_to_runs_that_can_be_compared(base, capfd):
    found = aecli.sweep({"base": "b.yaml", "seeds": 2}, out=base / "out", jobs=1)
    assert capfd.readouterr() == ("", "")
    assert repr(found) == f"Swept({str(base / 'out')!r}, 2 of 2 completed)" and found.is_whole
    assert [run.status["status"] for run in found.runs] == ["completed", "completed"]
    assert found.plain()["completed"] == 2 and str(found).endswith(str(base / "out"))
    assert len(aecli.compare(found, metrics="train_s").groups[0].runs) == 2
    again = aecli.sweep({"base": "b.yaml", "seeds": 2}, out=base / "out", jobs=1)
    assert again.completed == 2 and again.runs == found.runs


@pytest.mark.slow
def test_a_script_may_sweep_at_its_top_level(base):
    code = 'import aecli\nprint("begins")\nprint(aecli.sweep({"base": "b.yaml"}, out="out", jobs=1).completed)\n'
    (base / "script.py").write_text(code)
    done = subprocess.run([sys.executable, "script.py"], cwd=base, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("begins\n1\n", "")


def test_a_mapping_is_a_file_for_as_long_as_it_is_needed():
    with sweeps.sweep_file({"base": "b.yaml", "zip": ({"a": 1},)}) as file:
        assert yaml.safe_load(open(file)) == {"base": "b.yaml", "zip": [{"a": 1}]}  # noqa: PTH123, SIM115
    with pytest.raises(FileNotFoundError):
        open(file)  # noqa: PTH123, SIM115
    with sweeps.sweep_file("losses.yaml") as file:
        assert file == "losses.yaml"


def test_who_keeps_a_plan_is_told_of_nothing_else():
    keeper = swept.PlanKeeper()
    assert keeper.note("") is keeper.begin(1, 0) is keeper.elsewhere(1) is None
