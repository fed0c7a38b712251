"""Runs that came to no end find the candidate whose seeds they are."""

from aecli.comparison.evidence.candidates import fold
from aecli.comparison.evidence.collect import collect
from aecli.comparison.evidence.lost_runs import add_lost, of_same_data, read_lost
from aecli.comparison.evidence.measures import measure

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
