"""Two metrics against each other: the front, the pair, and labels that cover nothing."""

import itertools

import numpy as np
import pytest
from fake_figures import drawn_boxes, group_of, overlaps

from aecli.comparison.telling.figures.pareto import choose_pair, draw_pareto, spread_apart


def test_labels_neither_cover_each_other_nor_a_point(many):
    group = group_of(many)
    (axes,) = (figure := draw_pareto(group).figure).axes
    assert len(axes.texts) == 12
    boxes = drawn_boxes(figure, axes.texts)
    assert overlaps(boxes) == []
    assert min(box.x0 for box in boxes) > axes.get_window_extent().x1
    assert max(box.x1 for box in boxes) <= figure.bbox.x1


def test_the_check_for_covering_labels_can_fail(many):
    (axes,) = (figure := draw_pareto(group_of(many)).figure).axes
    axes.texts[0].set_y(axes.texts[1].get_position()[1])
    assert overlaps(drawn_boxes(figure, axes.texts))


def test_the_front_is_filled_and_joined(write_run, tmp_path):
    for loss, mse, ssim in (("mse", 0.01, 0.7), ("mae", 0.02, 0.9), ("bce", 0.03, 0.8)):
        write_run(test={"mse": mse, "ssim": ssim}, set=[f"loss.name={loss}"])
    (axes,) = draw_pareto(group_of(tmp_path)).figure.axes
    assert axes.lines[0].get_xdata().tolist() == [0.01, 0.02]
    filled = {line.get_xdata()[0]: line.get_markerfacecolor() != "white" for line in axes.lines[1:]}
    assert filled == {0.01: True, 0.02: True, 0.03: False}
    assert axes.get_xlabel() == "←  better     test.mse" and axes.get_ylabel() == "test.ssim     better  →"


@pytest.mark.parametrize(
    ("metrics", "numbers", "pair"),
    [
        (["mse"], {"mse": 1.0, "psnr_db": 2.0, "mae": 3.0}, ("test.mse", "test.mae")),
        (["mse", "psnr_db"], {"mse": 1.0, "psnr_db": 2.0, "ssim": 3.0}, ("test.mse", "test.ssim")),
        (["mae", "fvu"], {"mae": 1.0, "fvu": 2.0, "ssim": 3.0}, ("test.mae", "test.fvu")),
        (["mse"], {"mse": 1.0, "rmse": 1.0}, None),
    ],
    ids=["a neutral one is found", "not one of the same order", "the two asked for", "none"],
)
def test_two_metrics_that_say_different_things(write_run, tmp_path, metrics, numbers, pair):
    for loss in ("mse", "mae"):
        write_run(test=numbers, set=[f"loss.name={loss}"])
    group = group_of(tmp_path, metrics=metrics)
    found = choose_pair(group)
    assert (found and tuple(one.name for one in found)) == pair
    assert (draw_pareto(group).figure is None) == (pair is None)


def test_labels_are_spread_within_the_frame():
    rng = np.random.default_rng(0)
    for count in (1, 2, 5, 12, 20):
        wanted = sorted(rng.uniform(0, 1, count))
        heights = spread_apart(wanted, 0.075)
        assert len(heights) == count and min(heights) >= -1e-9 and max(heights) <= 1 + 1e-9
        assert all(
            after - before >= min(0.075, 1 / max(count - 1, 1)) - 1e-9 for before, after in itertools.pairwise(heights)
        )
