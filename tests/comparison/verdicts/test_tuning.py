"""What tuning changed: verdicts untuned and tuned, the curve over the trials, ends of the range."""

import pytest
from fake_findings import found
from fake_tunings import LR, write_tuned_sweep

from aecli.comparison.recommendation.recommend import recommend
from aecli.comparison.verdicts.compare import compare
from aecli.comparison.verdicts.tuned_group import TunedGroup, TunedRow
from aecli.comparison.verdicts.tuning import is_number


def group_of(folder, **options):
    (group,) = compare([folder], **options).groups
    return group


def test_verdicts_with_the_base_s_values_stand_beside_those_with_tuned_ones(tuned_sweep):
    group = group_of(tuned_sweep, baseline="mse")
    (after,), (before,) = group.verdicts, group.tuned.verdicts
    assert (before.candidate, before.baseline, before.kind) == ("huber", "mse", "worse")
    assert before.relative.mean == pytest.approx(0.025 / 0.015 - 1)
    assert after.relative.mean == pytest.approx(0.1)
    assert {row.label: (row.tuned, row.untuned) for row in group.tuned.rows} == {
        "mse": ({LR: 0.003}, {LR: 0.001}),
        "huber": ({LR: 0.03}, {LR: 0.001}),
    }


def test_the_curve_is_the_best_of_so_many_points(tuned_sweep):
    tuned = group_of(tuned_sweep).tuned
    assert {row.label: row.curve for row in tuned.rows} == {
        "mse": (0.010, 0.010, 0.010),
        "huber": (0.030, 0.030, 0.011),
    }
    assert tuned.leaders == [("mse",)] * 3


def test_a_value_at_the_end_of_what_was_tried_is_a_finding(tuned_sweep):
    assert found(tuned_sweep, "edge-of-range") == [
        (
            "optimization.optimizer.lr was tuned to an end of what was tried for huber (0.03)",
            "a better value may lie beyond, and whose range ends too early is judged by that; widen the range",
        )
    ]
    assert found(tuned_sweep, "untuned") == [], "the rate was tuned for each"


def test_whose_own_loss_tuned_it_is_a_finding_where_another_metric_judges(tuned_sweep):
    assert [what for what, _ in found(tuned_sweep, "own-referee", metrics=["validation.mse"])] == [
        "validation.mse is what mse was trained on"
    ]
    assert [what for what, _ in found(tuned_sweep, "own-referee", metrics=["train_s"])] == [
        "validation.mse is what mse was trained on"
    ]


def test_points_that_diverged_and_candidates_without_a_value_are_told(tmp_path):
    curves = {"mse": (0.01, None, 0.03), "huber": (None, None, None)}
    group = group_of(write_tuned_sweep(tmp_path, curves=curves, chosen=(0, None)))
    assert [row.label for row in group.tuned.rows] == ["fake"], "only one was judged, so it has no rival"
    assert group.tuned.rows[0].curve == (0.01, 0.01, 0.01) and group.tuned.verdicts == ()


def test_without_runs_at_the_base_s_value_there_is_no_verdict_untuned(tmp_path):
    group = group_of(write_tuned_sweep(tmp_path, untuned=False))
    assert group.tuned.verdicts == () and len(group.verdicts) == 1


def test_a_recommendation_is_about_the_same_candidates(tuned_sweep):
    labels = {one.label for one in recommend([tuned_sweep], goals="reconstruction").standings}
    assert labels <= {"mse", "huber"}


def test_words_have_no_ends():
    assert [is_number(value) for value in (1, 0.5, True, "a", [])] == [True, True, False, False, False]
    row = TunedRow(label="a", tuned={"loss": "mse"}, untuned={}, at_edge=(), curve=(None,))
    tuned = TunedGroup(
        keys=("loss",), objective="validation.mse", better="higher", seeds=(), points=({"loss": "mse"},), rows=(row,),
        verdicts=(),
    )  # fmt: skip
    assert tuned.edges == {} and tuned.leaders == [()]
