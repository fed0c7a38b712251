"""The referee matrix: every candidate by every neutral metric, with what it costs beside the best of that metric.

A loss is good at its own metric; what it costs in the others is the question. Regret is the distance to the best
candidate of a column: a share for errors, decibels for PSNR, points for SSIM.
"""

from dataclasses import dataclass

from aecli.comparison.evidence.measures import RATIO, Measure, measure
from aecli.comparison.evidence.settings import names_of
from aecli.comparison.statistics.intervals import Estimate, mean_interval
from aecli.comparison.verdicts.group import Group
from aecli.comparison.verdicts.lint import OWN_REFEREES

REFEREES = ("test.mse", "test.mae", "test.psnr_db", "test.ssim", "test.bce_excess_nats")


@dataclass(frozen=True)
class Judgement:
    """One cell: a candidate by one metric."""

    estimate: Estimate | None
    regret: float | None
    """>= 0; None where it was not measured, or by no one else."""
    is_own: bool
    """The candidate was trained on this very metric."""


@dataclass(frozen=True)
class Matrix:
    """Candidates by metrics."""

    metrics: tuple[Measure, ...]
    rows: tuple[tuple[str, tuple[Judgement, ...]], ...]
    """(label, one judgement for each metric), in the order of the mean rank over the metrics."""


def make_matrix(group: Group) -> Matrix:
    """Judge every candidate by every neutral metric, and by the metrics of the group."""
    names = dict.fromkeys([*REFEREES, *(one.name for one in group.metrics)])
    metrics = [one for one in map(measure, names) if any(candidate.values(one) for candidate in group.candidates)]
    means = {
        (candidate.label, one.name): mean_interval(list(values.values())) if (values := candidate.values(one)) else None
        for candidate in group.candidates
        for one in metrics
    }
    best = {
        one.name: best_of(one, [means[candidate.label, one.name] for candidate in group.candidates]) for one in metrics
    }
    rows = []
    for candidate in group.candidates:
        losses = names_of(candidate.config["loss"])
        cells = []
        for one in metrics:
            estimate = means[candidate.label, one.name]
            own = any(one.path[-1] in OWN_REFEREES.get(loss, ()) for loss in losses)
            cells.append(
                Judgement(estimate, None if estimate is None else regret(one, estimate.mean, best[one.name]), own)
            )
        rows.append((candidate.label, tuple(cells)))
    ranks = {label: mean_rank(index, rows, metrics) for index, (label, _) in enumerate(rows)}
    return Matrix(tuple(metrics), tuple(sorted(rows, key=lambda row: ranks[row[0]])))


def best_of(metric: Measure, estimates: list[Estimate | None]) -> float | None:
    """The best mean; None where the direction is not known."""
    means = [estimate.mean for estimate in estimates if estimate is not None]
    return min(means, key=metric.loss_like) if means and metric.better else None


def regret(metric: Measure, value: float, best: float | None) -> float | None:
    """How far a value is behind the best: a share of it for errors, sizes and times, else a difference.

    Beside a best of exactly 0 there is no share, but the best is still the best.

    Example:
        >>> regret(measure("mse"), 0.0111, 0.01), regret(measure("psnr_db"), 20.0, 21.5)
        (0.11..., 1.5)
    """
    if best is None:
        return None
    behind = metric.loss_like(value) - metric.loss_like(best)
    if metric.scale != RATIO or behind == 0:
        return behind
    return behind / best if best > 0 else None


def mean_rank(index: int, rows: list[tuple[str, tuple[Judgement, ...]]], metrics: list[Measure]) -> float:
    """The mean over the metrics of the number of candidates that are better; a metric not measured counts as last."""
    total = 0
    for column, metric in enumerate(metrics):
        own = rows[index][1][column].estimate
        others = [cells[column].estimate for _, cells in rows]
        total += sum(other is not None and (own is None or metric.is_better(other.mean, own.mean)) for other in others)
    return total / max(len(metrics), 1)
