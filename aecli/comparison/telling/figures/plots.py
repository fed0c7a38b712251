"""The figures of a comparison: learning curves, intervals, two metrics against each other, and the same test images."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.telling.figures.budget_curve import draw_tuning
from aecli.comparison.telling.figures.caption import draw_with_caption
from aecli.comparison.telling.figures.curves import baselines_of, draw_curves
from aecli.comparison.telling.figures.figure_parts import (
    COLOURS,
    LINES,
    Drawing,
    choose_drawn,
    clear_frame,
    figure_labels,
    not_drawn,
)
from aecli.comparison.telling.figures.images import draw_reconstructions
from aecli.comparison.telling.figures.pareto import draw_pareto
from aecli.comparison.verdicts.group import Comparison, Group
from aecli.comparison.verdicts.ranking import estimate_of
from aecli.errors import UsageError
from aecli.files.writing import write_output

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Tell = Callable[[str], None]
"""Told of each figure that could not be drawn, and why."""
MOST = 30
"""Candidates in the figure of intervals."""
PANELS = 4


def draw_all(group: Group) -> dict[str, Drawing]:
    """Every figure of one data set by its name; one that cannot be drawn says why, one of nothing is left out."""
    drawers: dict[str, Callable[[Group], Drawing | None]] = {
        "curves": draw_curves,
        "intervals": draw_intervals,
        "tuning": draw_tuning,
        "pareto": draw_pareto,
        "reconstructions": draw_reconstructions,
    }
    drawn: dict[str, Drawing | None] = {name: draw(group) for name, draw in drawers.items()}
    return {name: drawing for name, drawing in drawn.items() if drawing}


def save_plots(comparison: Comparison, directory: str | Path, tell: Tell = lambda text: None) -> list[Path]:
    """Write every figure as PNG.

    Args:
        comparison: one set of figures for each of its data sets.
        directory: made if it is missing; figures of an earlier comparison are replaced.
        tell: is told of each figure that could not be drawn, and why.

    Returns: the files.

    Raises:
        UsageError: the directory cannot be made, or something in it that is no file has the name of a figure.
    """
    directory = make_directory(directory)
    paths = []
    for number, group in enumerate(comparison.groups, 1):
        before = file_prefix(group.data, number, len(comparison.groups))
        paths += save_drawings({f"{before}{name}": one for name, one in draw_all(group).items()}, directory, tell)
    return paths


def file_prefix(data: str, number: int, groups: int) -> str:
    """What the files of a data set begin with: nothing where it is the only one."""
    return "" if groups == 1 else f"{number}_{plain_name(data)}_"


def save_drawings(drawings: Mapping[str, Drawing], directory: Path, tell: Tell) -> list[Path]:
    """Write figures as PNG under their names; returns the files."""
    paths = []
    for name, drawing in drawings.items():
        if drawing.figure is None:
            tell(f"{name}.png: {drawing.caption}")
            continue
        paths.append(directory / f"{name}.png")
        write_output(paths[-1], draw_with_caption(drawing.figure, drawing.caption), f"--plots {paths[-1]}")
    return paths


def check_directory(path: Path) -> None:
    """See that a directory is there or can be made, before anything is computed; nothing is made.

    Raises:
        UsageError: there is a file in its place, or above it.
    """
    nearest = next(one for one in (path, *path.absolute().parents) if os.path.lexists(one))
    if not nearest.is_dir():
        reason = "it is a file" if nearest == path else f"{nearest} is a file"
        raise UsageError(f"{path}: cannot be made: {reason}; name another directory")


def make_directory(path: str | Path) -> Path:
    """The directory, made if it is missing.

    Raises:
        UsageError: it is a file, or cannot be made.
    """
    path = Path(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = "it is a file" if path.is_file() else error.strerror
        raise UsageError(f"{path}: cannot be made: {reason}; name another directory") from None
    return path


def plain_name(data: str) -> str:
    """The first word of a description of data as part of a file name.

    Example:
        >>> plain_name("fashion_mnist, 10,000 test images")
        'fashion_mnist'
    """
    return re.sub(r"[^a-z0-9_-]+", "-", data.partition(",")[0].lower())[:30].strip("-") or "data"


def draw_intervals(group: Group) -> Drawing:
    """One panel for each metric: the mean of each candidate with its 95 % interval, and every seed as a faint dot."""
    from matplotlib.figure import Figure

    drawn, why = choose_drawn(group, MOST)
    if not drawn:
        return not_drawn(f"no intervals: {group.metrics[0].name} was not measured in these runs")
    metrics = group.metrics[:PANELS]
    figure = Figure(figsize=(7.5 if len(metrics) == 1 else 10.5, 0.36 * len(drawn) + 1.5), layout="constrained")
    panels = figure.subplots(1, len(metrics), sharey=True, squeeze=False)[0]
    said = [draw_panel(axes, group, drawn, metric) for axes, metric in zip(panels, metrics, strict=True)]
    labels = figure_labels(drawn)
    panels[0].set_yticks(range(len(drawn)), [labels[one.label] for one in drawn], fontsize=8)
    panels[0].set_ylim(len(drawn) - 0.4, -0.6)
    add_legend(figure, panels)
    meaning = "dot and bar: mean and 95 % interval over the seeds; faint: the single seeds"
    return Drawing(figure, f"{', '.join(metric.name for metric in metrics)}; {meaning}.{''.join(said)}{why}")


def draw_panel(axes: "Axes", group: Group, drawn: Sequence[Candidate], metric: Measure) -> str:
    """One metric; returns what the caption has to add: what the grey means, and which baselines lie outside."""
    from matplotlib.ticker import MaxNLocator

    for row, candidate in enumerate(drawn):
        colour = COLOURS[1] if candidate is group.baseline else COLOURS[0]
        values, estimate = list(candidate.values(metric).values()), estimate_of(candidate, metric)
        axes.plot(values, [row + 0.22] * len(values), ".", color=colour, alpha=0.5, markersize=5, markeredgewidth=0)
        if estimate:
            axes.errorbar(
                estimate.mean, row, xerr=estimate.half_width, color=colour, marker="o", markersize=5, elinewidth=1.6
            )
    axes.margins(x=0.06)
    said = shade_band(axes, group, metric) + draw_baselines(axes, group, metric)
    axes.set(xlabel=f"{metric.name}  ({metric.better} is better)".replace("$", r"\$"))
    axes.xaxis.set_major_locator(MaxNLocator(5 if len(group.metrics) < 3 else 3))
    axes.tick_params(left=False)
    axes.spines["left"].set_visible(False)
    clear_frame(axes)
    return said


def shade_band(axes: "Axes", group: Group, metric: Measure) -> str:
    """The band of practical equivalence around what the others are compared with."""
    bands = [one.band for one in group.verdicts if one.metric == metric and one.band is not None]
    estimate = estimate_of(group.baseline, metric)
    if not bands or estimate is None:
        return ""
    limits = axes.get_xlim()
    axes.axvspan(estimate.mean - bands[0], estimate.mean + bands[0], color=COLOURS[1], alpha=0.12, linewidth=0)
    axes.set_xlim(limits)
    return (
        f" Shaded: practically equal to {group.baseline.label} by {metric.name}." if metric == group.metrics[0] else ""
    )


def draw_baselines(axes: "Axes", group: Group, metric: Measure) -> str:
    """Grey lines for the predictors that need no training, as far as they are near; the others are named."""
    low, high = axes.get_xlim()
    reach = (high - low) / 2
    outside = []
    for (label, values), style in zip(baselines_of(group, metric).items(), cycle(LINES)):
        near = [value for value in values if low - reach <= value <= high + reach]
        for at, value in enumerate(near):
            shown = None if at else label.replace("$", r"\$")
            axes.axvline(value, color="grey", linestyle=style, linewidth=1, zorder=0, label=shown)
        if near:
            low, high = min(low, *(value - reach / 20 for value in near)), max(high, *(v + reach / 20 for v in near))
        outside += [f"{label} {value:.4g}" for value in values if value not in near]
    axes.set_xlim(low, high)
    return f" Outside, by {metric.name}: {', '.join(outside)}." if outside else ""


def add_legend(figure: "Figure", panels: "Sequence[Axes]") -> None:
    """The names of the baselines that have a line in one of the panels, below them."""
    lines = {label: line for axes in panels for line, label in zip(*axes.get_legend_handles_labels(), strict=True)}
    if lines:
        figure.legend(
            list(lines.values()),
            list(lines),
            loc="outside lower right",
            ncols=min(len(lines), 3 * len(panels)),
            fontsize=8,
            frameon=False,
        )
