"""Errors by class: which kind of image a candidate is bad at."""

from dataclasses import dataclass

from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.statistics.intervals import mean_interval
from aecli.comparison.verdicts.group import Group
from aecli.comparison.verdicts.ranking import rank
from aecli.lazy import np

MOST = 12
"""Classes in the table."""


@dataclass(frozen=True)
class ClassTable:
    """Mean test MSE over the seeds, candidates by classes."""

    classes: tuple[str, ...]
    left: int
    """Classes that are not shown: the easier ones."""
    rows: tuple[tuple[str, tuple[float | None, ...], int | None], ...]
    """(label, a mean for each class, which of them is the worst), the best candidate by the first metric first."""


def make_classes(group: Group) -> ClassTable | None:
    """The table of errors by class; None where no run has them."""
    means: dict[str, dict[str, float]] = {}
    for candidate in rank(group.candidates, group.metrics[0]):
        values: dict[str, list[float]] = {}
        for run in candidate.runs:
            for name, value in class_errors(run).items():
                values.setdefault(name, []).append(value)
        if values:
            means[candidate.label] = {name: mean_interval(some).mean for name, some in values.items()}
    found = list(dict.fromkeys(name for row in means.values() for name in row))
    if not found:
        return None
    hardest = sorted(found, key=lambda name: -float(np.mean([row[name] for row in means.values() if name in row])))[
        :MOST
    ]
    shown = tuple(name for name in sorted(found, key=natural) if name in hardest)
    rows = []
    for label, row in means.items():
        cells = tuple(row.get(name) for name in shown)
        known = [cell for cell in cells if cell is not None]
        rows.append((label, cells, cells.index(max(known)) if len(known) > 1 else None))
    return ClassTable(shown, len(found) - len(shown), tuple(rows))


def class_errors(run: RunRecord) -> dict[str, float]:
    """Class -> test MSE of one run."""
    part = run.part(("test", "per_class_mse"))
    return {str(name): value for name in part if (value := run.number(("test", "per_class_mse", name))) is not None}


def natural(name: str) -> tuple[bool, int, str]:
    """Numbers by size, before names by the alphabet."""
    return (not name.isdecimal(), int(name) if name.isdecimal() else 0, name)
