"""Frontiers over strengths in different units: what each buys by two numbers, and where they are read."""

import math
from collections.abc import Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.strengths import spell_dose
from aecli.comparison.telling.figures.figure_parts import (
    COLOURS,
    MARKERS,
    Drawing,
    better_words,
    clear_frame,
    fold_label,
    not_drawn,
)
from aecli.comparison.telling.figures.plots import Tell, file_prefix, make_directory, save_drawings
from aecli.comparison.verdicts.at_point import Frontier, PointComparison, PointGroup
from aecli.drawing import scale_values

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 10
"""Frontiers in the figure."""
PANELS = 3
FAINT = 0.25


def draw_frontiers(found: PointComparison, group: PointGroup) -> Drawing:
    """A panel for each metric: every frontier by the number that is to be equal, and what was read at it."""
    from matplotlib.figure import Figure

    every = [one for one in (*group.frontiers, *group.outside) if one.range]
    drawn, metrics = every[:MOST], found.metrics[:PANELS]
    if not drawn:
        return not_drawn(f"no frontiers: {found.at.name} was not measured in these runs")
    figure = Figure(figsize=(4.6 * len(metrics) + 3.2, 4.2), layout="constrained")
    panels = figure.subplots(1, len(metrics), squeeze=False)[0]
    for axes, metric in zip(panels, metrics, strict=True):
        for one, colour, marker in zip(drawn, cycle(COLOURS), cycle(MARKERS)):
            draw_frontier(axes, one, (found.at, metric), colour, marker)
        finish(axes, found, drawn, metric)
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside right upper", fontsize="small", frameon=False)
    left = f" Drawn: {MOST} of {len(every)}." if len(every) > MOST else ""
    return Drawing(
        figure,
        f"{', '.join(metric.name for metric in metrics)} over {found.at.name}: each point is a dose, mean over the "
        f"seeds, at the first and the last one its strength; faint: the single seeds. Dashed: {found.at.name} = "
        f"{found.value:g}, where all are judged; ringed: what was read there, mean over the seeds.{left}",
    )


def draw_frontier(axes: "Axes", one: Frontier, pair: tuple[Measure, Measure], colour: str, marker: str) -> None:
    """One frontier: its seeds, its means, its first and last strength, and the reading."""
    at, metric = pair
    seeds: dict[int, list[tuple[float, float]]] = {}
    means: list[tuple[float, float, float]] = []
    for dose, candidate in zip(one.family.doses, one.family.candidates, strict=True):
        x, y = candidate.values(at), candidate.values(metric)
        both = sorted(x.keys() & y.keys())
        for seed in both:
            seeds.setdefault(seed, []).append((x[seed], y[seed]))
        if both:
            means.append((dose, mean([x[seed] for seed in both]), mean([y[seed] for seed in both])))
    for points in seeds.values():
        axes.plot(*zip(*points, strict=True), color=colour, linewidth=0.7, alpha=FAINT)
    axes.plot(
        [x for _, x, _ in means],
        [y for _, _, y in means],
        color=colour,
        marker=marker,
        markersize=5,
        linewidth=1.4,
        label=fold_label(one.family.label),
    )
    for dose, *place in dict.fromkeys((means[0], means[-1])) if means and one.family.key else ():
        axes.annotate(
            spell_dose(dose), (place[0], place[1]), (4, 4), textcoords="offset points", fontsize=7, color=colour
        )


def mean(values: Sequence[float]) -> float:
    """Of at least one number."""
    return math.fsum(values) / len(values)


def finish(axes: "Axes", found: PointComparison, drawn: Sequence[Frontier], metric: Measure) -> None:
    """The axes, the asked value, and what was read there."""
    xs, ys = numbers(drawn, found.at), numbers(drawn, metric)
    scale_values(axes, [*xs, found.value], along="x")
    scale_values(axes, ys)
    axes.axvline(found.value, color="grey", linestyle="--", linewidth=1, zorder=0)
    for one, colour in zip(drawn, cycle(COLOURS)):
        read = [reading.value for reading in one.readings.get(metric.name, {}).values()]
        if read:
            axes.plot(found.value, mean(read), "o", markersize=11, markerfacecolor="none", markeredgecolor=colour)
    axes.set(xlabel=found.at.name.replace("$", r"\$"), ylabel=better_words(metric.name, metric.better))
    axes.margins(0.08)
    clear_frame(axes)


def numbers(drawn: Sequence[Frontier], measure: Measure) -> list[float]:
    """Every number of all frontiers by a measure."""
    return [
        value for one in drawn for candidate in one.family.candidates for value in candidate.values(measure).values()
    ]


def save_frontiers(found: PointComparison, directory: str | Path, tell: Tell = lambda text: None) -> list[Path]:
    """Write a figure for each data set as PNG; see `save_plots`."""
    drawings: Mapping[str, Drawing] = {
        f"{file_prefix(group.data, number, len(found.groups))}frontiers": draw_frontiers(found, group)
        for number, group in enumerate(found.groups, 1)
    }
    return save_drawings(drawings, make_directory(directory), tell)
