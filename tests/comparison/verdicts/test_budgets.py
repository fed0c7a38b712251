"""Verdicts over the budget of a tuning: by fresh seeds where there are any, by those that tuned elsewhere."""

from fake_runs import make_writer
from fake_tunings import POINTS, digest_of, write_at, write_tuned_sweep

from aecli.comparison.evidence.collect import collect
from aecli.comparison.evidence.tunings import TuningRecord
from aecli.comparison.verdicts.budgets import objective_of
from aecli.comparison.verdicts.compare import compare
from aecli.files.json_files import read_json, write_json


def budgets_of(folder, **options):
    (group,) = compare([folder], **{"baseline": "mse", **options}).groups
    return group, group.tuned.budgets


def kinds(verdicts):
    return [(one.candidate, one.metric.name, one.kind, one.sizes) for one in verdicts]


def test_two_seeds_that_tuned_decide_nothing_and_the_whole_budget_is_what_was_judged(tuned_sweep):
    group, budgets = budgets_of(tuned_sweep)
    assert [one.trials for one in budgets] == [1, 2, 3]
    for one in budgets[:2]:
        assert one.fresh == () and kinds(one.tuning) == [("huber", "validation.mse", "undecided", (2, 2))]
    assert budgets[2].tuning == ()
    assert kinds(budgets[2].fresh) == kinds(group.verdicts) == [("huber", "test.mse", "worse", (10, 10))]
    assert budgets[2].fresh[0].difference == group.verdicts[0].difference


def test_fresh_seeds_of_a_curve_or_a_former_plan_judge_what_fewer_trials_choose(tuned_sweep):
    write = make_writer(tuned_sweep)
    for seed in range(10):
        write_at(write, "loss=huber", POINTS[0], seed, 0.008)
    group, budgets = budgets_of(tuned_sweep)
    assert [kinds(one.fresh) for one in budgets[:2]] == [[("huber", "test.mse", "better", (10, 10))]] * 2
    assert [one.tuning for one in budgets] == [(), (), ()]
    assert [verdict.kind for verdict in group.verdicts] == ["worse"], "such runs are no candidate of their own"
    assert [verdict.kind for verdict in budgets_of(tuned_sweep, where="seed<5")[1][0].fresh] == ["better"]


def test_a_budget_without_any_point_that_came_to_an_end_has_no_verdict(tmp_path):
    curves = {"mse": (0.01, 0.02, 0.03), "huber": (None, 0.012, 0.03)}
    _, budgets = budgets_of(write_tuned_sweep(tmp_path, curves=curves, chosen=(0, 1)))
    assert [len(one.verdicts) for one in budgets] == [0, 1, 1]


def test_sweeps_with_different_numbers_of_trials_are_compared(tmp_path):
    write_tuned_sweep(tmp_path / "a", curves={"mse": (0.01, 0.02, 0.03)}, chosen=(0,))
    write_tuned_sweep(tmp_path / "b", curves={"huber": (0.03, 0.02, 0.01)}, chosen=(1,))
    record = read_json(tmp_path / "b/tune.json")
    cells = [{**cell, "values": cell["values"][:2], "tried": cell["tried"][:2]} for cell in record["cells"]]
    write_json(tmp_path / "b/tune.json", {**record, "points": record["points"][:2], "cells": cells})
    (group,) = compare([tmp_path / "a", tmp_path / "b"], baseline="mse").groups
    curves = {row.label: row.curve for row in group.tuned.rows}
    assert curves == {"mse": (0.01, 0.01, 0.01), "huber": (0.03, 0.02, 0.02)}
    assert [len(one.verdicts) for one in group.tuned.budgets] == [1, 1, 1]


def test_a_base_s_own_value_that_diverges_is_told_and_never_better(tuned_sweep):
    for seed in range(10):
        digest = digest_of("huber", 0.001, seed)
        (path,) = [one for one in (tuned_sweep / "runs").iterdir() if digest in (one / "status.json").read_text()]
        write_json(path / "status.json", {**read_json(path / "status.json"), "status": "diverged"})
        (path / "summary.json").unlink()
    (group,) = compare([tuned_sweep], baseline="mse").groups
    assert group.tuned.verdicts == () and len(group.verdicts) == 1
    assert {row.label: row.diverged for row in group.tuned.rows} == {"mse": (), "huber": tuple(range(10))}


def test_an_objective_that_no_run_has_judges_nothing(tuned_sweep):
    runs = collect([tuned_sweep]).runs
    told = {
        name: objective_of(TuningRecord(name, "lower", (), (), ()), runs) for name in ("validation.mse", "validation.x")
    }
    assert told["validation.mse"].name == "validation.mse" and told["validation.x"] is None
