"""The same test images side by side, and where two nets differ most."""

import numpy as np
import pytest
from fake_figures import examples, group_of, words

from aecli.comparison.telling.figures.images import draw_differences, draw_reconstructions


def test_the_same_images_are_laid_side_by_side(write_run, tmp_path):
    examples(write_run(seed=1), [51, 51, 51])
    examples(write_run(seed=1, test={"mse": 0.007}, set=["loss.name=mae"]), [102, 0, 102])
    drawing = draw_reconstructions(group_of(tmp_path))
    assert words(drawing) == ["original", "mae", "mse", "0.160", "0.00", "0.160", "0.0400", "0.0400", "0.0400"]
    is_bold = [text.get_weight() == "bold" for text in drawing.figure.texts[3:]]
    assert is_bold == [False, True, False, True, False, True]
    assert (
        drawing.caption
        == "The same test images, one net each, seed 1; below each its MSE, the lowest of a column in bold."
    )


@pytest.mark.parametrize(
    "content", [None, b"", b"PK no archive", "wrong"], ids=["missing", "empty", "broken", "wrong shape"]
)
def test_without_examples_the_figure_is_left_out_and_it_is_said_why(write_run, tmp_path, content):
    path = write_run()
    if content == "wrong":
        np.savez(
            path / "examples.npz",
            rows=np.arange(3),
            images=np.zeros((2, 1, 4, 4), np.uint8),
            reconstructions=np.zeros((2, 1, 4, 4), np.uint8),
        )
    elif content is not None:
        (path / "examples.npz").write_bytes(content)
    drawing = draw_reconstructions(group_of(tmp_path))
    assert drawing.figure is None and drawing.caption.startswith("no reconstructions: these runs have no examples.npz")


def test_the_images_where_two_nets_differ_most(write_run, tmp_path):
    examples(write_run(test={"mse": 0.007}), [0, 51, 102], rows=(3, 5, 8))
    examples(write_run(set=["loss.name=mae"]), [102, 51, 51], rows=(3, 5, 8))
    group = group_of(tmp_path)
    first, second = draw_differences(*group.candidates)
    assert (
        first.caption
        == "Where mse is better than mae by most, of 3 test images that the runs keep; seed 0. Error: red too bright, "
        "blue too dark."
    )
    assert second.caption.startswith("Where mae is better than mse by most, of 3 test images")
    captions = ["original", "mse", "mae", "error of\nmse", "error of\nmae"]
    assert words(first) == [*captions, "#3", "0.00", "0.160"]
    assert words(second) == [*captions, "#8", "0.160", "0.0400"]


def test_the_largest_differences_of_many_images_come_first(write_run, tmp_path):
    rows, level = range(100, 120), np.arange(20)
    examples(write_run(test={"mse": 0.007}), 5 * level, rows=rows)
    examples(write_run(set=["loss.name=mae"]), 5 * level[::-1], rows=rows)
    first, second = draw_differences(*group_of(tmp_path).candidates)
    heads = [[word for word in words(one) if word.startswith("#")] for one in (first, second)]
    assert heads == [[f"#{row}" for row in range(100, 106)], [f"#{row}" for row in range(119, 113, -1)]]


def test_equal_nets_differ_nowhere(write_run, tmp_path):
    examples(write_run(), [51, 51, 51])
    examples(write_run(set=["loss.name=mae"]), [51, 51, 51])
    (drawing,) = draw_differences(*group_of(tmp_path).candidates)
    assert drawing.figure is None
    assert drawing.caption == "mse and mae reconstruct all 3 test images that the runs keep equally well"
