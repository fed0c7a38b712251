"""What can be compared: every number of summary.json by a name, with the direction that is better.

`mse` is short for `test.mse`; `validation.mse` and `train.mse` are the other splits. A suite's numbers are called after
the suite, `features.linear_probe` on the test split and `validation.features.linear_probe` on the validation split. Any
other number can be named by its path in summary.json; nobody knows then which direction is better.
"""

from collections.abc import Callable
from dataclasses import dataclass

from aecli.comparison.evidence.run_record import RunRecord
from aecli.components.evaluation.metrics import METRICS
from aecli.components.evaluation.scales import RATIO, Direction, Scale
from aecli.components.evaluation.suites import SUITES, SuiteMeasure
from aecli.runs.stored_values import finite_number

SPLITS = ("test", "validation", "train")
DEFAULT_METRIC = "test.mse"
OBJECTIVE = "objective"
SUITE_PATH = ("suites", "split", "suite")
"""What leads to the numbers of a suite in summary.json, by the names of its parts."""
SKILL = SuiteMeasure("skill", "higher")
"""What every suite may have without naming it."""


@dataclass(frozen=True)
class Measure:
    """A number of every run."""

    name: str
    path: tuple[str, ...]
    """Where it is in summary.json."""
    better: Direction | None
    """`lower` or `higher`; None where nobody knows."""
    suite: tuple[str, str] | None = None
    """(place, suite) for a number of a suite."""
    read: Callable[[RunRecord], float | None] | None = None
    """How to get it, for what stands nowhere in summary.json as it is."""
    scale: Scale = RATIO
    """What a difference of it is told in."""

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
        is_own = self.read is None and split == "test" and metric in METRICS
        return METRICS[metric].facts.quantity if is_own else None


def final_objective(run: RunRecord) -> float | None:
    """The training objective of the last epoch: what the run minimized, not what it is judged by."""
    records = run.folder.read_metrics()
    return finite_number(records[-1].get("objective")) if records else None


PLAIN_MEASURES: dict[str, Direction | None] = {
    "train_s": "lower",
    "images_per_s": "higher",
    "parameters": None,
    "epochs": None,
    OBJECTIVE: "lower",
}


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
        facts = METRICS[rest].facts
        return Measure(name, (split, rest), facts.better, scale=facts.scale)
    if name in PLAIN_MEASURES:
        return Measure(name, (name,), PLAIN_MEASURES[name])
    place, short = (split, rest) if split in ("test", "validation") else ("test", name)
    suite, _, inner = short.partition(".")
    if suite in SUITES and inner:
        return suite_measure(name if place != "test" else short, place, suite, inner)
    return Measure(name, tuple(name.split(".")), None)


def suite_measure(name: str, place: str, suite: str, inner: str) -> Measure:
    """A number of a suite."""
    above, known = ("suites", place, suite), {"skill": SKILL, **SUITES[suite].facts.measures}
    if inner not in known:
        return Measure(name, (*above, *inner.split(".")), None, (place, suite))
    found = known[inner]
    return Measure(name, (*above, *found.path.split(".")), found.better, (place, suite), scale=found.scale)
