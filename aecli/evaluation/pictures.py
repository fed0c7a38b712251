"""Pictures of one run, as PNG: learning curves, and originals beside reconstructions and errors."""

from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from aecli.runs.figures import marker_for, save_figure, scale_values, show_image

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aecli.evaluation.subject import Subject

COLUMNS = 12
"""Images in the grid of reconstructions."""
CELL = 0.85
"""The longer side of an image in the grid, in inches."""


def plot_learning_curves(records: Sequence[dict[str, Any]], baselines: dict[str, float], best_epoch: int, path: Path) -> None:
    """Objective and validation MSE by epoch, with the baselines as lines.

    Args:
        records: of metrics.jsonl, epoch 0 first.
        baselines: name -> test MSE.
        best_epoch: marked by a dot.
        path: where the PNG goes.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(10.5, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2, sharex=True)
    trained = [record for record in records if record["epoch"] > 0]
    epochs = [record["epoch"] for record in trained]
    objective = [record["objective"] for record in trained]
    left.plot(epochs, objective, color="#1f4e79", marker=marker_for(epochs))
    left.set(title="training objective", xlabel="epoch")
    everything = [record["epoch"] for record in records]
    mse = [record["validation"]["mse"] for record in records]
    right.plot(everything, mse, color="#b5541c", marker=marker_for(everything), label="validation")
    best = dict(zip(everything, mse, strict=True))[best_epoch]
    right.plot(best_epoch, best, "o", color="#b5541c", label=f"best epoch, {best_epoch}: {best:.5f}")
    for (name, value), style in zip(baselines.items(), cycle((":", "--", "-."))):
        label = f"{name.replace('_', ' ')} (test): {value:.5f}"
        right.axhline(value, color="grey", linestyle=style, linewidth=1, label=label)
    right.set(title="validation MSE", xlabel="epoch")
    figure.legend(*right.get_legend_handles_labels(), loc="outside right upper", fontsize="small", frameon=False)
    for axes, values in ((left, objective), (right, [*mse, *baselines.values()])):
        scale_values(axes, values)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
        axes.spines[["top", "right"]].set_visible(False)
    save_figure(figure, path)


@torch.no_grad()
def plot_reconstructions(subject: "Subject", path: Path) -> None:
    """Test images over their reconstructions over the errors; one column per class first where there are labels."""
    from matplotlib.figure import Figure

    split, shape = subject.splits.test, subject.splits.image_shape
    rows = choose_rows(split.labels_N, len(split))
    x_BP = split.batch(torch.from_numpy(rows).to(split.values_NP.device))
    x_hat_BP = subject.model(x_BP).x_hat_BP
    low, span = (0.0, 1.0) if subject.splits.unit_range else spread(x_BP)
    _, height, width = shape
    cell = [CELL * side / max(height, width) for side in (max(width, height / 2), height)]
    figure = Figure(figsize=(max(cell[0] * len(rows) + 1.6, 4.5), 3 * cell[1] + 0.8), layout="constrained")
    grid = figure.subplots(3, len(rows), squeeze=False)
    parts = {"original": (x_BP - low) / span, "reconstruction": (x_hat_BP - low) / span, "error": (x_hat_BP - x_BP) / span}
    for line, (caption, images_BP) in zip(grid, parts.items(), strict=True):
        for axes, image_P in zip(line, images_BP, strict=True):
            image = image_P.cpu().numpy().reshape(shape).transpose(1, 2, 0)
            show_image(axes, image, is_error=caption == "error")
        line[0].set_ylabel(caption, fontsize=8, rotation=0, horizontalalignment="right", verticalalignment="center")
    for axes, error in zip(grid[2], (x_hat_BP - x_BP).square().mean(1).tolist(), strict=True):
        axes.set_xlabel(f"{error:#.3g}", fontsize=7)
    meaning = "red too bright, blue too dark" if shape[0] == 1 else "grey where there is none"
    figure.suptitle(f"test images; error: {meaning}; below: MSE", fontsize=9)
    save_figure(figure, path)


def spread(x_BP: Tensor) -> tuple[float, float]:
    """The smallest value, and how far the largest is from it."""
    low, high = float(x_BP.min()), float(x_BP.max())
    return low, high - low or 1.0


def choose_rows(labels_N: np.ndarray | None, count: int) -> np.ndarray:
    """The test images that are shown: the first of every class, then the first ones that are left."""
    first = [] if labels_N is None else [int(np.argmax(labels_N == label)) for label in np.unique(labels_N)]
    rest = [row for row in range(min(count, 2 * COLUMNS)) if row not in first]
    return np.array((first + rest)[:COLUMNS])


def draw_error_histogram(squared_N: np.ndarray, baselines: dict[str, float]) -> "Figure":
    """How the error is spread over the images, with the means of the baselines as lines."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3.2), layout="constrained")
    axes = figure.subplots()
    axes.hist(squared_N, bins=80, color="#1f4e79")
    axes.axvline(squared_N.mean(), color="#b5541c", label=f"mean: {squared_N.mean():.5f}")
    for (name, value), style in zip(baselines.items(), (":", "--", "-."), strict=False):
        axes.axvline(value, color="grey", linestyle=style, label=f"{name}, mean: {value:.5f}")
    axes.set(xlabel="MSE of an image", ylabel="images", title="errors of single images")
    axes.legend(fontsize="small", frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def draw_extremes(subject: "Subject", order_N: np.ndarray) -> "Figure":
    """The best and the worst images over their reconstructions."""
    from matplotlib.figure import Figure

    shape = subject.splits.image_shape
    count = min(COLUMNS, len(order_N))
    figure = Figure(figsize=(0.85 * count + 1.2, 4.0), layout="constrained")
    grid = figure.subplots(4, count, squeeze=False)
    for line, (caption, rows) in enumerate((("best", order_N[:count]), ("worst", order_N[::-1][:count]))):
        x_BP = subject.target.batch(torch.from_numpy(rows.copy()).to(subject.target.values_NP.device))
        with torch.no_grad():
            x_hat_BP = subject.model(x_BP).x_hat_BP
        for offset, images_BP in enumerate((x_BP, x_hat_BP)):
            for column in range(count):
                axes = grid[2 * line + offset][column]
                show_image(axes, images_BP[column].cpu().numpy().reshape(shape).transpose(1, 2, 0), is_error=False)
                if offset == 0:
                    axes.set_title(f"#{rows[column]}", fontsize=7)
        grid[2 * line][0].set_ylabel(caption, fontsize=8)
        grid[2 * line + 1][0].set_ylabel("reconstruction", fontsize=8)
    return figure
