"""Tables of the page: cut to its width, with every column in one of them."""

from aecli.comparison.telling.report.grids import (
    ROOM,
    GridCell,
    GridRow,
    cell_width,
    class_grids,
    matrix_grids,
    result_grids,
    setting_grids,
    split,
)
from aecli.comparison.telling.table import make_table
from aecli.comparison.verdicts.class_errors import ClassTable
from aecli.comparison.verdicts.compare import compare
from aecli.comparison.verdicts.matrix import make_matrix


def test_no_column_is_lost_and_no_table_is_wider_than_the_page():
    heads = [f"metric {number}" for number in range(40)]
    row = GridRow("mse", tuple(GridCell(f"{number / 7:.5f} ±0.00012") for number in range(40)))
    grids = split(heads, [row])
    assert [head for grid in grids for head in grid.heads] == heads
    assert [cell for grid in grids for cell in grid.rows[0].cells] == list(row.cells)
    for grid in grids:
        assert sum(2 + cell_width(cell.text, cell.style) for cell in grid.rows[0].cells) <= ROOM
        assert grid.rows[0].name == "mse"


def test_a_text_is_as_wide_as_its_longest_word_at_least():
    assert cell_width("adam(lr=0.001, betas=[0.9, 0.999])", "words") == 20
    assert cell_width("newton_schulz_steps=5_and_more", "words") == 30 == cell_width("0" * 30, "number")


def test_names_and_metrics_stand_in_one_table_and_settings_in_another(losses):
    (group,) = compare([losses], metrics=["mse"]).groups
    table = make_table(group)
    (results,), (settings,) = result_grids(table), setting_grids(table)
    assert results.heads[:2] == ("seeds", "mse ↓") and settings.heads == ("loss",)
    assert [row.name for row in results.rows][:1] == ["mse"] and results.rows[-1].kind == "baseline"
    assert results.rows[0].cells[1].text.endswith(" *") and results.rows[0].cells[1].style == "number best"
    assert {row.cells[0].text for row in settings.rows} >= {"mse", "mae"} and len(settings.rows) == 3


def test_referees_and_classes_are_marked(losses):
    (group,) = compare([losses]).groups
    grids = matrix_grids(make_matrix(group))
    assert any("best" in cell.style for grid in grids for row in grid.rows for cell in row.cells)
    (classes,) = class_grids(ClassTable(("0", "1"), 0, (("mse", (0.01, None), 0),)))
    assert [(cell.text, cell.style) for cell in classes.rows[0].cells] == [
        ("▲ 0.0100", "number worst"),
        ("-", "number"),
    ]
