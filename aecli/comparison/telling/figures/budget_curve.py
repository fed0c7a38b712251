"""A tuning over its budget: the best number that so many trials found, and the verdict with what they choose."""

import math
from itertools import cycle
from typing import TYPE_CHECKING

from aecli.comparison.telling.figures.figure_parts import (
    COLOURS,
    MARKERS,
    Drawing,
    choose_drawn,
    clear_frame,
    figure_labels,
)
from aecli.comparison.telling.tuning_words import is_fresh
from aecli.comparison.telling.verdict_words import shown_difference
from aecli.comparison.verdicts.group import Group
from aecli.comparison.verdicts.tuned_group import TunedGroup
from aecli.comparison.verdicts.verdict import UNDECIDED, Verdict
from aecli.drawing import scale_values

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 10
"""Candidates in the figure."""
APART = 0.36
"""Share of a trial over which the candidates stand beside each other."""


def draw_tuning(group: Group) -> Drawing | None:
    """The curve over the budget; None where nothing was tuned, or with a single point."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    tuned = group.tuned
    if tuned is None or len(tuned.points) < 2:
        return None
    drawn, why = choose_drawn(group, MOST)
    labels = figure_labels(drawn)
    shown = [label for label in labels if any(row.label == label for row in tuned.rows)]
    looks = dict(zip(shown, zip(cycle(COLOURS), cycle(MARKERS)), strict=False))
    figure = Figure(figsize=(10.5, 3.8), layout="constrained")
    found, judged = figure.subplots(1, 2)
    draw_found(found, tuned, looks, labels)
    said = draw_judged(judged, tuned, looks)
    for axes in (found, judged):
        axes.set(xlabel="trials")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
        clear_frame(axes)
    figure.legend(*found.get_legend_handles_labels(), loc="outside right upper", fontsize="small", frameon=False)
    return Drawing(figure, f"Left: the best {tuned.objective} that so many trials found.{said}{why}")


def draw_found(axes: "Axes", tuned: TunedGroup, looks: dict[str, tuple[str, str]], labels: dict[str, str]) -> None:
    """The best number of the objective after 1, 2, ... trials."""
    values = []
    for row in tuned.rows:
        if row.label not in looks:
            continue
        colour, marker = looks[row.label]
        curve = [math.nan if value is None else value for value in row.curve]
        values += [value for value in row.curve if value is not None]
        axes.plot(
            range(1, len(curve) + 1),
            curve,
            color=colour,
            marker=marker,
            drawstyle="steps-post",
            label=labels[row.label],
        )
    if values:
        scale_values(axes, values)
    axes.set(title=f"best {tuned.objective} found".replace("$", r"\$"))


def draw_judged(axes: "Axes", tuned: TunedGroup, looks: dict[str, tuple[str, str]]) -> str:
    """The difference from the baseline with what so many trials choose; returns what the caption has to add."""
    told = [
        (budget.trials, verdict, is_fresh(verdict, budget))
        for budget in tuned.budgets
        for verdict in budget.verdicts.values()
        if verdict.candidate in looks
    ]
    if not told:
        axes.set_axis_off()
        return " There is no verdict over the budget."
    in_percent = all(verdict.relative is not None for _, verdict, _ in told)
    order = list(dict.fromkeys(verdict.candidate for _, verdict, _ in told))
    for trials, verdict, fresh in told:
        place = trials + APART * (order.index(verdict.candidate) / max(len(order) - 1, 1) - 0.5) * (len(order) > 1)
        draw_verdict(axes, place, verdict, looks[verdict.candidate], fresh=fresh, in_percent=in_percent)
    axes.axhline(0, color="grey", linewidth=1, zorder=0)
    judges = dict.fromkeys(verdict.metric.name for _, verdict, fresh in told if fresh)
    baseline, unit = told[0][1].baseline, ", %" if in_percent else ""
    axes.set(title=f"{next(iter(judges), tuned.objective)} against {baseline}{unit}".replace("$", r"\$"))
    own = f"; no bar: by {tuned.objective} of the seeds that tuned" if not all(fresh for *_, fresh in told) else ""
    bars = "bar: 95 % interval over fresh seeds; " if judges else ""
    return (
        f" Right: how far off {baseline} each is with what so many trials choose; {bars}"
        f"filled: decided, hollow: undecided{own}."
    )


def draw_verdict(
    axes: "Axes", place: float, verdict: Verdict, look: tuple[str, str], *, fresh: bool, in_percent: bool
) -> None:
    """One verdict: its difference, with an interval where fresh seeds judge; hollow where it is undecided."""
    shown = shown_difference(verdict)[0] if in_percent else verdict.known.estimate
    factor = 100 if in_percent else 1
    low, high = shown.ends if fresh else (shown.mean, shown.mean)
    bars = None if not fresh or shown.low is None else [[factor * (shown.mean - low)], [factor * (high - shown.mean)]]
    axes.errorbar(
        place,
        factor * shown.mean,
        yerr=bars,
        color=look[0],
        marker=look[1],
        markersize=6,
        markerfacecolor="white" if verdict.kind == UNDECIDED else look[0],
        linestyle="",
        elinewidth=1.2,
    )
