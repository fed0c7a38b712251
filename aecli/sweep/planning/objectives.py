"""What a search may optimize and a tuning goes by: a number of the validation split; and what a run has of it.

A number of the test split is no objective: the best of many by that number would be reported by that number.
"""

from aecli.components.evaluation.metrics import METRICS
from aecli.registry import unknown_name
from aecli.runs.folder import RunFolder

TRAIN_S = "train_s"
SPLIT = "validation"


def metric_of(objective: str) -> str:
    """`mse` of `validation.mse`."""
    return objective.removeprefix(f"{SPLIT}.")


def better(objective: str) -> str:
    """`lower` or `higher`."""
    return "lower" if objective == TRAIN_S else METRICS[metric_of(objective)].facts.better


def refuse_objective(name: str) -> str:
    """Why a name is no objective; empty if it is one."""
    split, _, metric = name.rpartition(".")
    if name == TRAIN_S or (split == SPLIT and metric in METRICS):
        return ""
    instead = f"use {SPLIT}.{metric if metric in METRICS else 'mse'}"
    if name.startswith("test.") or name in METRICS:
        return f"a search that looks at the test split has no honest number left; {instead}"
    if name.startswith("train."):
        return f"a search that looks at the training split rewards learning by heart; {instead}"
    known = [TRAIN_S, *(f"{SPLIT}.{metric}" for metric in METRICS)]
    return "unknown " + unknown_name(name, known, "choices")


def is_always_measured(metric: str) -> bool:
    """Whether a metric is measured after every epoch of every run."""
    from aecli.experiment.record import ALWAYS

    return metric in ALWAYS


def measured_by(run: RunFolder) -> dict[str, float | None]:
    """What may be an objective, of the checkpoint that was judged: the metrics of its epoch, and those of the suite."""
    summary = run.read_summary()
    epoch = next((one for one in run.read_metrics() if one.get("epoch") == summary.get("judged_epoch")), {})
    return {**epoch.get("validation", {}), **summary.get("validation", {}), TRAIN_S: summary.get(TRAIN_S)}
