"""A line of progress leaves parts out and cuts none."""

import pytest

from aecli.console.progress_line import bar_width, first_that_fits, labelled

FORMS = [("epoch 3/50", "loss 0.0123", "", "0:36 left"), ("epoch 3/50", "0:36 left"), ("epoch 3/50",)]


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (33, "epoch 3/50  0:36 left"),
        (34, "epoch 3/50  loss 0.0123  0:36 left"),
        (21, "epoch 3/50  0:36 left"),
        (20, "epoch 3/50"),
        (3, "epoch 3/50"),
    ],
)
def test_the_first_form_that_fits_is_taken(width, line):
    assert first_that_fits(FORMS, width) == line


def test_a_bar_takes_a_fifth_of_the_screen_within_bounds():
    assert [bar_width(width) for width in (20, 80, 400)] == [8, 16, 40]


def test_a_label_gives_way_to_its_number_and_no_number_is_cut():
    for width in range(1, 70):
        text = labelled("optimization.optimizer.lr=0.001, seed=0", "validation mse 0.01234", width)
        assert len(text) <= width and ("validation" not in text or text.endswith("  validation mse 0.01234"))
