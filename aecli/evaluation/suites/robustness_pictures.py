"""Pictures of the robustness suite: severity curves, motions, and one image under everything."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from aecli.errors import known
from aecli.evaluation.instruments.severity import corrupt
from aecli.evaluation.pictures import draw_grid

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aecli.evaluation.subject import Subject

COLUMNS = 5
SHOWN_SEVERITY = 3
STYLES: tuple[dict[str, Any], ...] = (
    {"color": "#b5541c", "marker": "o", "markersize": 3.5},
    {"color": "#1f4e79", "marker": "s", "markersize": 3},
    {"color": "grey", "linestyle": "--"},
)
"""The model, PCA, and the trivial baseline."""


def draw_curves(numbers: dict[str, Any]) -> "Figure":
    """Small multiples: MSE by severity for each corruption and for their mean."""
    curves = {
        name: {who: part["mse"] for who, part in row.items() if isinstance(part, dict)}
        for name, row in numbers["corruptions"].items()
    }
    whos = list(next(iter(curves.values())))
    curves["mean"] = {who: np.mean([row[who] for row in curves.values()], axis=0).tolist() for who in whos}
    title = f"MSE against the clean image, by severity; {numbers['images']:,} images"
    return draw_panels(curves, title, "severity (0: clean)")


def draw_motions(motions: dict[str, Any]) -> "Figure":
    """Drift of the code above, accuracy of the linear probe below, by severity."""
    curves = {f"{name}: drift of the code": row["drift"] for name, row in motions["kinds"].items()}
    curves |= {f"{name}: probe accuracy": row["accuracy"] for name, row in motions["kinds"].items() if row["accuracy"]}
    title = "moved images; drift 1: as far as the code of another image"
    return draw_panels(curves, title, "severity (0: unmoved)", columns=len(motions["kinds"]))


def draw_panels(curves: dict[str, dict[str, Any]], title: str, label: str, columns: int = COLUMNS) -> "Figure":
    """One panel per entry with a line for each of its curves; a curve that is None is left out."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    lines = math.ceil(len(curves) / columns)
    figure = Figure(figsize=(2.3 * columns, 1.95 * lines + 0.9), layout="constrained")
    grid = figure.subplots(lines, columns, squeeze=False, sharex=True).ravel()
    for axes, (name, entry) in zip(grid, curves.items(), strict=False):
        for (who, values), style in zip(entry.items(), STYLES, strict=False):
            if values is not None:
                axes.plot(range(len(values)), values, label=who.replace("_", " "), linewidth=1.6, **style)
        axes.set_title(name.replace("_", " "), fontsize=9)
        axes.set_ylim(bottom=0)
        axes.tick_params(labelsize=7, labelbottom=True)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.spines[["top", "right"]].set_visible(False)
    for axes in grid[len(curves) :]:
        axes.set_visible(False)
    figure.supxlabel(label, fontsize=9)
    figure.suptitle(title, fontsize=10)
    figure.legend(*grid[0].get_legend_handles_labels(), loc="outside lower right", ncols=3, fontsize=9, frameon=False)
    return figure


def draw_examples(subject: "Subject", x_1P: np.ndarray, names: list[str]) -> "Figure":
    """One image under every corruption over the model's and PCA's reconstructions."""

    shape, pca = subject.splits.image_shape, subject.pca()
    spoilt = [corrupt(name, x_1P, SHOWN_SEVERITY, subject.rng("robustness example", name), shape) for name in names]
    y_NP = np.concatenate([x_1P, *spoilt])
    parts = {
        "input": y_NP,
        "model": subject.reconstruct_array(y_NP),
        f"PCA {len(pca.components_KP)}": subject.apply(pca.reconstruct_clipped, y_NP),
    }
    return draw_grid(
        parts,
        ["clean", *names],
        x_1P.repeat(len(y_NP), 0),
        known(shape),
        f"one image at severity {SHOWN_SEVERITY}; below: MSE against the clean image",
    )
