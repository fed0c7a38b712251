"""Pictures of the code suite: the activity of every unit, and how alike the units are.

Shapes: A alive code units; suffix L: one entry per code unit.
"""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from aecli.evaluation.instruments.code_statistics import Histogram


def draw_units(numbers: dict[str, Any]) -> "Figure":
    """The activity of every unit, sorted, and the histogram of all values."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11.0, 4.1), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.6, 1.0))
    draw_activity(left, numbers["per_unit"])
    marks = left.get_legend_handles_labels()
    figure.legend(*marks, loc="outside lower left", ncols=len(marks[0]), fontsize="small", frameon=False)
    code = numbers["code"]
    left.set_title(
        f"{code['alive']} of {code['units']} units alive, effective dimension {code['effective_dimension']:.1f}"
    )
    draw_histogram(right, numbers["histogram"])
    right.set_title(f"all values but exact zeros ({code['exact_zeros']:.1%})")
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def draw_activity(axes: "Axes", per_unit: dict[str, list[Any]]) -> None:
    """Range, quartiles and median of every unit, by falling standard deviation; dead units last.

    A mean with its deviation would reach below what a relu can give.
    """
    unit = {name: np.array(column) for name, column in per_unit.items() if name != "lifetime_sparsity"}
    order_L = np.lexsort((-unit["sd"], ~unit["alive"]))
    place_L = np.arange(len(order_L))
    low_L, lower_L, median_L, upper_L, high_L, alive_L = (
        unit[name][order_L] for name in ("min", "lower_quartile", "median", "upper_quartile", "max", "alive")
    )
    width = max(1.0, min(6.0, 160 / len(order_L)))
    axes.vlines(place_L, low_L, high_L, color="#c9d6e3", linewidth=width, label="smallest to largest")
    axes.vlines(place_L, lower_L, upper_L, color="#1f4e79", linewidth=width, label="middle half of the images")
    style: dict[str, Any] = {
        "color": "white",
        "markeredgecolor": "#1f4e79",
        "markersize": min(4.0, width + 1),
        "markeredgewidth": 0.7,
    }
    axes.plot(place_L[alive_L], median_L[alive_L], "o", label="median", **style)
    if not alive_L.all():
        axes.plot(place_L[~alive_L], median_L[~alive_L], "x", color="#b5541c", markersize=5, label="dead")
    step = math.ceil(len(order_L) / 32)
    axes.set_xticks(place_L[::step], order_L[::step], fontsize=6)
    axes.set(xlabel="unit, by falling SD", ylabel="activity")


def draw_histogram(axes: "Axes", found: "Histogram") -> None:
    """All values of the code but exact zeros."""
    axes.stairs(found["counts"], found["edges"], fill=True, color="#1f4e79")
    axes.set(xlabel="activity", ylabel="count")
    if any(found["counts"]):
        axes.set_yscale("log")


def draw_correlation(correlation_AA: np.ndarray, alive_A: np.ndarray, numbers: dict[str, Any]) -> "Figure":
    """Correlation of the alive units as a heat map."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.6, 4.9), layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(correlation_AA, cmap="RdBu_r", vmin=-1, vmax=1)
    figure.colorbar(image, ax=axes, shrink=0.85)
    step = math.ceil(len(alive_A) / 32)
    ticks = range(0, len(alive_A), step)
    for axis, turn in ((axes.xaxis, 90), (axes.yaxis, 0)):
        axis.set_ticks(ticks, [str(unit) for unit in alive_A[::step]], fontsize=6, rotation=turn)
    first, second = numbers["largest_correlation"]["units"]
    title = f"correlation of the alive units: mean |r| {numbers['code']['mean_abs_correlation']:.2f}"
    title += f",\nlargest {numbers['largest_correlation']['correlation']:.2f}, units {first} and {second}"
    axes.set_title(title, fontsize=9)
    axes.spines[:].set_visible(False)
    return figure
