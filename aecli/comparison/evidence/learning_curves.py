"""Learning curves of many runs: the mean over the seeds with the band of all of them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.run_record import RunRecord
from aecli.lazy import np


@dataclass(frozen=True)
class Curve:
    """A metric by epoch, over the seeds."""

    epochs: tuple[int, ...]
    mean: "np.ndarray"
    low: "np.ndarray"
    high: "np.ndarray"


def make_curve(candidate: Candidate, name: str) -> Curve | None:
    """The mean and the band over the seeds, at the epochs that all seeds have; None where there is none.

    A mean over the seeds that are still running would jump whenever one stops early.
    """
    read = [curve for run in candidate.runs if (curve := read_curve(run, name))]
    epochs = sorted(set.intersection(*(set(curve) for curve in read))) if read else []
    if not epochs:
        return None
    values = np.array([[curve[epoch] for epoch in epochs] for curve in read])
    return Curve(tuple(epochs), values.mean(0), values.min(0), values.max(0))


def read_curve(run: RunRecord, name: str) -> dict[int, float]:
    """Epoch -> validation metric, from metrics.jsonl; what is no finite number is left out."""
    curve: dict[int, float] = {}
    for record in run.folder.read_metrics():
        part, epoch = record.get("validation"), record.get("epoch")
        value = part.get(name) if isinstance(part, Mapping) else None
        if isinstance(epoch, int) and isinstance(value, (int, float)) and math.isfinite(value):
            curve[epoch] = float(value)
    return curve
