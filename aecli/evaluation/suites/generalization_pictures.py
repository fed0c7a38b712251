"""The picture of the generalization suite: errors by split, gaps of every metric and of every class."""

import math
from typing import TYPE_CHECKING, Any

from aecli.components.evaluation.metrics import loss_like
from aecli.evaluation.instruments.bootstrap import CONFIDENCE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from aecli.evaluation.instruments.bootstrap import Estimate


def draw(numbers: dict[str, Any], parts: list[str], pca_name: str) -> "Figure":
    """MSE by split; how much worse every metric is on unseen images; the gap of every class."""
    from matplotlib.figure import Figure

    per_class = numbers.get("per_class_mse", {})
    figure = Figure(figsize=(13.0 if per_class else 8.5, 3.8), layout="constrained")
    panels = figure.subplots(1, 3 if per_class else 2)
    draw_splits(panels[0], numbers["metrics"]["mse"], parts)
    draw_metrics(panels[1], numbers, parts[-1], pca_name)
    if per_class:
        draw_classes(panels[2], per_class, parts[-1])
    for axes in panels:
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(f"one trained model; bars: {CONFIDENCE:.0%} intervals over images, not over seeds", fontsize=9)
    return figure


def draw_splits(axes: "Axes", entry: dict[str, Any], parts: list[str]) -> None:
    """MSE of each split with its interval."""
    for place, part in enumerate(parts):
        draw_interval(axes, place, entry[part], color="#b5541c" if place else "#1f4e79")
    axes.set_xticks(range(len(parts)), parts)
    axes.set(title="MSE by split", xlim=(-0.6, len(parts) - 0.4))


def draw_metrics(axes: "Axes", numbers: dict[str, Any], last: str, pca_name: str) -> None:
    """Relative differences, turned so that positive is worse on unseen images."""
    key = f"{last}_minus_train_relative"
    entries = {f"mse, {pca_name.replace('_', ' ')}": (1.0, numbers[pca_name]["mse"][key])}
    entries |= {name: (loss_like(name, 1.0), entry[key]) for name, entry in reversed(numbers["metrics"].items())}
    for place, (name, (sign, found)) in enumerate(entries.items()):
        turned: Estimate = {
            "value": None if found["value"] is None else 100 * sign * found["value"],
            "interval": found["interval"] and [100 * sign * end for end in found["interval"]],
        }
        draw_interval(axes, place, turned, color="#b5541c" if name in numbers["metrics"] else "grey", sideways=True)
    axes.axvline(0, color="grey", linewidth=1)
    axes.set_yticks(range(len(entries)), list(entries))
    axes.set(title=f"% worse on {last} than on train")


def draw_classes(axes: "Axes", per_class: dict[str, dict[str, Any]], last: str) -> None:
    """Difference of MSE of each class."""
    for place, entry in enumerate(per_class.values()):
        draw_interval(axes, place, entry["difference"], color="#b5541c")
    axes.axhline(0, color="grey", linewidth=1)
    step = math.ceil(len(per_class) / 20)
    shown_labels = list(per_class)[::step]
    upright = 90 if sum(map(len, shown_labels)) > 30 else 0
    axes.set_xticks(range(0, len(per_class), step), shown_labels, rotation=upright, fontsize=8)
    axes.set(title=f"MSE on {last} - MSE on train, by class", xlabel="class")


def draw_interval(axes: "Axes", place: int, found: "Estimate", *, color: str, sideways: bool = False) -> None:
    """A dot with its interval; nothing where there is no number."""
    if found["value"] is None:
        return
    if found["interval"]:
        low, high = sorted(found["interval"])
        (axes.hlines if sideways else axes.vlines)(place, low, high, color=color, linewidth=2)
    axes.plot(*((found["value"], place) if sideways else (place, found["value"])), "o", color=color, markersize=5)
