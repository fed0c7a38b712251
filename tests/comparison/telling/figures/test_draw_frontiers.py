"""The figure of frontiers: the numbers of the runs, the asked value, and what was read there."""

import pytest
from fake_frontiers import KS, write_frontiers
from in_process import call_main

from aecli.comparison.telling.figures.frontiers import draw_frontiers, save_frontiers
from aecli.comparison.verdicts.at_point import compare_at


def test_every_dose_the_asked_value_and_the_readings_are_drawn(write_run, tmp_path):
    write_frontiers(write_run, seeds=3)
    found = compare_at([tmp_path / "runs"], "code.l0=20", metrics=["mse", "validation.mse"])
    drawing = draw_frontiers(found, found.groups[0])
    first, second = drawing.figure.axes
    curves = {line.get_label(): line for line in first.lines if not line.get_label().startswith("_")}
    assert sorted(curves) == ["activity_l1", "k_sparse"]
    assert list(curves["k_sparse"].get_xdata()) == pytest.approx(KS, rel=0.02)
    rings = [line for line in first.lines if line.get_markersize() == 11]
    assert [list(line.get_xdata()) for line in rings] == [[20.0], [20.0]]
    assert [line.get_ydata()[0] for line in rings] == pytest.approx([0.01, 0.01], rel=0.1)
    assert {text.get_text() for text in first.texts} == {"0.01", "1", "4", "30"}
    assert (first.get_xlabel(), second.get_ylabel()) == ("code.l0", "←  better     validation.mse")
    assert "Dashed: code.l0 = 20, where all are judged" in drawing.caption


def test_a_number_that_a_data_set_lacks_is_no_figure(write_run, tmp_path):
    write_frontiers(write_run, seeds=1)
    found = compare_at([tmp_path / "runs"], "code.l0=5000", metrics=["mse"])
    assert [path.name for path in save_frontiers(found, tmp_path / "plots")] == ["frontiers.png"]


def test_compare_and_report_draw_what_was_asked_for(write_run, tmp_path):
    write_frontiers(write_run, seeds=3)
    asked = [str(tmp_path / "runs"), "--at", "code.l0=20"]
    done = call_main("compare", *asked, "--plots", str(tmp_path / "plots"))
    assert done.returncode == 0 and (tmp_path / "plots/frontiers.png").exists()
    assert "frontiers.png" in done.stderr and "read at code.l0 = 20" in done.stdout
    assert call_main("report", *asked, "-o", str(tmp_path / "r.html")).returncode == 0
    page = (tmp_path / "r.html").read_text()
    assert "<h3>Where they buy the same</h3>" in page and "read at code.l0 = 20:</p>" in page
    assert 'alt="Frontiers over code.l0. test.mse over code.l0' in page
