"""The table: columns, order, best cells, baselines, rounding."""

from fake_tables import group_of, texts

from aecli.comparison.statistics.intervals import mean_interval
from aecli.comparison.telling.table import make_table, with_labels


def test_what_differs_comes_first_then_n_then_the_metrics(ranked):
    table = make_table(group_of(ranked))
    assert table.heads == ("loss", "n", "mse ↓")
    assert table.keys == ("loss", "n", "test.mse")
    assert texts(table, "loss") == ["mse", "huber(delta=0.1)", "mae", "mean image", "pca 32"]
    assert texts(table, "n") == ["2", "1", "2", "", ""]
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
    assert table.heads == ("optimization.optimizer.lr", "n", "validation.mse ↓")
    assert texts(table, "optimization.optimizer.lr")[:3] == ["0.001"] * 3


def test_without_folding_every_run_has_a_row_with_its_seed_and_folder(ranked):
    table = make_table(group_of(ranked), fold=False)
    assert table.heads == ("loss", "seed", "run", "mse ↓")
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
    assert table.heads[-1] == "objective"
    assert [row.cells[-1].is_best for row in table.rows if row.kind == "candidate"] == [False] * 3
    assert table.measures[-1].better is None


def test_a_setting_that_differs_within_a_row_is_shown_with_its_values(write_run, tmp_path):
    for loss, seeds in (("mse", 6), ("mae", 3)):
        for seed in range(seeds):
            write_run(seed=seed, set=[f"loss.name={loss}"])
    group = group_of(tmp_path / "runs")
    assert texts(make_table(group, columns=["loss", "seed"]), "seed")[:2] == ["0, 1, 2, 3 and 2 more", "0, 1, 2"]
    assert [row.cells[1].text for row in make_table(group, columns=["loss", "seed"], fold=False).rows[:3]] == [
        "0",
        "1",
        "2",
    ]


def test_rows_get_their_labels_where_the_settings_do_not_tell_them_apart(ranked):
    group = group_of(ranked)
    table = with_labels(make_table(group, columns=["data.validation", "mse"]))
    assert (table.heads, table.keys) == (
        ("config", "data.validation", "n", "mse ↓"),
        ("label", "data.validation", "n", "test.mse"),
    )
    assert [row.cells[0].text for row in table.rows] == ["mse", "huber", "mae", "mean image", "pca 32"]
    assert with_labels(make_table(group)) == make_table(group)
    alone = with_labels(make_table(group_of(ranked, where=["loss.name=mae"])))
    assert [row.cells[0].text for row in alone.rows] == ["fake", "mean image", "pca 32"]
