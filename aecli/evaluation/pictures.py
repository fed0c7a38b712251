"""Pictures of one run, as PNG: learning curves, and originals beside reconstructions and errors."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from aecli.runs.files import write_atomic

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aecli.evaluation.subject import Subject

COLUMNS = 12
"""Images in the grid of reconstructions."""


def save_figure(figure: "Figure", path: Path) -> None:
    """Write a figure as PNG, without pyplot and so without any display."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    buffer = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(buffer, format="png", dpi=120)
    write_atomic(path, lambda file: file.write(buffer.getvalue()))


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

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    trained = [record for record in records if record["epoch"] > 0]
    epochs = [record["epoch"] for record in trained]
    left.plot(epochs, [record["objective"] for record in trained], color="#1f4e79", marker=marker_for(epochs))
    left.set(title="training objective", xlabel="epoch")
    everything = [record["epoch"] for record in records]
    mse = [record["validation"]["mse"] for record in records]
    right.plot(everything, mse, color="#b5541c", marker=marker_for(everything), label="validation")
    best = dict(zip(everything, mse, strict=True))[best_epoch]
    right.plot(best_epoch, best, "o", color="#b5541c", label=f"epoch {best_epoch}: {best:.5f}")
    for (name, value), style in zip(baselines.items(), (":", "--", "-."), strict=False):
        right.axhline(value, color="grey", linestyle=style, linewidth=1, label=f"{name}: {value:.5f}")
    right.set(title="validation MSE", xlabel="epoch", yscale="log")
    right.legend(fontsize="small", frameon=False)
    for axes in (left, right):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.spines[["top", "right"]].set_visible(False)
    save_figure(figure, path)


def marker_for(epochs: Sequence[int]) -> str:
    """Dots where a line alone could not be seen."""
    return "." if len(epochs) < 20 else ""


@torch.no_grad()
def plot_reconstructions(subject: "Subject", path: Path) -> None:
    """Test images over their reconstructions over the errors; one column per class first where there are labels."""
    from matplotlib.figure import Figure

    split, shape = subject.splits.test, subject.splits.image_shape
    rows = choose_rows(split.labels_N, len(split))
    x_BP = split.batch(torch.from_numpy(rows).to(split.values_NP.device))
    x_hat_BP = subject.model(x_BP).x_hat_BP
    error_BP = x_hat_BP - x_BP
    figure = Figure(figsize=(0.85 * len(rows) + 1.2, 3.2), layout="constrained")
    grid = figure.subplots(3, len(rows), squeeze=False)
    captions = ("original", "reconstruction", "error")
    for line, (caption, images_BP) in enumerate(zip(captions, (x_BP, x_hat_BP, error_BP), strict=True)):
        for column, axes in enumerate(grid[line]):
            image = images_BP[column].cpu().numpy().reshape(shape).transpose(1, 2, 0)
            show_image(axes, image, is_error=line == 2)
            if line == 2:
                axes.set_xlabel(f"{float(error_BP[column].square().mean()):.4f}", fontsize=7)
        grid[line][0].set_ylabel(caption, fontsize=8)
    figure.suptitle("test images; error: red too bright, blue too dark; below: MSE", fontsize=9)
    save_figure(figure, path)


def show_image(axes: Any, image: np.ndarray, *, is_error: bool) -> None:
    """Draw one image, (H, W, C), or one error with red for too bright."""
    if is_error:
        axes.imshow(image.mean(-1), cmap="RdBu_r", vmin=-1, vmax=1)
    elif image.shape[-1] == 3:
        axes.imshow(image.clip(0, 1))
    else:
        axes.imshow(image[..., 0], cmap="gray", vmin=0, vmax=1)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)


def choose_rows(labels_N: np.ndarray | None, count: int) -> np.ndarray:
    """The test images that are shown: the first of every class, then the first ones that are left."""
    first = [] if labels_N is None else [int(np.argmax(labels_N == label)) for label in np.unique(labels_N)]
    rest = [row for row in range(min(count, 2 * COLUMNS)) if row not in first]
    return np.array((first + rest)[:COLUMNS])
