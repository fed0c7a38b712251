"""The ranked table on the screen: whole cells, the best marked, long tables cut, and what leaves a narrow screen."""

from aecli.comparison.telling.table import make_table
from aecli.comparison.verdicts.compare import compare
from aecli.console.ranked_table import ROWS_SHOWN, cut, draw_table, with_ranges


def compared(write_run, count):
    """Runs with one seed each that differ in their loss's weight."""
    for index in range(count):
        write_run(set=[f"loss=[{{name: mse, weight: {1 + index}}}]"], test={"mse": 0.01 + index / 1e4})
    return count


def test_a_long_table_is_cut_and_says_by_how_much(write_run, tmp_path):
    count = compared(write_run, ROWS_SHOWN + 3)
    (group,) = compare([str(tmp_path / "runs")], metrics=["test.mse"]).groups
    made = make_table(group)
    rows = [row for row in cut(made).rows if row.kind != "baseline"]
    assert (len(rows), cut(made).cut) == (ROWS_SHOWN, count - ROWS_SHOWN)
    assert [row.kind for row in cut(made).rows].count("baseline") == [row.kind for row in made.rows].count("baseline")


def test_on_a_narrow_screen_settings_leave_first_then_other_metrics_and_what_judges_stays(write_run, tmp_path):
    for index in range(2):
        numbers = {"mse": 0.01 + index / 1e4, "mae": 0.05, "ssim": 0.9}
        write_run(set=[f"loss=[{{name: mse, weight: {1 + index}}}]"], test=numbers)
    (group,) = compare([str(tmp_path / "runs")], metrics=["test.mse"]).groups
    made = make_table(group)
    drawn = draw_table(made, {"test.mse"}, is_bare=False)
    assert drawn.fit(drawn.natural).kept == tuple(range(len(made.columns)))
    kept = [[made.keys[at] for at in drawn.fit(width).kept] for width in (58, 42, 30)]
    assert kept[0] == ["label", "n", "test.mse", "ahead_of", "test.mae", "test.ssim"]
    assert kept[1] == ["label", "n", "test.mse", "ahead_of"]
    assert kept[2] == ["label", "n", "test.mse"]


def test_a_predictor_on_two_training_sets_has_one_row_from_the_best_to_the_worst(write_run, tmp_path):
    for size, pca in (("2000", 0.0191), ("3000", 0.0172)):
        summary = {"baselines": {"mean_image": {"test": {"mse": 0.0675}}, "pca_32": {"test": {"mse": pca}}}}
        write_run(summary=summary, set=[f"data.train_size={size}"])
    (group,) = compare([str(tmp_path / "runs")]).groups
    made = make_table(group)
    at = made.keys.index("test.mse")
    rows = {row.label: row.cells[at].text for row in with_ranges(made).rows if row.kind == "baseline"}
    assert rows == {"mean image": "0.0675", "pca 32": "0.0172 to 0.0191"}
    assert len([row for row in made.rows if row.kind == "baseline"]) == 4, "other formats have all"
