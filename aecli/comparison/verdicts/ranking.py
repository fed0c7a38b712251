"""The order of candidates by one metric, and which of them no other beats in two."""

from collections.abc import Sequence

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.statistics.differences import mean_difference
from aecli.comparison.statistics.intervals import NO_SPREAD, Estimate, mean_interval
from aecli.comparison.statistics.pairing import FEWEST


def estimate_of(candidate: Candidate, metric: Measure) -> Estimate | None:
    """The mean over the seeds with its interval; None where it was not measured."""
    values = list(candidate.values(metric).values())
    return mean_interval(values) if values else None


def rank(candidates: Sequence[Candidate], metric: Measure) -> list[Candidate]:
    """The candidates that were measured, the best mean first."""
    means = {one.label: estimate.mean for one in candidates if (estimate := estimate_of(one, metric))}
    return sorted((one for one in candidates if one.label in means), key=lambda one: metric.loss_like(means[one.label]))


def best_mean(candidates: Sequence[Candidate], metric: Measure) -> float | None:
    """The best mean of all; None where the direction is not known, or nobody was measured."""
    means = [estimate.mean for one in candidates if (estimate := estimate_of(one, metric))]
    return min(means, key=metric.loss_like) if means and metric.better else None


def find_best(candidates: Sequence[Candidate], metric: Measure) -> list[Candidate]:
    """Those of several candidates that have the best mean."""
    best = best_mean(candidates, metric) if len(candidates) > 1 else None
    means = [(one, estimate_of(one, metric)) for one in candidates]
    return [one for one, estimate in means if estimate is not None and estimate.mean == best]


def find_front(points: Sequence[tuple[float, float]]) -> list[int]:
    """The points that no other beats: none is at least as small in both coordinates and smaller in one.

    Args:
        points: two quantities each, turned so that smaller is better.

    Returns: their indices, in the order of the first coordinate.

    Example:
        >>> find_front([(1, 3), (2, 2), (3, 1), (3, 3)])
        [0, 1, 2]
    """
    alive = [
        index
        for index, (x, y) in enumerate(points)
        if not any(a <= x and b <= y and (a, b) != (x, y) for a, b in points)
    ]
    return sorted(alive, key=lambda index: points[index])


def best_candidate(candidates: Sequence[Candidate], metric: Measure) -> Candidate:
    """Whom no other beats over the seeds on which a verdict on the two would rest; the best mean where there is none.

    Of those with enough seeds for a verdict where there are two such, else of those with more than one, else of all;
    and of those of them that lost no seed, where there are two such.
    One without the metric only where none has it.

    Args:
        candidates: all of them.
        metric: with a known direction.
    """
    measured = [candidate for candidate in candidates if candidate.values(metric)]
    whole = [one for one in measured if not one.broken_seeds(metric)]
    pools = [
        [one for one in some if len(one.values(metric)) >= least] for least in (FEWEST, 2) for some in (whole, measured)
    ]
    pool = next((some for some in pools if len(some) > 1), measured)

    def beats(one: Candidate, other: Candidate) -> bool:
        ours, theirs = one.values(metric), other.values(metric)
        rounding = NO_SPREAD * max(map(abs, theirs.values()))
        return metric.loss_like(mean_difference(ours, theirs)) < -rounding

    if not pool:
        return candidates[0]
    best = pool[0]
    for one in pool:  # who beats all others beats whoever is the best when it is reached
        best = one if beats(one, best) else best
    if not any(beats(one, best) for one in pool):
        return best
    return min(pool, key=lambda one: metric.loss_like(mean_interval(list(one.values(metric).values())).mean))
