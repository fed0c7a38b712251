"""A caption is a strip above a figure: nothing of it is cut, and nothing of the figure is covered."""

import io

import numpy as np
import pytest
from fake_figures import examples, group_of
from PIL import Image

from aecli.comparison.telling.figures.caption import break_lines, draw_strip, draw_with_caption
from aecli.comparison.telling.figures.plots import draw_all
from aecli.drawing import draw_png


def pixels(content):
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


@pytest.fixture
def drawings(write_run, tmp_path):
    """All figures of two losses whose labels are long, with images."""
    for loss in ("mse", "mae"):
        for seed in range(2):
            test = {"mse": 0.01 + seed / 1000, "ssim": 0.9 - seed / 100}
            examples(write_run(seed=seed, set=[f"loss.name={loss}", "name=" + "long_" * 12], test=test), [51, 51, 51])
    return draw_all(group_of(tmp_path))


def test_every_figure_is_whole_below_its_caption_however_long_that_is(drawings):
    assert all(drawing.figure for drawing in drawings.values())
    for drawing in drawings.values():
        alone = pixels(draw_png(drawing.figure))
        for caption in (drawing.caption, drawing.caption * 4):
            whole = pixels(draw_with_caption(drawing.figure, caption))
            strip = pixels(draw_strip(caption, alone.shape[1]))
            assert whole.shape == (len(strip) + len(alone), *alone.shape[1:]) and (strip < 128).any()
            assert (whole[: len(strip)] == strip).all() and (whole[len(strip) :] < 128).any()
            assert (strip[:4] == 255).all() and (strip[-4:] == 255).all() and (strip[:, -4:] == 255).all()


def test_a_word_without_a_blank_and_dollars_are_shown_as_they_are():
    narrow, wide = (pixels(draw_strip("a $x_1$ " + "w" * 80, width)) for width in (120, 900))
    assert narrow.shape[1] == 120 and wide.shape[1] == 900 and narrow.shape[0] > 3 * wide.shape[0]
    assert (narrow[:, -4:] == 255).all()


def test_lines_are_broken_at_blanks():
    assert break_lines("", 8, len) == [] and break_lines("a bc  d", 4, len) == ["a bc", "d"]
