"""Predictors that need no training, and who is behind them, in words."""

from fake_tables import group_of

from aecli.comparison.evidence.measures import measure
from aecli.comparison.telling.untrained_words import ahead_words, behind_words, leader_warning, row_words

MSE = measure("mse")
FEW = {"epochs": 1, "train": {"images": 4000, "mse": 0.09}}
CAUSE = "only 16 steps of the optimizer (1 epoch of 16): train for more epochs, or with a smaller training.batch_size"


def test_all_are_behind_in_one_sentence(write_run, tmp_path):
    write_run(test={"mse": 0.088}, summary=FEW)
    write_run(test={"mse": 0.101}, summary=FEW, set=["loss.name=mae"])
    group = group_of(tmp_path / "runs")
    assert behind_words(group, MSE) == [
        f"All configs are behind the mean image, which needs no training, by test.mse; likeliest cause: {CAUSE}."
    ]
    assert [ahead_words(one, MSE) for one in group.candidates] == ["nothing", "nothing"]


def test_each_predictor_has_its_sentence(write_run, tmp_path):
    write_run(test={"mse": 0.088}, summary=FEW, set=["loss.name=mae"])
    write_run(test={"mse": 0.02}, summary=FEW, set=["loss.name=mse", "regularization.l1.weight=1e-9"])
    write_run(test={"mse": 0.01}, summary=FEW)
    group = group_of(tmp_path / "runs")
    assert behind_words(group, MSE) == [
        '"mse, l1" is behind pca 32, which needs no training, by test.mse; likeliest cause: only 16 steps of the '
        "optimizer (1 epoch of 16), or its regularization (l1): train longer, and without it beside.",
        f"mae is behind the mean image, which needs no training, by test.mse; likeliest cause: {CAUSE}.",
    ]


def test_a_leader_that_is_behind_is_warned_of_with_its_numbers(write_run, tmp_path):
    write_run(test={"mse": 0.02}, summary=FEW)
    write_run(test={"mse": 0.01}, summary=FEW, set=["loss.name=mae"])
    best, other = group_of(tmp_path / "runs").candidates
    assert leader_warning(best, MSE) is None
    assert leader_warning(other, MSE) == (
        f"mse is behind pca 32, which needs no training (test.mse 0.02 against 0.0168); likeliest cause: {CAUSE}"
    )


def test_a_row_says_whose_it_is_where_there_are_several(write_run, tmp_path):
    def baselines(pca):
        return {"baselines": {"pca_32": {"test": {"mse": pca}}}}

    write_run(summary=baselines(0.017))
    write_run(summary=baselines(0.019), set=["regularization.l1.weight=1e-9", "loss.name=mae"])
    rows = group_of(tmp_path / "runs").untrained([MSE])
    assert [row_words(row) for row in rows] == ["pca 32 (mse)", 'pca 32 ("mae, l1")']
