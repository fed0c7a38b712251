"""Pictures of the features suite: clusters against classes, and a map of the codes.

Shapes: M images, L code units, K classes.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from aecli.evaluation.instruments.probes import one_thread

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import PathCollection
    from matplotlib.figure import Figure

NAMED = 20
"""Up to so many classes are told apart by colour and named in the picture."""
POINTS = 2000
"""Codes in the map: t-SNE of so many takes 4 s."""
FEWEST = 12
"""Below so many codes t-SNE shows nothing."""


def draw_clusters(counts: Mapping[str, np.ndarray], classes: np.ndarray) -> "Figure":
    """Where the images of each class went, per representation.

    Args:
        counts: name -> (K, K), row = class, column = the cluster assigned to that class.
        classes: (K,), their labels.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.6 * len(counts) + 0.9, 5.0), layout="compressed")
    grid = figure.subplots(1, len(counts), squeeze=False)[0]
    for axes, (name, counts_KK) in zip(grid, counts.items(), strict=True):
        shares_KK = counts_KK / counts_KK.sum(1, keepdims=True)
        image = axes.imshow(shares_KK, cmap="Blues", vmin=0, vmax=1)
        accuracy = np.trace(counts_KK) / counts_KK.sum()
        axes.set(
            title=f"k-means of the {name}: ACC {accuracy:.3f}".replace("the PCA", "PCA"),
            xlabel="cluster assigned to class",
        )
        label_cells(axes, shares_KK, classes)
    grid[0].set_ylabel("class")
    figure.colorbar(image, ax=list(grid), shrink=0.8, label="share of the class")
    return figure


def label_cells(axes: "Axes", shares_KK: np.ndarray, classes: np.ndarray) -> None:
    """Names of the classes on both axes and the larger shares in percent, where there is room."""
    axes.spines[:].set_visible(False)
    if len(classes) > NAMED:
        return
    axes.set(xticks=range(len(classes)), yticks=range(len(classes)), xticklabels=classes, yticklabels=classes)
    axes.tick_params(length=0)
    for (row, column), share in np.ndenumerate(shares_KK):
        if share >= 0.01:
            colour = "white" if share > 0.6 else "#333333"
            axes.text(column, row, f"{100 * share:.0f}", ha="center", va="center", fontsize=7.5, color=colour)


def draw_codes(codes_ML: np.ndarray, labels_M: np.ndarray, rng: np.random.Generator) -> "Figure":
    """Some codes in two dimensions, coloured by class: linearly, and by t-SNE, which keeps neighbours together.

    Where the code has no more than two dimensions, or there are few images, the linear map is all there is.

    Args:
        codes_ML: codes, which are not scaled.
        labels_M: the class of each.
        rng: chooses the images that are shown.
    """
    from matplotlib.figure import Figure

    rows = rng.permutation(len(codes_ML))[:POINTS]
    codes_ML, labels_M = codes_ML[rows].astype(np.float64), labels_M[rows]
    linear_M2, share, rank = principal_map(codes_ML)
    maps = {f"first two principal directions: {share:.0%} of the variance": linear_M2}
    if rank > 2 and len(codes_ML) >= FEWEST:
        maps["t-SNE"] = neighbour_map(codes_ML)
    figure = Figure(figsize=(5.2 * len(maps) + 0.8, 5.2), layout="constrained")
    grid = figure.subplots(1, len(maps), squeeze=False)[0]
    for axes, (title, map_M2) in zip(grid, maps.items(), strict=True):
        points = scatter(axes, map_M2, labels_M)
        axes.set_title(title, fontsize=10)
    if len(np.unique(labels_M)) > NAMED:
        figure.colorbar(points, ax=list(grid), shrink=0.8, label="class")
    figure.suptitle(f"codes of {len(rows)} images, coloured by class", fontsize=11)
    return figure


def principal_map(codes_ML: np.ndarray) -> tuple[np.ndarray, float, int]:
    """The two directions of largest variance, the share of the variance in them, and how many directions have any."""
    centred_ML = codes_ML - codes_ML.mean(0)
    vectors_MR, values_R, _ = np.linalg.svd(centred_ML, full_matrices=False)
    map_M2 = np.zeros((len(codes_ML), 2))
    first = vectors_MR[:, :2] * values_R[:2]
    map_M2[:, : first.shape[1]] = first
    total = float(np.square(values_R).sum())
    share = float(np.square(values_R[:2]).sum()) / total if total else 1.0
    return map_M2, share, int((values_R > 1e-5 * values_R[0]).sum()) if total else 0


@one_thread
def neighbour_map(codes_ML: np.ndarray) -> np.ndarray:
    """t-SNE, started from the principal directions, of codes scaled to 1: with tiny ones it divides by zero.

    Source: van der Maaten & Hinton 2008, https://jmlr.org/papers/v9/vandermaaten08a.html
    """
    from sklearn.manifold import TSNE

    centred_ML = codes_ML - codes_ML.mean(0)
    perplexity = min(30.0, (len(codes_ML) - 1) / 3)
    made = TSNE(perplexity=perplexity, init="pca", max_iter=500, random_state=0)
    return made.fit_transform(centred_ML / np.abs(centred_ML).max())


def scatter(axes: "Axes", map_M2: np.ndarray, labels_M: np.ndarray) -> "PathCollection":
    """Points coloured by class, the name of each class at its median."""
    from matplotlib.patheffects import withStroke

    classes, indices_M = np.unique(labels_M, return_inverse=True)
    colours: dict[str, Any] = {
        "cmap": "tab10" if len(classes) <= 10 else "tab20",
        "vmin": -0.5,
        "vmax": 9.5 if len(classes) <= 10 else 19.5,
    }
    if len(classes) > NAMED:
        indices_M, colours = labels_M, {"cmap": "turbo"}
    points = axes.scatter(map_M2[:, 0], map_M2[:, 1], c=indices_M, s=7, alpha=0.75, linewidths=0, **colours)
    if len(classes) <= NAMED:
        for index, label in enumerate(classes):
            x, y = np.median(map_M2[indices_M == index], axis=0)
            text = axes.text(
                x,
                y,
                str(label),
                fontsize=13,
                weight="bold",
                ha="center",
                va="center",
                color=points.to_rgba(np.asarray(index)),
            )
            text.set_path_effects([withStroke(linewidth=3, foreground="white")])
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_color("#cccccc")
    return points
