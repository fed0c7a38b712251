"""The figure of a tuning: the best number over the trials, and the verdict with what they choose."""

import numpy as np

from aecli.comparison.telling.figures.budget_curve import draw_tuning
from aecli.comparison.telling.figures.plots import draw_all
from aecli.comparison.verdicts.compare import compare


def test_the_numbers_are_those_of_the_budgets(tuned_sweep):
    (group,) = compare([tuned_sweep], baseline="mse").groups
    drawing = draw_tuning(group)
    found, judged = drawing.figure.axes
    curves = {line.get_label(): list(line.get_ydata()) for line in found.lines}
    assert curves == {"mse": [0.010] * 3, "huber": [0.030, 0.030, 0.011]}
    points = [(round(line.get_xdata()[0]), line.get_ydata()[0]) for line in judged.lines if line.get_marker() != "None"]
    assert np.allclose([y for _, y in points], [200, 200, 10]) and [x for x, _ in points] == [1, 2, 3]
    assert [line.get_markerfacecolor() == "white" for line in judged.lines[:3]] == [True, True, False]
    assert "no bar: by validation.mse of the seeds that tuned" in drawing.caption
    assert [text.get_text() for text in drawing.figure.legends[0].get_texts()] == ["mse", "huber"]


def test_nothing_is_drawn_and_nothing_told_where_nothing_was_tuned(write_seeds, tmp_path):
    write_seeds([0.01, 0.011])
    (group,) = compare([tmp_path / "runs"]).groups
    assert draw_tuning(group) is None and "tuning" not in draw_all(group)
