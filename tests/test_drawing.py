"""Writing figures: the same figure gives the same bytes, and no letter makes a noise."""

import io
import warnings
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from aecli.drawing import GAP, ImageRow, draw_image_rows, draw_png, draw_svg, make_tile, save_figure


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


def pixels(made):
    return np.asarray(Image.open(io.BytesIO(draw_png(made))).convert("RGB"))


def images(count, height, width, channels=1):
    return list(np.random.default_rng(0).uniform(size=(count, height, width, channels)))


def test_every_image_is_in_the_picture_pixel_by_pixel_and_in_its_place():
    rows = [
        ImageRow("one", images(3, 28, 28), above=["#1", "#2", "#3"]),
        ImageRow("two", images(3, 28, 28), is_error=True),
    ]
    picture = pixels(draw_image_rows(rows, "a title"))
    tiles = [[make_tile(image, is_error=row.is_error) for image in row.images] for row in rows]
    side = 4 * 28 + 2
    assert tiles[0][0].shape == (side, side, 3)
    width = picture.shape[1] - GAP - 3 * (side + GAP)  # of the captions
    for line, tops in zip(tiles, (None, picture.shape[0] - GAP - side), strict=True):
        for column, tile in enumerate(line):
            left = width + column * (side + GAP) + GAP // 2
            top = tops or next(
                y for y in range(picture.shape[0]) if np.array_equal(picture[y : y + side, left : left + side], tile)
            )
            assert np.array_equal(picture[top : top + side, left : left + side], tile)


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((28, 28), (112, 112)),
        ((32, 32), (96, 96)),
        ((12, 60), (24, 120)),
        ((102, 50), (102, 50)),
        ((204, 102), (102, 51)),
        ((1, 900), (1, 102)),
    ],
    ids=["digits", "small", "wide", "as it is", "halved", "one line"],
)
def test_an_image_is_enlarged_by_a_whole_number_or_reduced(shape, size):
    tile = make_tile(np.linspace(0, 1, np.prod(shape)).reshape(*shape, 1), is_error=False)
    assert tile.shape == (size[0] + 2, size[1] + 2, 3) and tile.dtype == np.uint8
    if size[0] % shape[0] == 0 and size[1] % shape[1] == 0:
        factor = size[0] // shape[0]
        grey = np.rint(255 * np.linspace(0, 1, np.prod(shape)).reshape(shape)).astype(int)
        assert np.array_equal(tile[1:-1, 1:-1, 0], grey.repeat(factor, 0).repeat(factor, 1))


def test_values_outside_of_the_range_and_no_numbers_are_drawn():
    tile = make_tile(np.array([[[-1.0], [2.0], [np.nan], [np.inf]]]), is_error=False)
    assert tile[1, [1, 30, 60, 90], 0].tolist() == [0, 255, 0, 255]


def test_an_error_is_red_where_too_bright_blue_where_too_dark_and_white_at_zero():
    (red, blue, white) = make_tile(np.array([[[0.8], [-0.8], [0.0]]]), is_error=True)[1, [10, 50, 90]].astype(int)
    assert red[0] > 150 > red[2] and blue[2] > 150 > blue[0] and white.min() > 240


def test_an_error_in_one_colour_is_shown_around_grey():
    tile = make_tile(np.array([[[0.5, -0.5, 0.0]]]), is_error=True)
    assert tile[1, 1].tolist() == [191, 64, 128]


@pytest.mark.parametrize("shape", [(28, 28, 1), (60, 4, 1), (4, 60, 3)], ids=["square", "tall", "wide"])
def test_no_words_touch_each_other_or_leave_the_picture(shape):
    numbers = ["0.00123"] * 5
    rows = [
        ImageRow("a caption of thirty letters ok", images(5, *shape), above=["salt and\npepper"] * 5, below=numbers),
        ImageRow("two\nlines", images(5, *shape), below=numbers),
    ]
    made = draw_image_rows(rows, "a title that is wider than " + "a few images " * 5)
    draw_png(made)
    boxes = [text.get_window_extent() for text in made.texts]
    assert all(box.x0 >= 0 and box.x1 <= made.bbox.x1 and box.y0 >= 0 and box.y1 <= made.bbox.y1 for box in boxes)
    assert not any(one.overlaps(other) for at, one in enumerate(boxes) for other in boxes[:at])
    numbers_at = [text.get_window_extent().x0 for text in made.texts if text.get_text() == "0.00123"][:5]
    assert len({round(right - left) for left, right in pairwise(numbers_at)}) == 1


def test_some_of_the_words_below_are_bold():
    row = ImageRow("a", images(3, 28, 28), below=["0.1", "0.2", "0.3"], is_bold=[False, True, False])
    assert [text.get_weight() for text in draw_image_rows([row]).texts if text.get_text() != "a"] == [
        "normal",
        "bold",
        "normal",
    ]


def test_the_same_images_give_the_same_bytes():
    assert draw_png(draw_image_rows([ImageRow("a", images(2, 5, 5))])) == draw_png(
        draw_image_rows([ImageRow("a", images(2, 5, 5))])
    )
