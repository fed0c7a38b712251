"""Every kind of names that a config can have, each with its registry."""

from typing import Any

from aecli.components.architecture import ACTIVATIONS, ARCHITECTURES
from aecli.components.data import DATASETS
from aecli.components.data.corruptions import CORRUPTIONS
from aecli.components.evaluation.metrics import METRICS
from aecli.components.evaluation.suites import SUITES
from aecli.components.loss import LOSSES
from aecli.components.optimization.optimizers import OPTIMIZERS
from aecli.components.optimization.schedules import SCHEDULES
from aecli.components.regularization import REGULARIZERS
from aecli.registry import Registry

CATALOGUE: dict[str, Registry[Any]] = {
    "losses": LOSSES,
    "regularizers": REGULARIZERS,
    "optimizers": OPTIMIZERS,
    "schedules": SCHEDULES,
    "datasets": DATASETS,
    "corruptions": CORRUPTIONS,
    "architectures": ARCHITECTURES,
    "activations": ACTIVATIONS,
    "metrics": METRICS,
    "suites": SUITES,
}
"""What `aecli list` can list."""
