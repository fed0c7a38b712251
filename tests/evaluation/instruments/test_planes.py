"""Rows as images: the layouts, and interpolation against numpy."""

import numpy as np
import pytest

from aecli.evaluation.instruments.planes import draw_lines, flat, interpolation, pixels, planes


def test_rows_become_images_channel_by_channel_and_rows_again():
    x = np.arange(2 * 3 * 4 * 5).reshape(2, -1)
    images = planes(x, (3, 4, 5))
    assert images.shape == (2, 3, 4, 5) and images[1, 2, 3, 4] == x[1, 59] and images[0, 1, 0, 0] == x[0, 20]
    assert np.array_equal(flat(images), x)


@pytest.mark.parametrize(("shape", "expected"), [((1, 28, 28), 3), ((3, 56, 90), 6), ((1, 90, 14), 1.5)], ids=str)
def test_a_length_is_measured_by_the_shorter_side(shape, expected):
    assert pixels(3, shape) == expected


def test_interpolation_is_that_of_numpy():
    nodes = np.random.default_rng(0).random(5)
    assert np.allclose(interpolation(28, 5) @ nodes, np.interp(np.linspace(0, 4, 28), np.arange(5), nodes))


def test_a_line_on_a_row_is_white_there_and_fades_to_both_sides_where_it_is_drawn():
    rows, drawn = np.full((1, 1, 28), 7.0), np.arange(28) < 10
    y = draw_lines(np.zeros((1, 784), np.float32), rows, drawn, (1, 28, 28)).reshape(28, 28)
    assert (y[7, :10] == 1).all() and y[:, 10:].max() == 0
    assert y[6, :10] == pytest.approx(1 - 1 / 1.45) and y[8, 0] == pytest.approx(y[6, 0]) and y[5, 0] == y[9, 0] == 0
