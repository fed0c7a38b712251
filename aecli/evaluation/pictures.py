"""Pictures of one run, as PNG: learning curves, and originals beside reconstructions and errors."""

from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from aecli.drawing import DPI, ImageRow, draw_image_rows, marker_for, save_figure, scale_values
from aecli.errors import known
from aecli.evaluation.instruments.bins import count_bins

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from aecli.evaluation.subject import Subject

COLUMNS = 12
"""Images in the grid of reconstructions."""
MOST_BINS = 80
"""Of a histogram."""


def plot_learning_curves(
    records: Sequence[dict[str, Any]], baselines: dict[str, float], best_epoch: int, path: Path
) -> None:
    """Objective and validation MSE by epoch, with the baselines as lines.

    Args:
        records: of metrics.jsonl, epoch 0 first.
        baselines: name -> test MSE.
        best_epoch: marked by a dot.
        path: where the PNG goes.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(10.5, 3.6), dpi=DPI)
    left, right = figure.subplots(1, 2, sharex=True)
    trained = [record for record in records if record["epoch"] > 0]
    epochs = [record["epoch"] for record in trained]
    objective = [record["objective"] for record in trained]
    left.plot(epochs, objective, color="#1f4e79", marker=marker_for(epochs))
    left.set(title="training objective", xlabel="epoch")
    mse = {record["epoch"]: record["validation"]["mse"] for record in records}
    draw_validation(right, mse, baselines, best_epoch)
    legend = figure.legend(*right.get_legend_handles_labels(), loc="upper right", fontsize="small", frameon=False)
    taken = legend.get_window_extent(FigureCanvasAgg(figure).get_renderer()).width / (10.5 * DPI)
    figure.subplots_adjust(left=0.075, right=max(0.985 - taken, 0.4), top=0.91, bottom=0.15, wspace=0.22)
    for axes, values in ((left, objective), (right, [*mse.values(), *baselines.values()])):
        scale_values(axes, values)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
        axes.spines[["top", "right"]].set_visible(False)
    save_figure(figure, path, below=path.parent.parent)


def draw_validation(axes: "Axes", mse: dict[int, float], baselines: dict[str, float], best_epoch: int) -> None:
    """Validation MSE by epoch, the best one marked, with the baselines as lines."""
    axes.plot(list(mse), list(mse.values()), color="#b5541c", marker=marker_for(list(mse)), label="validation")
    label = f"best epoch, {best_epoch}: {mse[best_epoch]:.5f}"
    axes.plot(best_epoch, mse[best_epoch], "o", color="#b5541c", label=label)
    for (name, value), style in zip(baselines.items(), cycle((":", "--", "-."))):
        label = f"{name.replace('_', ' ')} (test): {value:.5f}"
        axes.axhline(value, color="grey", linestyle=style, linewidth=1, label=label)
    axes.set(title="validation MSE", xlabel="epoch")


@torch.no_grad()
def plot_reconstructions(subject: "Subject", path: Path) -> None:
    """Test images over their reconstructions over the errors; one column per class first where there are labels."""
    split, shape = subject.splits.test, known(subject.splits.image_shape)
    rows = choose_rows(split.labels_N, len(split))
    x_BP = split.batch(torch.from_numpy(rows).to(split.values_NP.device))
    x_hat_BP = subject.model(x_BP).x_hat_BP
    low, span = (0.0, 1.0) if subject.splits.unit_range else spread(x_BP)
    mse = [f"{error:#.3g}" for error in (x_hat_BP - x_BP).square().mean(1).tolist()]
    meaning = "red too bright, blue too dark" if shape[0] == 1 else "grey where there is none"
    figure = draw_image_rows(
        [
            ImageRow("original", as_images((x_BP - low) / span, shape)),
            ImageRow("reconstruction", as_images((x_hat_BP - low) / span, shape)),
            ImageRow("error", as_images((x_hat_BP - x_BP) / span, shape), is_error=True, below=mse),
        ],
        f"test images; error: {meaning}; below: MSE",
    )
    save_figure(figure, path, below=path.parent.parent)


def as_images(x_BP: Tensor, shape: tuple[int, int, int]) -> list[np.ndarray]:
    """Rows of pixels as images, (H, W, C) each."""
    return list(x_BP.cpu().numpy().reshape(-1, *shape).transpose(0, 2, 3, 1))


def spread(x_BP: Tensor) -> tuple[float, float]:
    """The smallest value, and how far the largest is from it."""
    low, high = float(x_BP.min()), float(x_BP.max())
    return low, high - low or 1.0


def choose_rows(labels_N: np.ndarray | None, count: int) -> np.ndarray:
    """The test images that are shown: the first of every class, then the first ones that are left."""
    first = [] if labels_N is None else [int(np.argmax(labels_N == label)) for label in np.unique(labels_N)]
    rest = [row for row in range(min(count, 2 * COLUMNS)) if row not in first]
    return np.array((first + rest)[:COLUMNS])


def draw_error_histogram(squared_N: np.ndarray, baselines: dict[str, float], noun: str = "image") -> "Figure":
    """How the error is spread over the images, with the means of the baselines as lines.

    Args:
        squared_N: mean squared error of each image.
        baselines: name -> mean of the same.
        noun: what is judged: an image or a row.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(9.2, 3.2))
    axes = figure.subplots(gridspec_kw={"left": 0.09, "right": 0.73, "top": 0.91, "bottom": 0.155})
    axes.stairs(*np.histogram(squared_N, bins=count_bins(squared_N, MOST_BINS)), fill=True, color="#1f4e79")
    axes.axvline(squared_N.mean(), color="#b5541c", label=f"this net: {squared_N.mean():.4g}")
    for (name, value), style in zip(baselines.items(), cycle((":", "--", "-."))):
        axes.axvline(value, color="grey", linestyle=style, label=f"{name.replace('_', ' ')}: {value:.4g}")
    axes.set(xlabel=f"MSE of one {noun}", ylabel=f"{noun}s", title=f"errors of {len(squared_N):,} {noun}s, one by one")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    marks = axes.get_legend_handles_labels()
    legend = figure.legend(*marks, loc="upper right", fontsize="small", title_fontsize="small", frameon=False)
    legend.set_title(f"mean of all {noun}s")
    axes.spines[["top", "right"]].set_visible(False)
    return figure


@torch.no_grad()
def draw_extremes(subject: "Subject", order_N: np.ndarray) -> "Figure":
    """The best and the worst images over their reconstructions."""
    shape, lines = known(subject.splits.image_shape), []
    for caption, rows in (("best", order_N[:COLUMNS]), ("worst", order_N[::-1][:COLUMNS])):
        x_BP = subject.target.batch(torch.from_numpy(rows.copy()).to(subject.target.values_NP.device))
        lines.append(ImageRow(caption, as_images(x_BP, shape), above=[f"#{row}" for row in rows]))
        lines.append(ImageRow("reconstruction", as_images(subject.model(x_BP).x_hat_BP, shape)))
    return draw_image_rows(lines)


def draw_grid(
    parts: dict[str, np.ndarray], heads: list[str], x_NP: np.ndarray, shape: tuple[int, int, int], title: str
) -> "Figure":
    """Rows of images with captions, the MSE against the clean images below each.

    Args:
        parts: caption of a row -> its images, (N, P).
        heads: above the columns, N of them.
        x_NP: the clean images.
        shape: (channels, height, width).
        title: above all.
    """
    rows: list[ImageRow] = []
    for caption, images_NP in parts.items():
        mse = [f"{value:.3f}" for value in np.square(images_NP - x_NP).mean(1)]
        images = list(images_NP.reshape(-1, *shape).transpose(0, 2, 3, 1))
        above = () if rows else [head.replace("_", "\n") for head in heads]
        rows.append(ImageRow(caption, images, above=above, below=mse))
    return draw_image_rows(rows, title)
