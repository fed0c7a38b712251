"""The referee matrix: every candidate by every neutral metric, with what it costs beside the best of that metric.

A loss is good at its own metric; what it costs in the others is the question. Regret is the distance to the best
candidate of a column: a share for errors, decibels for PSNR, points for SSIM.
"""

from dataclasses import dataclass

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import Measure, measure
from aecli.comparison.evidence.referees import judges_itself
from aecli.comparison.evidence.settings import names_of
from aecli.comparison.opinions import REFEREES
from aecli.comparison.statistics.intervals import Estimate
from aecli.comparison.verdicts.group import Group
from aecli.comparison.verdicts.ranking import best_mean, estimate_of
from aecli.components.evaluation.scales import RATIO


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
    best = {one.name: best_mean(group.candidates, one) for one in metrics}
    rows = []
    for candidate in group.candidates:
        cells = []
        for one in metrics:
            estimate, own = estimate_of(candidate, one), is_own(one, candidate)
            behind = None if estimate is None else regret(one, estimate.mean, best[one.name])
            cells.append(Judgement(estimate, behind, own))
        rows.append((candidate.label, tuple(cells)))
    ranks = {label: mean_rank(index, rows, metrics) for index, (label, _) in enumerate(rows)}
    return Matrix(tuple(metrics), tuple(sorted(rows, key=lambda row: ranks[row[0]])))


def is_own(metric: Measure, candidate: Candidate) -> bool:
    """Whether a candidate was trained on this very metric."""
    return judges_itself(metric.path[-1], names_of(candidate.config["loss"]))


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
