"""Figures of a comparison: what is drawn are the numbers of the runs, and nothing covers anything."""

from dataclasses import replace

import numpy as np
import pytest
from fake_figures import drawn_boxes, examples, group_of, overlaps
from PIL import Image

from aecli.comparison.telling.figures.curves import draw_curves
from aecli.comparison.telling.figures.images import draw_reconstructions
from aecli.comparison.telling.figures.plots import add_caption, draw_all, draw_intervals, save_plots
from aecli.comparison.verdicts.compare import compare
from aecli.drawing import draw_png
from aecli.errors import UsageError


def test_intervals_are_sorted_and_baselines_far_off_are_named(write_seeds, tmp_path):
    write_seeds([0.012, 0.013, 0.014], set=["loss.name=mae"])
    write_seeds([0.010, 0.011, 0.012])
    drawing = draw_intervals(group_of(tmp_path))
    (axes,) = drawing.figure.axes
    assert [text.get_text() for text in axes.get_yticklabels()] == ["mse", "mae"]
    means = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "o"]
    assert means == pytest.approx([0.011, 0.013])
    assert "Outside, by test.mse: mean image 0.0675." in drawing.caption
    assert [text.get_text() for text in drawing.figure.legends[0].get_texts()] == ["pca 32"]


def test_a_candidate_with_one_seed_has_a_dot_and_no_bar(write_run, tmp_path):
    write_run(test={"mse": 0.01})
    (axes,) = draw_intervals(group_of(tmp_path)).figure.axes
    assert not axes.collections


def test_every_figure_is_written_and_the_others_are_explained(write_seeds, tmp_path):
    write_seeds([0.01, 0.011])
    write_seeds([0.02, 0.021], set=["loss.name=mae"])
    told = []
    paths = save_plots(compare([tmp_path / "runs"]), tmp_path / "new" / "plots", told.append)
    assert [path.name for path in paths] == ["curves.png", "intervals.png"]
    assert [text.partition(":")[0] for text in told] == ["pareto.png", "reconstructions.png"]
    for path in paths:
        image = Image.open(path)
        assert image.format == "PNG" and len(np.unique(np.asarray(image.convert("L")))) > 20


def test_a_caption_leaves_room_for_the_legend(many):
    drawing = draw_curves(group_of(many))
    add_caption(replace(drawing, caption=drawing.caption * 2))
    boxes = drawn_boxes(drawing.figure, [drawing.figure.texts[0]]) + [drawing.figure.legends[0].get_window_extent()]
    assert overlaps(boxes) == []


def test_a_caption_stands_above_what_is_drawn(many):
    drawing = draw_intervals(group_of(many))
    add_caption(replace(drawing, caption=drawing.caption * 3))
    (caption,) = drawn_boxes(drawing.figure, drawing.figure.texts)
    assert max(axes.get_window_extent().y1 for axes in drawing.figure.axes) <= caption.y0
    assert caption.y1 <= drawing.figure.bbox.height


def test_a_caption_stands_above_images(write_run, tmp_path):
    for loss in ("mse", "mae"):
        examples(write_run(set=[f"loss.name={loss}"]), [51, 51, 51])
    drawing = draw_reconstructions(group_of(tmp_path))
    before = drawing.figure.bbox.height
    add_caption(replace(drawing, caption=drawing.caption * 3))
    draw_png(drawing.figure)
    *others, caption = [text.get_window_extent() for text in drawing.figure.texts]
    assert before <= caption.y0 and caption.y1 <= drawing.figure.bbox.height
    assert max(box.y1 for box in others) <= before


def test_each_data_set_has_its_own_figures(write_run, tmp_path):
    write_run()
    write_run(environment={"data": {"dataset": "Fashion/../MNIST", "sha256": "0", "images": {"test": 5}}})
    names = [path.name for path in save_plots(compare([tmp_path / "runs"]), tmp_path / "plots")]
    assert names == [
        "1_mnist_curves.png",
        "1_mnist_intervals.png",
        "2_fashion-mnist_curves.png",
        "2_fashion-mnist_intervals.png",
    ]


def test_a_directory_that_cannot_be_made_is_refused(write_run, tmp_path):
    write_run()
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"file: cannot be made: it is a file; name another directory$"):
        save_plots(compare([tmp_path / "runs"]), tmp_path / "file")


def test_every_figure_says_what_it_shows(many):
    for drawing in draw_all(group_of(many)).values():
        assert drawing.caption
