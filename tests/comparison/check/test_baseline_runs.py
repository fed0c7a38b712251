"""Several baseline runs: how they are named, and what is not a seed of one config."""

import pytest

from aecli.comparison.check.baseline_runs import read_baselines
from aecli.comparison.check.check import check
from aecli.comparison.check.one_run import read_one
from aecli.errors import UsageError


@pytest.fixture
def run(write_run):
    """A run that is checked."""
    return write_run(seed=7, name="mine")


def test_a_folder_a_glob_and_a_list_name_the_same_runs(write_run, run, tmp_path):
    paths = [write_run(seed=seed) for seed in range(3)]
    for named in ([tmp_path / "runs"], [f"{tmp_path}/runs/*"], paths):
        assert [one.path for one in read_baselines(named, read_one(run))] == paths


def test_a_config_of_several_runs_names_them_all(write_run, run, tmp_path, monkeypatch):
    paths = [write_run(seed=seed) for seed in range(2)]
    monkeypatch.chdir(tmp_path)
    assert list(check(run, baseline="fake").baselines) == [path.relative_to(tmp_path) for path in paths]


def test_of_two_runs_of_a_seed_the_later_counts(write_run, run):
    paths = [write_run(seed=0), write_run(seed=1), write_run(seed=0)]
    assert {one.path for one in read_baselines(paths, read_one(run))} < set(paths)
    assert [one.seed for one in read_baselines(paths, read_one(run))] == [0, 1]


def test_runs_of_several_configs_are_no_seeds_of_one(write_run, run):
    paths = [write_run(), write_run(set=["loss.name=mae"])]
    with pytest.raises(UsageError) as refused:
        check(run, baseline=paths)
    assert str(refused.value) == "--baseline: 2 configs and not seeds of one: mse, mae; name the runs of one of them"


def test_a_baseline_that_is_not_complete_is_refused_among_several_too(write_run, run):
    lost = write_run(seed=1, status="diverged")
    with pytest.raises(UsageError, match=f"{lost}: diverged"):
        check(run, baseline=[write_run(), lost])


def test_a_run_may_be_its_own_only_baseline(run):
    assert check(run, baseline=run).baselines == (run,)
