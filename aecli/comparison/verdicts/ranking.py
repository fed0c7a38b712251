"""The order of candidates by one metric, and which of them no other beats in two."""

from collections.abc import Sequence

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.statistics.statistics import Estimate, mean_interval


def estimate_of(candidate: Candidate, metric: Measure) -> Estimate | None:
    """The mean over the seeds with its interval; None where it was not measured."""
    values = list(candidate.values(metric).values())
    return mean_interval(values) if values else None


def rank(candidates: Sequence[Candidate], metric: Measure) -> list[Candidate]:
    """The candidates that were measured, the best mean first."""
    means = {one.label: estimate.mean for one in candidates if (estimate := estimate_of(one, metric))}
    return sorted((one for one in candidates if one.label in means), key=lambda one: metric.loss_like(means[one.label]))


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
