"""Pictures: they are written for every layout, and show what they should."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from aecli.config.load import load_config
from aecli.drawing import scale_values
from aecli.errors import RunFolderError
from aecli.evaluation.pictures import (
    COLUMNS,
    choose_rows,
    draw_error_histogram,
    draw_grid,
    plot_learning_curves,
    plot_reconstructions,
)
from aecli.evaluation.subject import Subject
from aecli.training.build import prepare

BASELINES = {"mean_image": 0.067, "pca_32": 0.0168, "pca_32_clipped": 0.0152}


def blobs(count, height, width, channels):
    """Smooth bright spots, one per channel."""
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[:height, :width]
    centres = rng.uniform(size=(count, channels, 2, 1, 1)) * np.array([height, width])[:, None, None]
    distance = (rows - centres[:, :, 0]) ** 2 + (columns - centres[:, :, 1]) ** 2
    return (255 * np.exp(-distance / 40)).astype(np.uint8).transpose(0, 2, 3, 1)


def make_subject(tmp_path, test, scaling="auto"):
    train = blobs(20, *test.shape[1:]).astype(test.dtype)
    np.savez(tmp_path / "images.npz", x_train=train, x_test=test)
    dataset = {"name": "npz", "file": str(tmp_path / "images.npz"), "scaling": scaling}
    architecture = {"widths": ["auto", 4], "output_activation": "linear"}
    config = load_config({"data": {"dataset": dataset, "validation": 2}, "architecture": architecture})
    prepared = prepare(config)
    return Subject(prepared.trainee.model.eval(), prepared.splits, config)


def records(epochs, sign=1.0):
    """Lines of metrics.jsonl, epoch 0 first."""
    trained = [
        {"epoch": epoch, "objective": sign * (0.2 / epoch + 0.008), "validation": {"mse": 0.15 / epoch + 0.008}}
        for epoch in range(1, epochs + 1)
    ]
    return [{"epoch": 0, "objective": None, "validation": {"mse": 0.23}}, *trained]


def opened(path):
    """A PNG that can be read and is not blank."""
    assert 8_000 < path.stat().st_size < 300_000
    image = Image.open(path)
    assert image.format == "PNG"
    assert len(np.unique(np.asarray(image.convert("L")))) > 20
    return image


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((30, 28, 28, 1), (1300, 1600)),
        ((30, 32, 32, 3), (1300, 1600)),
        ((2, 28, 28, 1), (400, 700)),
        ((1, 28, 28, 1), (400, 700)),
        ((30, 12, 60, 1), (1300, 1700)),
        ((30, 60, 12, 1), (600, 900)),
        ((12, 300, 200, 3), (900, 1300)),
    ],
    ids=["grey", "colour", "two columns", "one column", "wide", "tall", "large"],
)
def test_reconstructions_are_drawn_in_every_layout(shape, size, tmp_path):
    path = tmp_path / "reconstructions.png"
    plot_reconstructions(make_subject(tmp_path, blobs(*shape)), path)
    low, high = size
    assert low < opened(path).width < high
    assert [entry.name for entry in tmp_path.iterdir() if entry.suffix != ".npz"] == ["reconstructions.png"]


def test_images_of_any_range_are_drawn_in_their_own(tmp_path):
    values = blobs(30, 28, 28, 1).astype(np.float32) * 4 - 300
    path = tmp_path / "reconstructions.png"
    plot_reconstructions(make_subject(tmp_path, values, scaling="none"), path)
    grey = np.asarray(opened(path).convert("L"))[30:130]  # the originals: smooth spots, not black and white
    assert ((grey > 40) & (grey < 215)).mean() > 0.05


@pytest.mark.parametrize("epochs", [1, 2, 50])
@pytest.mark.parametrize("sign", [1, -1], ids=["positive", "negative objective"])
def test_learning_curves_are_drawn_for_any_number_of_epochs(epochs, sign, tmp_path):
    path = tmp_path / "learning_curves.png"
    plot_learning_curves(records(epochs, sign), BASELINES, epochs, path)
    assert opened(path).size == (1260, 432)


def test_learning_curves_need_no_baselines_and_no_training(tmp_path):
    plot_learning_curves(records(0), {}, 0, tmp_path / "learning_curves.png")
    opened(tmp_path / "learning_curves.png")


def drawn(monkeypatch, tmp_path, *arguments):
    """The figure itself, taken when it is saved."""
    figures = []
    original = Figure.savefig
    monkeypatch.setattr(
        Figure, "savefig", lambda self, *args, **kwargs: (figures.append(self), original(self, *args, **kwargs))
    )
    plot_learning_curves(*arguments, tmp_path / "learning_curves.png")
    figures[0].canvas.draw()  # in its own resolution again
    return figures[0]


def test_the_curves_show_epoch_0_the_best_epoch_and_every_baseline_with_its_split(monkeypatch, tmp_path):
    figure = drawn(monkeypatch, tmp_path, records(50), BASELINES, 48)
    left, right = figure.axes
    assert list(right.lines[0].get_xdata()) == list(range(51)) and right.lines[0].get_ydata()[0] == 0.23
    assert list(left.lines[0].get_xdata()) == list(range(1, 51))
    assert left.get_xlim() == right.get_xlim()
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "validation",
        f"best epoch, 48: {0.15 / 48 + 0.008:.5f}",
        "mean image (test): 0.06700",
        "pca 32 (test): 0.01680",
        "pca 32 clipped (test): 0.01520",
    ]


def test_the_legend_covers_neither_curve(monkeypatch, tmp_path):
    figure = drawn(monkeypatch, tmp_path, records(50), BASELINES, 48)
    legend = figure.legends[0].get_window_extent()
    assert not any(legend.overlaps(axes.get_window_extent()) for axes in figure.axes)


def test_the_labels_of_an_axis_do_not_overlap(monkeypatch, tmp_path):
    for epochs in (1, 3, 50):
        for axes in drawn(monkeypatch, tmp_path, records(epochs), BASELINES, epochs).axes:
            boxes = [label.get_window_extent() for label in axes.get_yticklabels() if label.get_text()]
            assert all(below.y1 <= above.y0 for below, above in pairwise(sorted(boxes, key=lambda box: box.y0)))


@pytest.mark.parametrize(
    ("values", "scale"),
    [([0.2, 0.01], "log"), ([0.2, 0.1], "linear"), ([0.2, -0.1], "linear"), ([0.2, 0.0], "linear"), ([], "linear")],
    ids=["two decades", "narrow", "negative", "zero", "none"],
)
def test_an_axis_is_logarithmic_only_where_the_values_allow_it_and_need_it(values, scale):
    axes = Figure().subplots()
    scale_values(axes, values)
    assert axes.get_yscale() == scale


def test_one_image_of_every_class_comes_first():
    labels = np.array([7, 7, 2, 1, 2, 7, 9, 1, 1, 0, 4, 4, 4, 4, 4])
    assert choose_rows(labels, 15).tolist() == [9, 3, 2, 10, 0, 6, 1, 4, 5, 7, 8, 11]
    assert choose_rows(None, 15).tolist() == list(range(COLUMNS))
    assert choose_rows(None, 2).tolist() == [0, 1]
    assert len(choose_rows(np.arange(100), 100)) == COLUMNS


def test_a_picture_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "plots").write_text("a file")
    with pytest.raises(RunFolderError, match="learning_curves.png: Not a directory"):
        plot_learning_curves(records(2), {}, 2, tmp_path / "plots" / "learning_curves.png")


def test_a_grid_has_a_row_for_everyone_and_the_error_below_every_image():
    x_NP = np.full((2, 4), 0.5, np.float32)
    parts = {"input": x_NP, "model": x_NP + np.float32(0.1)}
    words = [text.get_text() for text in draw_grid(parts, ["first_one", "second"], x_NP, (1, 2, 2), "title").texts]
    assert {"input", "model", "first\none", "second", "title"} < set(words)
    assert words.count("0.000") == 2 and words.count("0.010") == 2


def test_few_images_are_in_few_bins_and_baselines_are_named_in_words():
    errors = np.random.default_rng(0).random(60)
    figure = draw_error_histogram(errors, {"mean_image": 0.5, "pca_32_clipped": 0.25}, "row")
    (axes,) = figure.axes
    (stairs,) = axes.patches
    assert 5 <= len(stairs.get_data().values) <= 12
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    assert words == [f"this net: {errors.mean():.4g}", "mean image: 0.5", "pca 32 clipped: 0.25"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("MSE of one row", "rows")
    assert axes.get_title() == "errors of 60 rows, one by one"
    FigureCanvasAgg(figure).draw()
    legend = figure.legends[0].get_window_extent()
    assert not legend.overlaps(axes.get_window_extent()) and legend.x1 <= figure.bbox.x1
