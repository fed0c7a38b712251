"""Writing figures: the same figure gives the same bytes, and no letter makes a noise."""

import warnings

import pytest
from matplotlib.figure import Figure

from aecli.runs.figures import draw_png, draw_svg, save_figure


def figure(title="a title"):
    made = Figure(figsize=(3, 2))
    axes = made.subplots()
    axes.plot([1, 2, 3], [1, 4, 9], "o-", clip_on=True)
    axes.set_title(title)
    return made


@pytest.mark.parametrize("draw", [draw_png, draw_svg], ids=["png", "svg"])
def test_the_same_figure_gives_the_same_bytes(draw):
    assert draw(figure()) == draw(figure())
    assert draw(figure()) != draw(figure("another title"))


def test_an_svg_needs_no_font_and_names_no_moment():
    svg = draw_svg(figure()).decode()
    assert "<text" not in svg and "<dc:date>" not in svg


def test_a_letter_that_the_font_lacks_is_no_warning(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        save_figure(figure("数字"), tmp_path / "figure.png")
    assert (tmp_path / "figure.png").read_bytes().startswith(b"\x89PNG")
