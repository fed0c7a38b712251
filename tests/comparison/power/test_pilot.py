"""The spread of a pilot: recovered from runs whose truth is known, and what is said where there are none."""

import math

import numpy as np
import pytest
from fake_tunings import write_tuned_sweep

from aecli.comparison.power.pilot import Pilot, as_shares, find_pilot, read_pilot
from aecli.errors import UsageError

LOSSES = ("mse", "mae", "bce")


@pytest.fixture
def write_pilot(write_run, tmp_path):
    """A function that writes runs of some losses around .01, .02, .03, with a spread and a correlation by seed."""

    def write(losses=3, seeds=6, *, sd=0.05, correlation=0.5, **more):
        random = np.random.default_rng(0)
        of_seed = random.normal(size=seeds)
        for number, loss in enumerate(LOSSES[:losses], start=1):
            own = random.normal(size=seeds)
            shares = 1 + sd * (math.sqrt(correlation) * of_seed + math.sqrt(1 - correlation) * own)
            for seed in range(seeds):
                write_run(seed=seed, set=[f"loss.name={loss}"], test={"mse": number * 0.01 * shares[seed]}, **more)
        return tmp_path / "runs"

    return write


def test_a_pilot_shows_the_spread_of_a_config_and_that_of_a_pair(write_pilot):
    found = read_pilot([str(write_pilot(seeds=20))])
    assert found.seed_sd == pytest.approx(0.05, rel=0.25) and found.correlation == pytest.approx(0.5, abs=0.2)
    assert found.pair_sd == pytest.approx(found.seed_sd * math.sqrt(2 - 2 * found.correlation))
    assert (found.runs, found.degrees) == (60, 38 / 1.6)
    low, high = found.range
    assert 0.7 < low < 1 < high < 1.3


def test_two_configs_are_enough_and_one_leaves_the_correlation_open(write_pilot):
    path = write_pilot(losses=2, seeds=5)
    found = read_pilot([str(path)])
    values = [as_shares({seed: value for seed, value in enumerate(row)}) for row in read_values(path)]
    differences = [ours - theirs for ours, theirs in zip(*(one.values() for one in values), strict=True)]
    assert found.pair_sd == pytest.approx(np.std(differences, ddof=1)) and found.degrees == 4
    single = read_pilot([str(one) for one in sorted(path.iterdir())[:5]])
    assert single.pair_sd == pytest.approx(single.seed_sd * math.sqrt(1.4)) and not single.is_paired


def read_values(path):
    """Of each loss the numbers by seed, in the order in which they were written."""
    from aecli.comparison.evidence.collect import collect

    numbers = [run.number(("test", "mse")) for run in collect(path).runs]
    return np.array(numbers).reshape(2, -1).tolist()


def test_a_config_that_collapses_now_and_then_does_not_count(write_pilot, write_run):
    before = read_pilot([str(write_pilot(seeds=8))])
    for seed, value in enumerate([0.04] * 7 + [0.4]):
        path = write_run(seed=seed, set=["loss.name=huber", "loss.delta=0.1"], test={"mse": value * (1 + seed / 50)})
    after = read_pilot([str(path.parent)])
    assert after.seed_sd < 2 * before.seed_sd and after.pair_sd < 2 * before.pair_sd


def test_a_pilot_without_a_second_seed_is_refused(write_pilot):
    path = write_pilot(seeds=1)
    with pytest.raises(UsageError, match="no config there has two seeds with a number for test.mse.*same five seeds"):
        read_pilot([str(path)])
    with pytest.raises(UsageError, match="no such|no folder|nothing"):
        find_pilot(["nowhere/*"], path)


def test_a_sweep_that_has_runs_is_its_own_pilot(write_pilot, tmp_path):
    assert find_pilot((), tmp_path) == Pilot() and Pilot().range == (1.0, 1.0)
    write_pilot(seeds=6)
    found = find_pilot((), tmp_path)
    assert found.runs == 18 and found.source == str(tmp_path)


@pytest.mark.parametrize("seeds", [1, 2], ids=["no second seed", "too few to tell"])
def test_what_a_sweep_has_is_no_pilot_while_it_is_little(seeds, write_pilot, tmp_path):
    write_pilot(losses=2, seeds=seeds)
    assert find_pilot((), tmp_path) == Pilot()


def test_few_test_images_add_what_their_draw_does(write_run):
    random = np.random.default_rng(0)
    few = {"data": {"dataset": "few", "sha256": "0", "images": {"test": 200}}}
    for loss in ("mse", "mae"):
        own = random.normal(0.01, 0.005, size=200)
        for seed in range(4):
            errors = own + random.normal(0, 0.0005, size=200)
            kinds = {"squared": errors.astype(np.float32)}
            path = write_run(
                seed=seed, set=[f"loss.name={loss}"], test={"mse": errors.mean()}, environment=few, per_image=kinds
            )
    found = read_pilot([str(path.parent)])
    assert found.image_variance == pytest.approx(2 * 0.005**2 / 200 / 0.01**2, rel=0.3)
    assert found.image_variance > found.pair_sd**2 / 4, "more than the seeds"


def test_a_sweep_that_has_only_tuned_so_far_is_no_pilot(tmp_path):
    write_tuned_sweep(tmp_path, judged=False, untuned=False)
    assert (tmp_path / "runs").is_dir() and find_pilot((), tmp_path) == Pilot()
