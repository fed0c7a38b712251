"""The picture of a dose-response: one panel for each goal, with where it is free and where the cliff is."""

import math
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from aecli.comparison.dose.cliff_words import cliff_words
from aecli.comparison.dose.dose import DoseResponse, GroupResponse
from aecli.comparison.dose.dose_words import free_words, heading
from aecli.comparison.dose.responses import GoalResponse
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.telling.figures.figure_parts import COLOURS, clear_frame
from aecli.drawing import draw_png
from aecli.errors import UsageError
from aecli.files.writing import find_output, write_output

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 2
"""Panels side by side."""
TITLE = 72
"""Letters of a line above a panel."""
FREE_COLOUR, CLIFF_COLOUR = COLOURS[2], COLOURS[1]

Place = Callable[[float], float]
"""Where a dose stands on the axis."""


def check_file(path: Path) -> Path:
    """Where the picture will be written.

    Raises:
        UsageError: it is no name of a PNG, its folder does not exist, or something is there that is no file.
    """
    if path.suffix.lower() != ".png":
        raise UsageError(f"--plot {path}: the picture is a PNG; write a name that ends in .png")
    if not path.parent.is_dir():
        raise UsageError(f"--plot {path}: no such folder: {path.parent}")
    find_output(path, f"--plot {path}")
    return path


def save_plot(found: DoseResponse, path: Path) -> list[Path]:
    """Write one picture for each group; with several, `dose.png` becomes `dose_1.png`, `dose_2.png`."""
    paths = []
    for number, one in enumerate(found.groups, 1):
        target = path if len(found.groups) == 1 else path.with_stem(f"{path.stem}_{number}")
        if one.responses:
            write_output(target, draw_png(draw_response(found, one)), f"--plot {target}")
            paths.append(target)
    return paths


def draw_response(found: DoseResponse, one: GroupResponse) -> "Figure":
    """The figure of one group."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    number = len(one.responses)
    columns = min(COLUMNS, number)
    rows = -(-number // columns)
    layout = ConstrainedLayoutEngine(hspace=0.06, h_pad=0.08, w_pad=0.08)
    figure = Figure(figsize=(6.2 * columns, 3.7 * rows + 1.0), layout=layout)
    panels = list(figure.subplots(rows, columns, squeeze=False).flat)
    place = make_places(one.group.doses)
    for axes, response in zip(panels, one.responses, strict=False):
        draw_panel(axes, one, response, found.rope, place)
        axes.set_xlabel(found.key.replace("$", r"\$"), fontsize=9)
    for axes in panels[number:]:
        axes.remove()
    figure.suptitle(heading(found, one).replace("$", r"\$"), x=0.01, horizontalalignment="left", fontsize=10)
    figure.supxlabel(legend_words(found.rope), fontsize=8, color="#444444")
    return figure


def legend_words(rope: Rope) -> str:
    """What lines and colours mean, in two lines."""
    return (
        "line and band: mean and 95 % interval over the seeds; dots: single seeds; "
        f"grey: the reference, and what is practically equal to it ({rope})\n"
        "green: free; dotted: somewhere here is the cliff; orange: behind it, hatched where it may be one"
    )


def make_places(doses: Sequence[float]) -> Place:
    """Where a dose stands: at its logarithm, 0 apart at the left; where some are below 0, at itself.

    Example:
        >>> place = make_places([0.0, 0.01, 0.1])
        >>> place(0.01), place(0.1), place(0.0)
        (-2.0, -1.0, -2.6)
    """
    if min(doses) < 0:
        return float
    logs = [math.log10(dose) for dose in doses if dose > 0]
    nearest = min((b - a for a, b in zip(logs, logs[1:], strict=False)), default=1.0)
    left = min(logs) - max(0.6 * nearest, 0.12 * (max(logs) - min(logs)), 0.1)
    return lambda dose: math.log10(dose) if dose > 0 else left


def draw_panel(axes: "Axes", one: GroupResponse, response: GoalResponse, rope: Rope, place: Place) -> None:
    """One goal."""
    draw_seeds(axes, one, response, place)
    draw_means(axes, response, place)
    draw_reference(axes, response)
    ticks = [
        (place(dose), candidate.label) for dose, candidate in zip(one.group.doses, one.group.candidates, strict=True)
    ]
    axes.set_xticks(
        [at for at, _ in ticks],
        [label for _, label in ticks],
        fontsize=8,
        rotation=45 if is_crowded([at for at, _ in ticks]) else 0,
    )
    shade_zones(axes, response, place)
    lines = [
        line for words in (free_words(response, rope), cliff_words(response)) for line in textwrap.wrap(words, TITLE)
    ]
    axes.set_title("\n".join([response.metric.title, *lines]).replace("$", r"\$"), fontsize=8.5, loc="left")
    axes.tick_params(axis="y", labelsize=8)
    clear_frame(axes)


def is_crowded(places: Sequence[float]) -> bool:
    """Whether labels of neighbours would touch."""
    places = sorted(places)
    span = places[-1] - places[0] or 1.0
    return any((b - a) / span < 0.09 for a, b in zip(places, places[1:], strict=False))


def draw_seeds(axes: "Axes", one: GroupResponse, response: GoalResponse, place: Place) -> None:
    """Single seeds as faint dots, beside the interval that would hide them."""
    places = [place(dose) for dose in one.group.doses]
    aside = 0.012 * (places[-1] - places[0])
    for dose, candidate in zip(one.group.doses, one.group.candidates, strict=True):
        values = list(candidate.values(response.metric).values())
        axes.plot(
            [place(dose) + aside] * len(values),
            values,
            ".",
            color=COLOURS[0],
            alpha=0.3,
            markersize=6,
            markeredgewidth=0,
            zorder=3,
        )


def draw_means(axes: "Axes", response: GoalResponse, place: Place) -> None:
    """Means with their intervals; dose 0 stands alone, since its place on a logarithmic axis is arbitrary."""
    line = [step for step in response.steps if step.dose != 0] or list(response.steps)
    x = [place(step.dose) for step in line]
    axes.plot(x, [step.estimate.mean for step in line], "o-", color=COLOURS[0], markersize=4, linewidth=1.4, zorder=4)
    low = [step.estimate.low for step in line if step.estimate.low is not None]
    high = [step.estimate.high for step in line if step.estimate.high is not None]
    if len(low) == len(line) > 1:
        axes.fill_between(x, low, high, color=COLOURS[0], alpha=0.18, linewidth=0, zorder=2)
    for step in response.steps:
        if step.estimate.half_width is not None:
            axes.errorbar(
                place(step.dose),
                step.estimate.mean,
                yerr=step.estimate.half_width,
                color=COLOURS[0],
                marker="o",
                markersize=4,
                capsize=2,
                elinewidth=1.1,
                zorder=4,
            )


def draw_reference(axes: "Axes", response: GoalResponse) -> None:
    """The mean of the reference, and the band of what is practically equal to it."""
    mean = response.steps[0].estimate.mean
    bands = [step.verdict.band for step in response.steps if step.verdict and step.verdict.band]
    axes.axhline(mean, color="grey", linewidth=0.9, zorder=1)
    if bands:
        axes.axhspan(mean - bands[0], mean + bands[0], color="grey", alpha=0.2, linewidth=0, zorder=0)


def shade_zones(axes: "Axes", response: GoalResponse, place: Place) -> None:
    """From the reference to the largest free dose, and from the cliff on; between two doses nothing is claimed."""
    at = {step.label: place(step.dose) for step in response.steps}
    places = list(at.values())
    pad = 0.06 * (places[-1] - places[0] or 1.0)
    left, right = places[0] - pad, places[-1] + pad
    axes.set_xlim(left, right)
    if response.free:
        axes.axvspan(left, at[response.free] + pad / 3, color=FREE_COLOUR, alpha=0.1, linewidth=0, zorder=0)
    cliffs = response.cliffs
    if cliffs.found:
        shade_cliff(axes, (at[cliffs.found.before] + pad / 3, at[cliffs.found.start] - pad / 3, right), is_shown=True)
    elif cliffs.may_start:
        before = places[response.at(cliffs.may_start) - 1]
        shade_cliff(axes, (before + pad / 3, at[cliffs.may_start] - pad / 3, right), is_shown=False)


def shade_cliff(axes: "Axes", ends: tuple[float, float, float], *, is_shown: bool) -> None:
    """Dotted where somewhere is the cliff, shaded behind it, hatched where it only looks like one."""
    before, start, right = ends
    axes.axvspan(
        before, start, facecolor="none", edgecolor=CLIFF_COLOUR, alpha=0.35, hatch="...", linewidth=0, zorder=0
    )
    behind = axes.axvspan(
        start, right, facecolor=CLIFF_COLOUR, edgecolor=CLIFF_COLOUR, alpha=0.12, linewidth=0, zorder=0
    )
    if not is_shown:
        behind.set(hatch="///", fill=True)
    axes.axvline(start, color=CLIFF_COLOUR, linewidth=1.2, linestyle="--", zorder=1)
