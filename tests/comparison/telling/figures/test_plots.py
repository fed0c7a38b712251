"""Figures of a comparison: what is drawn are the numbers of the runs, and nothing covers anything."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from PIL import Image

from aecli.comparison.evidence.example_images import read_examples
from aecli.comparison.evidence.learning_curves import make_curve
from aecli.comparison.telling.figures.curves import draw_curves
from aecli.comparison.telling.figures.figure_parts import LABEL, figure_labels, fold_label
from aecli.comparison.telling.figures.images import draw_differences, draw_reconstructions
from aecli.comparison.telling.figures.pareto import choose_pair, draw_pareto, spread_apart
from aecli.comparison.telling.figures.plots import add_caption, draw_all, draw_intervals, save_plots
from aecli.comparison.verdicts.compare import compare
from aecli.drawing import draw_png
from aecli.errors import UsageError


def group_of(tmp_path, **options):
    (group,) = compare([tmp_path / "runs"], **options).groups
    return group


def records(*values):
    """Lines of metrics.jsonl with these validation errors."""
    return [{"epoch": epoch, "objective": 1.0, "validation": {"mse": value}} for epoch, value in enumerate(values)]


def examples(path, brightness, *, rows=(3, 5, 8), images=None):
    """Write examples.npz: the originals are black, so that a brightness of b / 255 has an MSE of its square."""
    images = np.zeros((len(rows), 1, 4, 4), np.uint8) if images is None else images
    made = np.zeros_like(images) + np.asarray(brightness, np.uint8).reshape(-1, 1, 1, 1)
    np.savez(path / "examples.npz", rows=np.array(rows), images=images, reconstructions=made)
    return path


@pytest.fixture
def many(write_run, tmp_path):
    """Twelve candidates with two seeds each, some of them close to each other in two metrics."""
    for number, seed in itertools.product(range(12), range(2)):
        near = 0.01 + 0.0001 * (number // 3) + 0.00001 * seed
        write_run(
            seed=seed,
            set=[f"training.batch_size={16 + number}"],
            test={"mse": near, "ssim": 0.9 - near + 0.000002 * (number % 3)},
        )
    return tmp_path


def overlaps(boxes):
    """Pairs of boxes that cover each other."""
    return [(one, other) for one, other in itertools.combinations(boxes, 2) if one.overlaps(other)]


def drawn_boxes(figure, texts):
    """Where texts stand, in pixels, once the figure has been laid out."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return [Text.get_window_extent(text, canvas.get_renderer()) for text in texts]  # of an annotation, without its line


# ------------------------------------------------------------------------------- learning curves


def test_a_curve_is_the_mean_and_the_range_over_the_seeds(write_run, tmp_path):
    write_run(seed=0, records=records(4.0, 2.0, 1.0))
    write_run(seed=1, records=records(6.0, 3.0, 2.0))
    curve = make_curve(group_of(tmp_path).baseline, "mse")
    assert curve.epochs == (0, 1, 2)
    assert curve.mean.tolist() == [5.0, 2.5, 1.5]
    assert curve.low.tolist() == [4.0, 2.0, 1.0] and curve.high.tolist() == [6.0, 3.0, 2.0]


def test_a_curve_ends_where_the_first_seed_stopped(write_run, tmp_path):
    write_run(seed=0, records=records(4.0, 2.0))
    write_run(seed=1, records=records(6.0, 3.0, 2.0, 1.0))
    assert make_curve(group_of(tmp_path).baseline, "mse").epochs == (0, 1)


def test_an_epoch_that_is_no_number_is_left_out(write_run, tmp_path):
    write_run(records=[*records(4.0, float("nan"), 2.0), {"epoch": 3}, {"epoch": 4, "validation": {"mse": "much"}}])
    assert make_curve(group_of(tmp_path).baseline, "mse").epochs == (0, 2)


def test_at_most_ten_candidates_are_drawn_and_the_rest_is_said(many):
    group = group_of(many)
    drawing = draw_curves(group)
    assert "Drawn: the 10 best by test.mse; 2 more are in the table." in drawing.caption
    _, near = drawing.figure.axes
    assert len([line for line in near.lines if line.get_color() != "grey"]) == 10


def test_the_baseline_is_drawn_even_if_it_is_the_worst(many):
    group = group_of(many, baseline="batch_size=27")
    labels = [text.get_text() for text in draw_curves(group).figure.legends[0].get_texts()]
    assert "batch_size=27" in labels


def test_without_epochs_there_are_no_curves_and_it_is_said_why(write_run, tmp_path):
    write_run(records=[{"epoch": 0}])
    drawing = draw_curves(group_of(tmp_path))
    assert drawing.figure is None
    assert drawing.caption == "no learning curves: metrics.jsonl of these runs has no validation mse"


# ------------------------------------------------------------------------------- intervals


def test_intervals_are_sorted_and_baselines_far_off_are_named(write_seeds, tmp_path):
    write_seeds([0.012, 0.013, 0.014], set=["loss.name=mae"])
    write_seeds([0.010, 0.011, 0.012])
    drawing = draw_intervals(group_of(tmp_path))
    (axes,) = drawing.figure.axes
    assert [text.get_text() for text in axes.get_yticklabels()] == ["mse", "mae"]
    means = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "o"]
    assert means == pytest.approx([0.011, 0.013])
    assert "Outside, by test.mse: mean image 0.0675." in drawing.caption
    assert [text.get_text() for text in drawing.figure.legends[0].get_texts()] == ["pca 32"]


def test_a_candidate_with_one_seed_has_a_dot_and_no_bar(write_run, tmp_path):
    write_run(test={"mse": 0.01})
    (axes,) = draw_intervals(group_of(tmp_path)).figure.axes
    assert not axes.collections


# ------------------------------------------------------------------------------- two metrics


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


# ------------------------------------------------------------------------------- test images


def words(drawing):
    """What is written between the images: captions, numbers of images, errors."""
    return [text.get_text() for text in drawing.figure.texts]


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


def test_exact_errors_come_from_per_image(write_run, tmp_path):
    path = examples(write_run(per_image={"squared": np.arange(10) / 100}), [51, 51, 51])
    assert read_examples(group_of(tmp_path).baseline.runs[0]).mse_N.tolist() == [0.03, 0.05, 0.08]
    (path / "per_image.npz").write_bytes(b"broken")
    assert read_examples(group_of(tmp_path).baseline.runs[0]).mse_N == pytest.approx([0.04] * 3)


def test_the_first_seed_that_all_have_is_shown(write_run, tmp_path):
    examples(write_run(seed=0), [51, 51, 51])
    for loss in ("mse", "mae"):
        examples(write_run(seed=4, set=[f"loss.name={loss}"]), [51, 51, 51])
    assert "one net each, seed 4;" in draw_reconstructions(group_of(tmp_path)).caption


def test_other_images_are_never_laid_side_by_side(write_run, tmp_path):
    examples(write_run(test={"mse": 0.001}), [51, 51, 51])
    examples(write_run(set=["loss.name=mae"]), [51, 51, 51], rows=(3, 5, 9))
    drawing = draw_reconstructions(group_of(tmp_path))
    assert words(drawing)[:2] == ["original", "mse"]
    assert "1 without these images is left out." in drawing.caption


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


# ------------------------------------------------------------------------------- labels and files


def test_long_labels_are_folded_and_stay_apart(write_run, tmp_path):
    for number in range(2):
        write_run(
            set=[
                f"data.corruption={{name: masking, share: 0.1234567{number}}}",
                f"data.train_size={1000 + number}",
                "training.batch_size=64",
            ]
        )
    write_run()
    candidates = group_of(tmp_path).candidates
    shown = figure_labels(candidates)
    assert len(set(shown.values())) == 3
    assert all(len(line) <= LABEL for text in shown.values() for line in text.split("\n"))
    assert all(text.count("\n") <= 1 for text in shown.values())


def test_dollars_in_a_label_are_no_formula():
    assert fold_label(r"$\frac{1$") == r"\$\frac{1\$"


def test_every_figure_is_written_and_the_others_are_explained(write_seeds, tmp_path):
    write_seeds([0.01, 0.011])
    write_seeds([0.02, 0.021], set=["loss.name=mae"])
    told = []
    paths = save_plots(compare([tmp_path / "runs"]), tmp_path / "new" / "plots", told.append)
    assert [path.name for path in paths] == ["curves.png", "intervals.png"]
    assert [text.partition(":")[0] for text in told] == ["pareto.png", "reconstructions.png"]
    for path in paths:
        image = Image.open(path)
        assert image.format == "PNG" and len(np.unique(np.asarray(image.convert("L")))) > 20


def test_a_caption_leaves_room_for_the_legend(many):
    drawing = draw_curves(group_of(many))
    add_caption(replace(drawing, caption=drawing.caption * 2))
    boxes = drawn_boxes(drawing.figure, [drawing.figure.texts[0]]) + [drawing.figure.legends[0].get_window_extent()]
    assert overlaps(boxes) == []


def test_a_caption_stands_above_what_is_drawn(many):
    drawing = draw_intervals(group_of(many))
    add_caption(replace(drawing, caption=drawing.caption * 3))
    (caption,) = drawn_boxes(drawing.figure, drawing.figure.texts)
    assert max(axes.get_window_extent().y1 for axes in drawing.figure.axes) <= caption.y0
    assert caption.y1 <= drawing.figure.bbox.height


def test_a_caption_stands_above_images(write_run, tmp_path):
    for loss in ("mse", "mae"):
        examples(write_run(set=[f"loss.name={loss}"]), [51, 51, 51])
    drawing = draw_reconstructions(group_of(tmp_path))
    before = drawing.figure.bbox.height
    add_caption(replace(drawing, caption=drawing.caption * 3))
    draw_png(drawing.figure)
    *others, caption = [text.get_window_extent() for text in drawing.figure.texts]
    assert before <= caption.y0 and caption.y1 <= drawing.figure.bbox.height
    assert max(box.y1 for box in others) <= before


def test_each_data_set_has_its_own_figures(write_run, tmp_path):
    write_run()
    write_run(environment={"data": {"dataset": "Fashion/../MNIST", "sha256": "0", "images": {"test": 5}}})
    names = [path.name for path in save_plots(compare([tmp_path / "runs"]), tmp_path / "plots")]
    assert names == [
        "1_mnist_curves.png",
        "1_mnist_intervals.png",
        "2_fashion-mnist_curves.png",
        "2_fashion-mnist_intervals.png",
    ]


def test_a_directory_that_cannot_be_made_is_refused(write_run, tmp_path):
    write_run()
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"file: cannot be made: it is a file; name another directory$"):
        save_plots(compare([tmp_path / "runs"]), tmp_path / "file")


def test_every_figure_says_what_it_shows(many):
    for drawing in draw_all(group_of(many)).values():
        assert drawing.caption
