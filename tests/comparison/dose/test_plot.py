"""The picture of a dose-response."""

import math

import pytest
from dosed_runs import FLAT_THEN_CLIFF, KEY, respond, write_doses
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from aecli.comparison.dose.dose_words import heading
from aecli.comparison.dose.plot import check_file, draw_response, make_places, save_plot
from aecli.errors import UsageError


def test_zero_stands_apart_at_the_left_and_the_rest_at_their_logarithms():
    place = make_places([0.0, 1e-3, 1e-2, 1.0])
    assert [place(dose) for dose in (1e-3, 1e-2, 1.0)] == pytest.approx([-3, -2, 0])
    assert place(0.0) <= place(1e-3) - 0.3
    assert make_places([-1.0, 2.0])(2.0) == 2.0


def test_the_picture_has_a_panel_for_each_goal_with_its_free_zone_and_its_cliff(write_run, tmp_path):
    write_doses(write_run, FLAT_THEN_CLIFF)
    found = respond(tmp_path, metrics=["mse", "gap"])
    figure = draw_response(found, found.groups[0])
    axes, other = figure.axes
    assert [label.get_text() for label in axes.get_xticklabels()] == ["0", "1e-08", "1e-07", "1e-06", "1e-05", "0.0001"]
    line = next(line for line in axes.lines if len(line.get_xdata()) == 5)
    assert list(line.get_xdata()) == pytest.approx([-8, -7, -6, -5, -4])
    assert list(line.get_ydata()) == pytest.approx(
        [step.estimate.mean for step in found.groups[0].responses[0].steps[1:]]
    )
    dashed = [line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == "--"]
    assert len(dashed) == 1 and -6 < dashed[0] < -5
    assert not [line for line in other.lines if line.get_linestyle() == "--"], "the gap has no cliff"


def test_nothing_in_the_picture_covers_anything(write_run, tmp_path):
    write_doses(write_run, FLAT_THEN_CLIFF)
    found = respond(tmp_path, metrics=["mse", "gap"])
    figure = draw_response(found, found.groups[0])
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    for axes in figure.axes:
        boxes = [label.get_window_extent(canvas.get_renderer()) for label in axes.get_xticklabels()]
        assert not [1 for one, next_one in zip(boxes, boxes[1:], strict=False) if one.overlaps(next_one)]
        title = axes._left_title.get_window_extent(canvas.get_renderer())
        assert title.x1 <= figure.bbox.width and not math.isnan(title.x0)


def test_several_groups_get_several_pictures(write_run, tmp_path):
    for epochs in (5, 9):
        for dose in (1e-7, 1e-6):
            write_run(set=[f"regularization=[{{name: l1, weight: {dose}}}]", f"training.epochs={epochs}"])
    found = respond(tmp_path)
    assert [heading(found, one) for one in found.groups] == [
        f"{KEY} on mnist, 10,000 test images (epochs={epochs}): 2 doses, 2 runs" for epochs in (5, 9)
    ]
    paths = save_plot(found, tmp_path / "dose.png")
    assert [path.name for path in paths] == ["dose_1.png", "dose_2.png"]
    assert all(Image.open(path).width > 500 for path in paths)


def test_a_picture_has_a_name_that_ends_in_png_and_a_folder(tmp_path):
    with pytest.raises(UsageError) as error:
        check_file(tmp_path / "dose.pdf")
    assert str(error.value) == f"--plot {tmp_path}/dose.pdf: the picture is a PNG; write a name that ends in .png"
    with pytest.raises(UsageError) as error:
        check_file(tmp_path / "none" / "dose.png")
    assert str(error.value) == f"--plot {tmp_path}/none/dose.png: no such folder: {tmp_path}/none"
