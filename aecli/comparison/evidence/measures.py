"""What can be compared: every number of summary.json by a name, with the direction that is better.

`mse` is short for `test.mse`; `validation.mse` and `train.mse` are the other splits. A suite's numbers are called after
the suite, `features.linear_probe` on the test split and `validation.features.linear_probe` on the validation split. Any
other number can be named by its path in summary.json; nobody knows then which direction is better.
"""

from collections.abc import Callable
from dataclasses import dataclass

from aecli.comparison.evidence.run_record import RunRecord, finite_number
from aecli.components.evaluation.metrics import METRICS
from aecli.components.evaluation.suites import SUITES

SPLITS = ("test", "validation", "train")
DEFAULT_METRIC = "test.mse"
OBJECTIVE = "objective"
PER_IMAGE = {
    "mse": "squared",
    "mae": "absolute",
    "rmse": "squared",
    "psnr_db": "squared",
    "ssim": "ssim",
    "bce_nats": "bce",
    "bce_excess_nats": "bce",
    "fvu": "squared",
}
"""Metric of the test split -> the quantity in per_image.npz of which it is the mean, up to a monotone function."""
RATIO, DECIBEL, POINTS = "ratio", "dB", "points"
"""What a difference of a measure is told in: a share of the baseline for errors, sizes and times; decibels for PSNR; and for
shares, scores and skills, of which a share would mean nothing, units of the measure, where 0.01 is one point."""
SCALES = {"psnr_db": DECIBEL, "ssim": POINTS}
"""Metric -> its scale, where that is no ratio."""


@dataclass(frozen=True)
class Measure:
    """A number of every run."""

    name: str
    path: tuple[str, ...]
    """Where it is in summary.json."""
    better: str | None
    """`lower` or `higher`; None where nobody knows."""
    suite: tuple[str, str] | None = None
    """(place, suite) for a number of a suite."""
    read: Callable[[RunRecord], float | None] | None = None
    """How to get it, for what stands nowhere in summary.json as it is."""
    scale: str = RATIO

    def value(self, run: RunRecord) -> float | None:
        """The run's number; None where it was not measured."""
        if self.read is not None:
            return self.read(run)
        if self.name == OBJECTIVE:
            return final_objective(run)
        return run.number(self.path)

    @property
    def arrow(self) -> str:
        """The direction that is better."""
        return {"lower": "↓", "higher": "↑", None: ""}[self.better]

    @property
    def title(self) -> str:
        """Its name as the head of a column: `mse ↓` on the test split, else with the split."""
        return f"{self.name.removeprefix('test.')} {self.arrow}".strip()

    def is_better(self, value: float, other: float) -> bool:
        """Whether a value is strictly better than another; never where the direction is not known."""
        return {"lower": value < other, "higher": value > other, None: False}[self.better]

    def loss_like(self, value: float) -> float:
        """A value turned so that smaller is better."""
        return -value if self.better == "higher" else value

    @property
    def per_image(self) -> str | None:
        """The quantity of single test images that it is made of; None where there is none."""
        split, _, metric = self.name.partition(".")
        return PER_IMAGE.get(metric) if split == "test" else None


def final_objective(run: RunRecord) -> float | None:
    """The training objective of the last epoch: what the run minimized, not what it is judged by."""
    records = run.folder.read_metrics()
    return finite_number(records[-1].get("objective")) if records else None


SUITE_MEASURES = {
    "generalization.gap": ("metrics.mse.test_minus_train_relative.value", "lower"),
    "features.linear_probe": ("code.linear_probe.accuracy", "higher"),
    "features.few_label_10": ("code.few_label_10.accuracy.mean", "higher"),
    "features.few_label_100": ("code.few_label_100.accuracy.mean", "higher"),
    "features.neighbours": ("code.neighbours.accuracy", "higher"),
    "features.kmeans_acc": ("code.kmeans.acc.mean", "higher"),
    "features.kmeans_nmi": ("code.kmeans.nmi.mean", "higher"),
    "features.kmeans_ari": ("code.kmeans.ari.mean", "higher"),
    "features.kmeans_whitened_acc": ("code.kmeans_whitened.acc.mean", "higher"),
    "code.effective_dimension": ("code.effective_dimension", "higher"),
    "code.alive": ("code.alive", "higher"),
    "sparsity.exact_zeros": ("all_matrices.exact_zeros", "higher"),
    "sparsity.small": ("all_matrices.small", "higher"),
    "sparsity.hoyer": ("all_matrices.hoyer", "higher"),
    "sparsity.prunable_share": ("prunable_share.global", "higher"),
    "compression.bits_per_pixel": ("at_equal_mse.near_unquantized.bits_per_pixel.model", "lower"),
    "compression.saving": ("at_equal_mse.near_unquantized.saving.klt", "higher"),
}
"""Name -> (path within the suite, direction); `SUITE.skill` exists for every suite that has such a scale."""
SUITE_RATIOS = ("code.effective_dimension", "code.alive", "compression.bits_per_pixel")
"""Those of them that are no shares."""
PLAIN_MEASURES = {"train_s": "lower", "images_per_s": "higher", "parameters": None, "epochs": None, OBJECTIVE: "lower"}


def measure(name: str) -> Measure:
    """The measure of a name.

    Example:
        >>> measure("mse").name, measure("psnr_db").better
        ('test.mse', 'higher')
    """
    split, _, rest = name.partition(".")
    if name in METRICS:
        return measure(f"test.{name}")
    if split in SPLITS and rest in METRICS:
        return Measure(name, (split, rest), METRICS[rest].facts.better, scale=SCALES.get(rest, RATIO))
    if name in PLAIN_MEASURES:
        return Measure(name, (name,), PLAIN_MEASURES[name])
    place, short = (split, rest) if split in ("test", "validation") else ("test", name)
    suite, _, inner = short.partition(".")
    if suite in SUITES and inner:
        return suite_measure(name if place != "test" else short, place, suite, inner)
    return Measure(name, tuple(name.split(".")), None)


def suite_measure(name: str, place: str, suite: str, inner: str) -> Measure:
    """A number of a suite."""
    path, better = SUITE_MEASURES.get(f"{suite}.{inner}", (inner, "higher" if inner == "skill" else None))
    scale = RATIO if better is None or f"{suite}.{inner}" in SUITE_RATIOS else POINTS
    return Measure(name, ("suites", place, suite, *path.split(".")), better, (place, suite), scale=scale)
