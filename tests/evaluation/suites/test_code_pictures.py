"""Pictures of the code suite: what is in them, and in which order."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from aecli.evaluation.instruments.code_statistics import correlate, describe, describe_units, histogram, largest_pair
from aecli.evaluation.suites.code_pictures import draw_correlation, draw_units


@pytest.fixture
def numbers():
    """Of three units: a small one, a dead one, a large one."""
    code_NL = np.random.default_rng(0).standard_normal((40, 3)) * [1, 0, 3]
    correlation_AA = correlate(code_NL[:, [0, 2]])
    return {
        "code": describe(code_NL),
        "per_unit": describe_units(code_NL),
        "histogram": histogram(code_NL),
        "largest_correlation": largest_pair(correlation_AA, np.array([0, 2])),
        "correlation": correlation_AA,
    }


def test_units_are_drawn_by_falling_deviation_and_dead_ones_last(numbers):
    figure = draw_units(numbers)
    left, right = figure.axes
    assert [label.get_text() for label in left.get_xticklabels()] == ["2", "0", "1"]
    assert "dead" in [text.get_text() for text in figure.legends[0].get_texts()]
    assert left.get_title().startswith("2 of 3 units alive, effective dimension 1.")
    assert right.get_yscale() == "log" and right.get_title() == "all values but exact zeros (33.3%)"


def test_without_dead_units_there_is_no_mark_for_them(numbers):
    numbers["per_unit"] = describe_units(np.random.default_rng(0).standard_normal((40, 3)))
    (legend,) = draw_units(numbers).legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "smallest to largest",
        "middle half of the images",
        "median",
    ]


def test_the_legend_covers_no_unit_however_alike_they_are(numbers):
    numbers["per_unit"] = describe_units(np.random.default_rng(0).standard_normal((400, 32)))
    figure = draw_units(numbers)
    FigureCanvasAgg(figure).draw()
    legend = figure.legends[0].get_window_extent()
    assert not any(legend.overlaps(axes.get_window_extent()) for axes in figure.axes)


def test_nothing_of_a_relu_is_drawn_below_zero(numbers):
    numbers["per_unit"] = describe_units(np.random.default_rng(0).standard_normal((400, 8)).clip(min=0))
    left, _ = draw_units(numbers).axes
    drawn = [point for lines in left.collections for segment in lines.get_segments() for point in segment]
    assert min(y for _, y in drawn) == 0 and min(line.get_ydata().min() for line in left.lines) == 0


def test_the_correlation_is_drawn_for_the_units_that_are_alive(numbers):
    axes = draw_correlation(numbers["correlation"], np.array([0, 2]), numbers).axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["0", "2"]
    assert np.array_equal(axes.images[0].get_array(), numbers["correlation"])
    assert axes.get_title().endswith("units 0 and 2")
