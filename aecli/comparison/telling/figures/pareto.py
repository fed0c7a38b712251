"""Two metrics against each other: which candidates no other beats in both."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import Measure, measure
from aecli.comparison.evidence.referees import order_of
from aecli.comparison.opinions import PARTNERS
from aecli.comparison.statistics.intervals import Estimate
from aecli.comparison.telling.figures.figure_parts import (
    COLOURS,
    Drawing,
    better_words,
    choose_drawn,
    clear_frame,
    figure_labels,
    not_drawn,
)
from aecli.comparison.verdicts.group import Group
from aecli.comparison.verdicts.ranking import estimate_of, find_front

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LABELLED = 12
FRONT, DOMINATED = COLOURS[0], "#9a9a9a"


def draw_pareto(group: Group) -> Drawing:
    """Every candidate by two metrics, the ones that no other beats joined by a line."""
    from matplotlib.figure import Figure

    pair = choose_pair(group)
    if pair is None:
        return not_drawn("no scatter of two metrics: there are no two neutral metrics that two configs have")
    there, points = place(group.candidates, pair)
    front = find_front([(pair[0].loss_like(x.mean), pair[1].loss_like(y.mean)) for x, y in points])
    figure = Figure(figsize=(8.2, 4.6), layout="constrained")
    axes = figure.subplots()
    axes.plot(
        [points[at][0].mean for at in front], [points[at][1].mean for at in front], color=FRONT, linewidth=1, zorder=1
    )
    for at, (x, y) in enumerate(points):
        draw_point(axes, x, y, is_front=at in front)
    labelled, why = choose_labelled(group, there, front)
    write_labels(axes, [(there[at].label, points[at]) for at in labelled], figure_labels(there))
    axes.set(xlabel=better_words(pair[0].name, pair[0].better), ylabel=better_words(pair[1].name, pair[1].better))
    axes.margins(0.08)
    clear_frame(axes)
    first, second = (metric.name for metric in pair)
    meaning = (
        "filled and joined: no other is at least as good in both and better in one; bars: 95 % intervals over the seeds"
    )
    return Drawing(figure, f"{first} against {second}, means over the seeds; {meaning}.{why}")


def place(
    candidates: Sequence[Candidate], pair: tuple[Measure, Measure]
) -> tuple[list[Candidate], list[tuple[Estimate, Estimate]]]:
    """The candidates that both metrics were measured of, and where each stands."""
    there, points = [], []
    for one in candidates:
        x, y = (estimate_of(one, metric) for metric in pair)
        if x is not None and y is not None:
            there.append(one)
            points.append((x, y))
    return there, points


def choose_pair(group: Group) -> tuple[Measure, Measure] | None:
    """The first two metrics the group is judged by, else the first one and a neutral one that says something else."""
    first = group.metrics[0]
    for second in [*group.metrics[1:], *map(measure, PARTNERS)]:
        alike = first.path[:-1] == second.path[:-1] and order_of(first.path[-1]) == order_of(second.path[-1])
        both = [one for one in group.candidates if one.values(first) and one.values(second)]
        if second != first and not alike and len(both) > 1:
            return first, second
    return None


def draw_point(axes: "Axes", x: Estimate, y: Estimate, *, is_front: bool) -> None:
    """One candidate with its intervals."""
    colour = FRONT if is_front else DOMINATED
    axes.errorbar(
        x.mean,
        y.mean,
        xerr=None if x.half_width is None else x.half_width,
        yerr=None if y.half_width is None else y.half_width,
        color=colour,
        ecolor=(colour, 0.35),
        marker="o",
        markersize=6,
        markerfacecolor=colour if is_front else "white",
        linestyle="",
        elinewidth=1,
    )


def choose_labelled(group: Group, there: Sequence[Candidate], front: Sequence[int]) -> tuple[list[int], str]:
    """Which candidates get a label: all, or, where there are too many, the front and the best of the others."""
    if len(there) <= LABELLED:
        return list(range(len(there))), ""
    ranked = [there.index(one) for one in choose_drawn(group, len(there))[0] if one in there]
    order = [*front, *(at for at in ranked if at not in front)]
    return order[:LABELLED], f" Labelled: {LABELLED} of {len(there)}."


def write_labels(axes: "Axes", labelled: Sequence[tuple[str, Sequence[Estimate]]], texts: dict[str, str]) -> None:
    """Labels in a column at the right, each joined with its point: they cannot cover each other or a point."""
    axes.autoscale_view()
    low, high = axes.get_ylim()
    ordered = sorted(labelled, key=lambda item: item[1][1].mean)
    wanted = [(item[1][1].mean - low) / (high - low) for item in ordered]
    for (label, (x, y)), height in zip(ordered, spread_apart(wanted, 0.075), strict=True):
        axes.annotate(
            texts[label],
            (x.mean, y.mean),
            (1.03, height),
            textcoords="axes fraction",
            fontsize=8,
            verticalalignment="center",
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": "#b8b8b8",
                "linewidth": 0.7,
                "relpos": (0, 0.5),
                "shrinkB": 4,
                "zorder": 0,
            },
        )


def spread_apart(wanted: Sequence[float], gap: float) -> list[float]:
    """Heights in [0, 1] near the wanted ones and at least a gap apart, in the same order.

    Example:
        >>> [round(height, 2) for height in spread_apart([0.5, 0.5, 0.99], 0.1)]
        [0.45, 0.55, 0.99]
        >>> [round(height, 2) for height in spread_apart([1.0, 1.0, 1.0], 0.1)]
        [0.8, 0.9, 1.0]
    """
    gap = min(gap, 1 / max(len(wanted) - 1, 1))
    blocks: list[
        list[float]
    ] = []  # of each run of labels that touch: the sum of where its first one wants to be, and how many
    for height in wanted:
        blocks.append([height, 1])
        while len(blocks) > 1 and start(blocks[-1], gap) < start(blocks[-2], gap) + gap * blocks[-2][1] - 1e-12:
            total, count = blocks.pop()
            before = blocks[-1]
            before[0] += total - gap * before[1] * count
            before[1] += count
    return [start(block, gap) + gap * at for block in blocks for at in range(int(block[1]))]


def start(block: Sequence[float], gap: float) -> float:
    """Where the first label of a block goes, kept within [0, 1]."""
    total, count = block
    return min(max(total / count, 0.0), 1.0 - gap * (count - 1))
