"""Figures of a comparison: what is drawn are the numbers of the runs, and nothing covers anything."""

import numpy as np
import pytest
from fake_figures import drawn_boxes, group_of, overlaps
from PIL import Image

from aecli.comparison.telling.figures.curves import draw_curves
from aecli.comparison.telling.figures.plots import draw_all, draw_intervals, save_plots
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


def test_a_predictor_is_named_once_within_the_picture_whatever_it_was_fitted_to(write_run, tmp_path):
    for at, size in enumerate((1000, 2000, 3000)):
        baselines = {f"pca_{units}": {"test": {"mse": 0.02 + units / 1e5 + at / 1e4}} for units in (4, 8, 16, 24, 32)}
        write_run(test={"mse": 0.02 + at / 1e3}, summary={"baselines": baselines}, set=[f"data.train_size={size}"])
    group = group_of(tmp_path)
    for figure, labels in ((draw_intervals(group).figure, 5), (draw_curves(group).figure, 5 + 3)):
        legend = figure.legends[0]
        shown = [text.get_text() for text in legend.get_texts()]
        assert len(shown) == len(set(shown)) == labels
        drawn_boxes(figure, [])
        box, canvas = legend.get_window_extent(), figure.bbox
        assert canvas.x0 <= box.x0 and box.x1 <= canvas.x1 + 1
    lines = [line for line in draw_intervals(group).figure.axes[0].lines if line.get_color() == "grey"]
    assert len(lines) == 15 and len({str(line._unscaled_dash_pattern) for line in lines}) == 5


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


def test_the_numbers_of_many_panels_do_not_touch(many):
    metrics = ["mse", "ssim", "train.mse", "validation.mse"]
    drawing = draw_intervals(compare([many], metrics=metrics).groups[0])
    draw_png(drawing.figure)
    for axes in drawing.figure.axes:
        low, high = axes.get_xlim()
        ticks = [text for text in axes.get_xticklabels() if low <= text.get_position()[0] <= high]
        assert overlaps([text.get_window_extent() for text in ticks]) == []


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
