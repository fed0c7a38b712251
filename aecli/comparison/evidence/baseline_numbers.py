"""Predictors that need no training, as each run measured them beside itself: the mean training image, PCA, others."""

from collections.abc import Iterable, Sequence

from aecli.comparison.evidence.measures import SUITE_PATH, Measure
from aecli.comparison.evidence.run_record import RunRecord

MODEL, CODE = "model", "code"
"""How suites call the net, or what it codes, beside baselines."""


def baseline_rows(run: RunRecord, measures: Iterable[Measure]) -> dict[str, dict[str, float]]:
    """Baseline -> name of a measure -> its number, for the baselines of which at least one number is known.

    The mean training image and PCA are those of the run's own training images, measured when the run was judged.
    """
    rows: dict[str, dict[str, float]] = {}
    for made in measures:
        for label, path in baseline_paths(run, made).items():
            value = run.number(path)
            if value is not None:
                rows.setdefault(label, {})[made.name] = value
    return rows


def baseline_paths(run: RunRecord, made: Measure) -> dict[str, tuple[str, ...]]:
    """Baseline -> where its number may be."""
    if made.suite is None:
        split, metric = made.path[0], made.path[-1]
        if split != "test":
            return {}
        return {label: ("baselines", label, "test", metric) for label in run.part(("baselines",))}
    own = find_own_part(made.path)
    if own is None:
        return {}
    before, after = made.path[:own], made.path[own + 1 :]
    return {label: (*before, label, *after) for label in run.part(before) if label != made.path[own]}


def find_own_part(path: Sequence[str]) -> int | None:
    """Where in the path of a suite's number the net itself is named, beside which its baselines stand.

    A suite names it `model` at any depth, or `code` right inside the suite; further inside, `code` is a measurement.

    Returns: the index; None where the number is of the net alone.

    Example:
        >>> find_own_part(("suites", "test", "features", "code", "kmeans", "acc", "mean"))
        3
        >>> find_own_part(("suites", "test", "compression", "at_equal_mse", "model", "bits_per_pixel"))
        4
        >>> find_own_part(("suites", "test", "denoising", "kinds", "code"))
    """
    inside = len(SUITE_PATH)
    return next((at for at, part in enumerate(path) if part == MODEL or (at == inside and part == CODE)), None)
