"""Runs of a sweep that tunes, told apart by what they are for."""

import pytest
from fake_tunings import LR, SEEDS, digest_of, write_tuned_sweep

from aecli.comparison.evidence.candidates import fold
from aecli.comparison.evidence.collect import collect
from aecli.comparison.evidence.tunings import read_tuning, set_apart
from aecli.files.json_files import read_json, write_json


def apart(folder):
    return set_apart(collect([folder]).runs)


def test_what_is_judged_folds_into_one_candidate_though_rates_differ(tuned_sweep):
    found = apart(tuned_sweep)
    factors, candidates = fold(found.judged)
    assert factors == ["loss"] and [one.label for one in candidates] == ["mse", "huber"]
    assert [len(one.runs) for one in candidates] == [SEEDS, SEEDS]
    assert [one.config["optimization"]["optimizer"]["lr"] for one in candidates] == [0.003, 0.03]
    assert {len(of_cell) for of_cell in found.untuned.values()} == {SEEDS}


def test_runs_named_from_within_their_folder_are_told_apart_too(tuned_sweep, monkeypatch):
    monkeypatch.chdir(tuned_sweep / "runs")
    assert len(set_apart(collect(["*"]).runs).judged) == 2 * SEEDS


def test_runs_of_other_sweeps_stay_what_they_are(tuned_sweep, write_run, tmp_path):
    found = apart(tuned_sweep)
    from fake_runs import make_writer

    other = make_writer(tmp_path / "other")
    other(set=["loss=huber", f"{LR}=0.001"])
    both = set_apart(collect([tuned_sweep, tmp_path / "other"]).runs)
    assert len(both.judged) == len(found.judged) + 1
    factors, candidates = fold(both.judged)
    assert set(factors) == {"loss", LR} and "huber, lr=tuned" in [one.label for one in candidates]


def test_a_value_that_more_points_have_replaced_is_no_candidate(tuned_sweep, write_run):
    for loss in ("mse", "mae"):
        path = write_run(seed=3, set=[f"loss={loss}", f"{LR}=0.0007"])
        write_json(path / "status.json", {**read_json(path / "status.json"), "config_sha256": digest_of(loss, "old")})
    told = [(run.config["loss"]["name"], run.tuned) for run in apart(tuned_sweep).judged if run.seed == 3]
    assert sorted(told) == [("huber", (LR,)), ("mae", ()), ("mse", (LR,))], "mae is of a former plan"


def test_while_points_are_tried_the_untuned_are_compared(tmp_path):
    folder = write_tuned_sweep(tmp_path, chosen=(None, None))
    assert {run.seed for run in apart(folder).judged} == set(range(SEEDS))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"points": 3, "cells": []}', '{"points": [1], "cells": [2]}'])
def test_a_damaged_record_is_none(text, tuned_sweep):
    (tuned_sweep / "tune.json").write_text(text)
    assert read_tuning(tuned_sweep) is None and apart(tuned_sweep).tunings == {}


def test_damaged_cells_know_nothing(tuned_sweep):
    cells = [3, {"values": [["x", None], 3], "chosen": 9, "tried": [5], "untuned": None}]
    write_json(tuned_sweep / "tune.json", {"points": [{LR: 1}], "cells": cells})
    first, second = read_tuning(tuned_sweep).cells
    assert (first.values, second.values, second.chosen) == ((), ((None, None), ()), None)
    assert second.mean(0) is None and second.mean(7) is None
    apart(tuned_sweep)
