"""Predictors that need no training, as each run measured them beside itself: the mean training image, PCA, others."""

from collections.abc import Iterable

from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.run_record import RunRecord


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
    """Baseline -> where its number may be: a suite keeps it beside `model`, or beside `code`."""
    if made.suite is None:
        split, metric = made.path[0], made.path[-1]
        return (
            {label: ("baselines", label, "test", metric) for label in run.part(("baselines",))}
            if split == "test"
            else {}
        )
    own = next((at for at, part in enumerate(made.path) if part == "model" or (at == 3 and part == "code")), None)
    if own is None:
        return {}
    before, after = made.path[:own], made.path[own + 1 :]
    return {label: (*before, label, *after) for label in run.part(before) if label != made.path[own]}
