"""A comparison on the screen: whole cells, the best marked, and long tables cut."""

from aecli.comparison.telling.table import make_table
from aecli.comparison.verdicts.compare import compare
from aecli.console.comparison import ROWS_SHOWN, cut, draw_table, show_comparison


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


def test_everything_is_shown_the_baseline_first(write_seeds, tmp_path, capsys):
    base = [0.0080, 0.0082, 0.0079, 0.0081, 0.0083, 0.0078]
    write_seeds(base)
    write_seeds([value * 1.5 for value in base], set=["loss.name=mae"])
    comparison = compare([str(tmp_path / "runs")], metrics=["test.mse"])
    show_comparison(comparison, [make_table(group) for group in comparison.groups], matrix=False)
    out = capsys.readouterr().out
    assert out.startswith("mnist, 10,000 test images: 12 runs, 2 configs\n")
    assert "mae" in out and "worse" in out and "equivalent within 1%" in out.replace("1 %", "1%")
