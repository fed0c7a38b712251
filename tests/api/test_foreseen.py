"""What a planned sweep can show: how many configs are compared, by how many seeds, at which level, by which pilot."""

import json

import pytest
import yaml
from fake_runs import make_writer
from fake_sweeps import write_run
from in_process import call_main
from small_config import small_config

import aecli
from aecli.api.foreseen import foresee
from aecli.comparison.statistics.looks import level_of
from aecli.sweep.engines.calibration import Layout
from aecli.sweep.planning.document import load_sweep
from aecli.sweep.planning.forecast import Forecast
from aecli.sweep.planning.plan import make_plan
from aecli.sweep.record.look_history import history_of_looks
from aecli.sweep.record.sweep_folder import SweepFolder, prepare_sweep_folder
from aecli.sweep.watching import PlanTold


@pytest.fixture
def told_of(tmp_path, monkeypatch):
    """A function that plans a sweep around a small config, into ./out; for ./measured the machine was measured."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b.yaml").write_text(yaml.safe_dump(small_config()))
    (tmp_path / "measured").mkdir()
    (tmp_path / "measured/status.json").write_text(json.dumps({"workers": 1, "threads": 1, "images_per_s": 1e4}))

    def plan(**asked):
        (tmp_path / "s.yaml").write_text(yaml.safe_dump({"base": "b.yaml", **asked}))
        sweep, document, path = load_sweep("s.yaml")
        planned = make_plan(sweep, document, path) if "search" not in asked else None
        return PlanTold(sweep, planned, 0, Layout(1, 1, None), expected=Forecast(1.0, 1), path=tmp_path / "out")

    return plan


@pytest.fixture
def pilot(tmp_path):
    """A folder of runs of two losses with five seeds, in which these spread by about 5 %."""
    write = make_writer(tmp_path / "pilot")
    for loss, mean in (("mse", 0.01), ("mae", 0.02)):
        for seed, share in enumerate((0.95, 1.02, 1.0, 1.07, 0.96)):
            write(seed=seed, set=[f"loss.name={loss}"], test={"mse": mean * share * (1 + 0.01 * (seed == mean * 100))})
    return tmp_path / "pilot/runs"


TUNE = {"optimization.optimizer.lr": {"log_uniform": [0.001, 0.1]}, "trials": 3, "seeds": 4}


@pytest.mark.parametrize(
    ("asked", "configs", "seeds"),
    [
        ({"seeds": 5, "grid": {"loss": ["mse", "mae", "mse"]}}, 2, 5),
        ({"seeds": 5, "grid": {"loss": ["mse", "mae"], "name": ["a", "b"]}}, 2, 5),
        ({"seeds": 5, "grid": {"loss": ["mse", "mae"]}, "tune": TUNE}, 2, 5),
        ({"seeds": "0-2,7", "grid": {"optimization.optimizer.lr": [0.1, 0.2, 0.3]}}, 3, 4),
    ],
    ids=["doubles", "names", "tuned", "seeds with gaps"],
)
def test_what_compare_will_put_side_by_side_is_counted(asked, configs, seeds, told_of):
    power = foresee(told_of(**asked))
    assert (power.configs, [one.seeds for one in power.sizes]) == (configs, [seeds])


def test_configs_on_different_data_are_not_compared(told_of):
    data = [{"name": "mnist"}, {"name": "fashion_mnist"}]
    power = foresee(told_of(seeds=3, list=[{"data.dataset": one, "loss": "mse"} for one in data] + [{"loss": "mae"}]))
    assert power.configs == 2


def test_planned_looks_have_their_levels_first_and_last(told_of):
    power = foresee(told_of(seeds=4, looks=[4, 8, 16], grid={"loss": ["mse", "mae"]}))
    assert [(one.seeds, one.level) for one in power.sizes] == [(n, level_of([], [4, 8, 16], n).level) for n in (4, 16)]


def test_seeds_that_come_after_a_look_have_the_level_of_it(told_of):
    asked = {"grid": {"loss": ["mse", "mae"]}}
    told = told_of(seeds=4, **asked)
    folder = SweepFolder(told.path)
    prepare_sweep_folder(folder.path, told.plan, "", history_of_looks(folder, told.plan, (), lambda text: None))
    for trial in told.plan.trials:
        write_run(folder, trial.digest[:20], "completed", trial.digest)
    power = foresee(told_of(seeds=8, **asked))
    assert [(one.seeds, one.level) for one in power.sizes] == [(8, 0.025)]


@pytest.mark.parametrize("what", ["one config", "a search"])
def test_where_nothing_is_compared_nothing_is_foreseen_and_a_pilot_is_refused(what, told_of, pilot):
    search = {"search": {"space": {"optimization.optimizer.lr": {"log_uniform": [0.001, 0.1]}}}}
    told = told_of(seeds=3, **(search if what == "a search" else {"grid": {"loss": ["mse"]}}))
    assert foresee(told) is None
    with pytest.raises(aecli.UsageError, match="^--pilot: a s.*, so there is nothing to foresee; leave it out$"):
        foresee(told, [str(pilot)])


def test_python_and_the_command_name_a_pilot_alike(told_of, pilot):
    told_of(seeds=6, grid={"loss": ["mse", "mae", "bce"]})
    planned = aecli.plan_sweep("s.yaml", out="measured", pilot=pilot)
    assert planned.can_show.pilot.runs == 10 and 0.03 < planned.can_show.pilot.seed_sd < 0.07
    done = call_main(*f"sweep -c s.yaml --plan --out measured --json --pilot {pilot}".split())
    assert json.loads(done.stdout)["can_show"] == planned.plain()["can_show"]
    done = call_main(*f"sweep -c s.yaml --plan --out measured --pilot {pilot}".split())
    lines = done.stdout.splitlines()
    assert lines[2].startswith("3 configs x 6 seeds can show a difference of ")
    assert f"from 10 runs in {pilot}" in lines[3] and str(planned) == done.stdout.rstrip("\n")


def test_a_pilot_that_is_none_is_refused_before_anything_is_trained(told_of, tmp_path):
    told_of(seeds=6, grid={"loss": ["mse", "mae"]})
    (tmp_path / "empty").mkdir()
    done = call_main(*"sweep -c s.yaml --out measured --pilot empty".split())
    assert (
        done.returncode == 2
        and "no run here can be compared" in done.stderr
        and not (tmp_path / "measured/runs").exists()
    )
