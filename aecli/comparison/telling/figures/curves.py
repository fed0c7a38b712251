"""Learning curves of many runs: the mean over the seeds with the band of all of them."""

import math
from itertools import cycle
from typing import TYPE_CHECKING

from aecli.comparison.evidence.learning_curves import Curve, make_curve, read_curve
from aecli.comparison.evidence.measures import Measure, measure
from aecli.comparison.telling.figures.figure_parts import (
    COLOURS,
    LINES,
    Drawing,
    choose_drawn,
    clear_frame,
    figure_labels,
    not_drawn,
)
from aecli.comparison.telling.untrained_words import predictor_words
from aecli.comparison.verdicts.group import Group
from aecli.drawing import marker_for, scale_values

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 10
"""Candidates in one figure."""


def draw_curves(group: Group) -> Drawing:
    """Validation metric by epoch, beside it the second half of the training from near; baselines as grey lines."""
    from matplotlib.figure import Figure

    name = curve_metric(group)
    drawn, why = choose_drawn(group, MOST)
    curves = {one.label: curve for one in drawn if (curve := make_curve(one, name))}
    if not curves:
        return not_drawn(f"no learning curves: metrics.jsonl of these runs has no validation {name}")
    figure = Figure(figsize=(10.5, 3.8), layout="constrained")
    whole, near = figure.subplots(1, 2)
    labels = figure_labels(drawn)
    last = max(curve.epochs[-1] for curve in curves.values())
    for (label, curve), colour in zip(curves.items(), cycle(COLOURS)):
        draw_curve(whole, curve, 0, color=colour, label=labels[label])
        draw_curve(near, curve, math.ceil(last / 2), color=colour)
    baselines = baselines_of(group, measure(f"test.{name}"))
    for (label, values), style in zip(baselines.items(), cycle(LINES)):
        for at, value in enumerate(values):
            shown = None if at else f"{label} (test)".replace("$", r"\$")
            whole.axhline(value, color="grey", linestyle=style, linewidth=1, label=shown)
            low, high = near.get_ylim()
            if low <= value <= high:
                near.axhline(value, color="grey", linestyle=style, linewidth=1)
    grey = [value for values in baselines.values() for value in values]
    scale_values(whole, [*(float(value) for curve in curves.values() for value in (*curve.low, *curve.high)), *grey])
    whole.set(title=f"validation {name}", xlabel="epoch")
    near.set(title=f"from epoch {math.ceil(last / 2)} on", xlabel="epoch")
    finish(figure, whole, near)
    line = "line: mean over the seeds, up to the last epoch that all of them have"
    band = "band: from the lowest to the highest seed"
    return Drawing(figure, f"Validation {name} by epoch; {line}; {band}.{why}")


def finish(figure: "Figure", whole: "Axes", near: "Axes") -> None:
    """Axes and legend."""
    from matplotlib.ticker import MaxNLocator

    for axes in (whole, near):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
        clear_frame(axes)
    figure.legend(*whole.get_legend_handles_labels(), loc="outside right upper", fontsize="small", frameon=False)


def draw_curve(axes: "Axes", curve: Curve, first: int, *, color: str, label: str | None = None) -> None:
    """The curve from an epoch on."""
    from_here = [at for at, epoch in enumerate(curve.epochs) if epoch >= first]
    if not from_here:
        return
    epochs = [curve.epochs[at] for at in from_here]
    axes.plot(epochs, curve.mean[from_here], marker=marker_for(epochs), linewidth=1.4, color=color, label=label)
    axes.fill_between(epochs, curve.low[from_here], curve.high[from_here], color=color, alpha=0.18, linewidth=0)


def curve_metric(group: Group) -> str:
    """The first metric where every epoch has it, else the mse."""
    name = group.metrics[0].path[-1]
    return name if any(read_curve(run, name) for run in group.baseline.runs) else "mse"


def baselines_of(group: Group, metric: Measure) -> dict[str, list[float]]:
    """What a predictor that needs no training is called -> its number on each training set."""
    found: dict[str, list[float]] = {}
    for row in group.untrained([metric]):
        found.setdefault(predictor_words(row.label), []).append(row.numbers[metric.name].mean)
    return found
