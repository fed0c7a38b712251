"""Runs that came to no end find the candidate whose seeds they are."""

from fake_tunings import digest_of

from aecli.comparison.evidence.candidates import fold
from aecli.comparison.evidence.collect import collect
from aecli.comparison.evidence.lost_runs import add_lost, of_same_data, read_lost
from aecli.comparison.evidence.measures import measure
from aecli.comparison.evidence.tunings import set_apart
from aecli.files.json_files import read_json, write_json

MSE = measure("mse")


def test_lost_seeds_are_those_of_the_same_config(write_run, runs):
    write_run(seed=0)
    write_run(seed=0, set=["loss=mae"])
    write_run(seed=1, status="diverged")
    write_run(seed=1, status="interrupted")
    write_run(seed=2, set=["loss=mae"], status="failed")
    write_run(seed=3, set=["loss=huber"], status="failed")
    write_run(seed=4, set=["loss=bce"], status="diverged")
    found = collect([runs])
    candidates, gone = add_lost(fold(found.runs)[1], read_lost(found.left_out, found.runs))
    assert {one.label: one.lost_seeds(MSE) for one in candidates} == {"mse": {1: "diverged"}, "mae": {2: "failed"}}
    assert {one.label: one.broken_seeds(MSE) for one in candidates} == {"mse": [1], "mae": []}
    assert [(one.label, one.seeds) for one in gone] == [("bce", (4,))]


def test_a_run_whose_config_cannot_be_read_is_nobodys(write_run, runs):
    write_run()
    (write_run(seed=1, status="diverged") / "config.yaml").write_text("a: [")
    (write_run(seed=2, status="diverged") / "config.yaml").unlink()
    found = collect([runs])
    assert read_lost(found.left_out, found.runs) == []


def test_a_run_of_unknown_data_belongs_to_the_only_ones(write_run, runs):
    write_run()
    (write_run(seed=1, status="diverged") / "environment.json").unlink()
    found = collect([runs])
    lost = read_lost(found.left_out, found.runs)
    assert [len(of_same_data(lost, "any", groups)) for groups in (1, 2)] == [1, 0]


def test_in_a_sweep_that_tunes_only_what_judges_is_lost(tuned_sweep):
    """A point that was tried and diverged is no seed of the candidate; one of the tuned runs is, whatever its rate."""
    for digest in (digest_of("mse", 0.003, 4), digest_of("huber", 0.0003, 1_000_000)):
        (path,) = [one for one in (tuned_sweep / "runs").iterdir() if digest in (one / "status.json").read_text()]
        write_json(path / "status.json", {**read_json(path / "status.json"), "status": "diverged"})
    found = collect([tuned_sweep])
    assert len(found.left_out) == 2
    candidates, gone = add_lost(fold(set_apart(found.runs).judged)[1], read_lost(found.left_out, found.runs))
    assert {one.label: one.broken_seeds(MSE) for one in candidates} == {"mse": [4], "huber": []}
    assert gone == ()
