"""The table: columns, order, best cells, baselines, rounding."""

from fake_tables import group_of, texts

from aecli.comparison.statistics.intervals import mean_interval
from aecli.comparison.telling.table import make_table


def test_names_come_first_then_seeds_and_metrics_and_what_differs_last(ranked):
    table = make_table(group_of(ranked))
    assert table.heads == ("config", "seeds", "mse ↓", "ahead of", "loss")
    assert table.keys == ("label", "n", "test.mse", "ahead_of", "loss")
    assert texts(table, "config") == ["mse", "huber", "mae", "mean image", "pca 32"]
    assert texts(table, "loss") == ["mse", "huber(delta=0.1)", "mae", "", ""]
    assert texts(table, "seeds") == ["2", "1", "2", "", ""]
    assert [row.kind for row in table.rows] == ["candidate"] * 3 + ["baseline"] * 2


def test_a_cell_is_the_mean_with_its_interval_and_the_best_one_is_marked(ranked):
    table = make_table(group_of(ranked))
    cells = [row.cells[2] for row in table.rows]
    assert cells[0].estimate == mean_interval([0.008, 0.010])
    assert [cell.is_best for cell in cells] == [True, False, False, False, False]
    assert cells[1].text == "0.012"
    assert cells[3].estimate.mean == 0.0675


def test_more_is_better_marks_the_largest(write_run, tmp_path):
    write_run(test={"psnr_db": 20.0})
    write_run(test={"psnr_db": 21.0}, set=["loss.name=bce"])
    table = make_table(group_of(tmp_path / "runs"), columns=["psnr_db"])
    assert [(row.label, row.cells[-1].is_best) for row in table.rows[:2]] == [("mse", False), ("bce", True)]


def test_top_cuts_the_candidates_and_keeps_the_baselines(ranked):
    assert [row.label for row in make_table(group_of(ranked), top=1).rows] == ["mse", "mean image", "pca 32"]


def test_columns_are_metrics_or_keys_of_the_config(ranked):
    table = make_table(group_of(ranked), columns=["optimization.optimizer.lr", "validation.mse"])
    assert table.heads == ("config", "seeds", "validation.mse ↓", "optimization.optimizer.lr")
    assert texts(table, "optimization.optimizer.lr")[:3] == ["0.001"] * 3


def test_without_folding_every_run_has_a_row_with_its_seed_and_folder(ranked):
    table = make_table(group_of(ranked), fold=False)
    assert table.heads == ("config", "seed", "run", "mse ↓", "ahead of", "loss")
    assert texts(table, "mse ↓") == ["0.008", "0.01", "0.012", "0.02", "0.03"]
    assert texts(table, "seed") == ["0", "1", "0", "0", "1"]
    assert texts(table, "run")[0].endswith("_0000")


def test_a_metric_that_only_some_seeds_have_says_of_how_many_it_is(write_run, tmp_path):
    write_run(test={"ssim": 0.9})
    write_run(seed=1)
    table = make_table(group_of(tmp_path / "runs"), columns=["ssim"])
    assert table.rows[0].cells[-1].text == "0.9 (n=1)"


def test_the_objective_of_different_losses_is_shown_without_a_best_end(ranked):
    table = make_table(group_of(ranked), columns=["objective"])
    assert "objective" in table.heads
    at = table.heads.index("objective")
    assert [row.cells[at].is_best for row in table.rows if row.kind == "candidate"] == [False] * 3
    assert table.measures[-1].better is None


def test_a_setting_that_differs_within_a_row_is_shown_with_its_values(write_run, tmp_path):
    for loss, seeds in (("mse", 6), ("mae", 3)):
        for seed in range(seeds):
            write_run(seed=seed, set=[f"loss.name={loss}"])
    group = group_of(tmp_path / "runs")
    assert texts(make_table(group, columns=["loss", "seed"]), "seed")[:2] == ["0, 1, 2, 3 and 2 more", "0, 1, 2"]
    assert texts(make_table(group, columns=["loss", "seed"], fold=False), "seed")[:3] == [
        "0",
        "1",
        "2",
    ]


def test_settings_that_the_labels_tell_need_no_column(write_seeds, tmp_path):
    for loss in ("mse", "mae"):
        write_seeds([0.01, 0.02], set=[f"loss.name={loss}"])
    group = group_of(tmp_path / "runs")
    assert make_table(group).keys == ("label", "n", "test.mse", "ahead_of")
    assert make_table(group, columns=["loss", "mse"]).keys == ("label", "n", "test.mse", "loss"), "it was asked for"


def test_each_row_says_what_it_is_ahead_of_by_the_numbers_of_its_own_runs(write_run, tmp_path):
    def baselines(mean, pca):
        return {"baselines": {"mean_image": {"test": {"mse": mean}}, "pca_32": {"test": {"mse": pca}}}}

    write_run(test={"mse": 0.070}, summary=baselines(0.0675, 0.017), set=["loss.name=mae"])
    write_run(test={"mse": 0.020}, summary=baselines(0.0675, 0.017))
    write_run(test={"mse": 0.018}, summary=baselines(0.0675, 0.019), set=["data.train_size=2000"])
    table = make_table(group_of(tmp_path / "runs"))
    assert texts(table, "ahead of")[:3] == ["pca 32", "mean image", "nothing"]
    assert [row.label for row in table.rows[3:]] == [
        "mean image (train_size=2000)",
        "mean image (train_size=null)",
        "pca 32 (train_size=2000)",
        "pca 32 (train_size=null)",
    ]
    assert texts(table, "mse ↓")[3:] == ["0.0675", "0.0675", "0.019", "0.017"], "no row mixes two training sets"
