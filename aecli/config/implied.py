"""What a section is called where a config does not name it: the default's name holds until another one is given."""

from aecli.components.architecture.registration import DEFAULT_FAMILY
from aecli.config.yaml_source import Path

DATASET, LOSS, OPTIMIZER, SCHEDULE = "mnist", "mse", "adam", "constant"
IMPLIED: dict[Path, str] = {
    ("architecture",): DEFAULT_FAMILY,
    ("data", "dataset"): DATASET,
    ("loss",): LOSS,
    ("optimization", "optimizer"): OPTIMIZER,
    ("optimization", "schedule"): SCHEDULE,
}
"""Path of a mapping -> its name where none is given."""
