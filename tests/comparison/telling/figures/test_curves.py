"""Learning curves: who is drawn, and what stands there where nothing can be."""

from fake_figures import group_of

from aecli.comparison.telling.figures.curves import draw_curves


def test_at_most_ten_candidates_are_drawn_and_the_rest_is_said(many):
    group = group_of(many)
    drawing = draw_curves(group)
    assert "Drawn: the 10 best by test.mse; 2 more are in the table." in drawing.caption
    _, near = drawing.figure.axes
    assert len([line for line in near.lines if line.get_color() != "grey"]) == 10


def test_the_baseline_is_drawn_even_if_it_is_the_worst(many):
    group = group_of(many, baseline="batch_size=27")
    labels = [text.get_text() for text in draw_curves(group).figure.legends[0].get_texts()]
    assert "batch_size=27" in labels


def test_without_epochs_there_are_no_curves_and_it_is_said_why(write_run, tmp_path):
    write_run(records=[{"epoch": 0}])
    drawing = draw_curves(group_of(tmp_path))
    assert drawing.figure is None
    assert drawing.caption == "no learning curves: metrics.jsonl of these runs has no validation mse"
