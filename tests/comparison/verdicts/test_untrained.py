"""Predictors that need no training: each row's own, and no row that mixes two training sets."""

import pytest

from aecli.comparison.evidence.measures import measure
from aecli.comparison.verdicts.compare import compare
from aecli.comparison.verdicts.untrained import own_baselines, standing_of

MSE = measure("mse")


def baselines(pca):
    return {"baselines": {"pca_32": {"test": {"mse": pca}}}}


def group_of(folder):
    (group,) = compare([folder]).groups
    return group


def test_the_same_training_set_by_seed_is_one_row_with_its_spread(write_run, tmp_path):
    for seed, pca in enumerate((0.017, 0.018)):
        write_run(seed=seed, summary=baselines(pca))
    write_run(seed=1, summary=baselines(0.018 * (1 + 1e-9)), set=["loss.name=mae"])
    group = group_of(tmp_path / "runs")
    (row,) = group.untrained([MSE])
    assert (row.label, row.candidates, row.numbers["test.mse"].mean) == ("pca_32", (), pytest.approx(0.0175))
    by_label = {one.label: own_baselines(one, MSE)["pca_32"] for one in group.candidates}
    assert by_label == {"mse": pytest.approx(0.0175), "mae": pytest.approx(0.018)}


def test_other_training_sets_have_rows_of_their_own(write_run, tmp_path):
    write_run(summary=baselines(0.017))
    write_run(summary=baselines(0.019), set=["data.train_size=2000"])
    write_run(seed=1, summary=baselines(0.0195), set=["data.train_size=2000"])
    rows = group_of(tmp_path / "runs").untrained([MSE])
    found = {row.settings["data.train_size"]: row.numbers["test.mse"].mean for row in rows}
    assert found == {"null": 0.017, "2000": pytest.approx(0.01925)}
    assert all(len(row.candidates) == 1 for row in rows)


def test_sets_that_no_setting_tells_apart_are_told_by_who_has_them(write_run, tmp_path):
    write_run(summary=baselines(0.017))
    write_run(summary=baselines(0.019), set=["loss.name=mae"])
    rows = group_of(tmp_path / "runs").untrained([MSE])
    assert [(row.settings, row.candidates) for row in rows] == [({}, ("mse",)), ({}, ("mae",))]


def test_who_has_no_baseline_has_no_standing(write_run, tmp_path):
    write_run(summary={"baselines": {}})
    (candidate,) = group_of(tmp_path / "runs").candidates
    assert standing_of(candidate, MSE) is None
