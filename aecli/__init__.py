"""aecli: which reconstruction loss and which regularization for my autoencoder, and how sure can I be?

Example:
    >>> import aecli
    >>> loss = aecli.make_loss("huber", delta=0.05)
    >>> run = aecli.train({"extends": "smoke.yaml"}, out="runs")  # doctest: +SKIP
    >>> run.summary["test"]["mse"], run.encode(images)  # doctest: +SKIP

`aecli docs python` tells the rest. What stands here for Python stands in __init__.pyi for type checkers.
"""

import sys

__version__ = "0.1.0"

_NAMES = {
    "aecli.api.answers": ("Check", "Comparison", "DoseResponse", "Recommendation", "Report"),
    "aecli.api.configs": ("init", "schema", "show", "validate"),
    "aecli.api.frontiers": ("Frontiers",),
    "aecli.api.judged": ("Judged",),
    "aecli.api.listed": ("diff_configs", "list_runs"),
    "aecli.api.names": ("list",),
    "aecli.api.questions": ("check", "compare", "compare_at", "dose", "recommend", "report"),
    "aecli.api.run": ("Run",),
    "aecli.api.runs": ("evaluate", "load", "make_loss", "resume", "train"),
    "aecli.api.sweeps": ("plan_sweep", "sweep", "sweep_status"),
    "aecli.api.swept": ("SweepPlan", "SweepState", "Swept"),
    "aecli.config.load": ("load_config",),
    "aecli.config.schema": ("Config",),
    "aecli.errors": (
        "AecliError",
        "CheckpointError",
        "ConfigError",
        "DataError",
        "DivergedError",
        "InterruptedRun",
        "RunFolderError",
        "UsageError",
    ),
    "aecli.experiment.prune": ("prune",),
    "aecli.pages": ("docs",),
}
"""Module -> what of it is public."""
_HOMES = {name: module for module, names in _NAMES.items() for name in names}
__all__ = sorted(set(_HOMES) - {"list"})  # `from aecli import *` leaves Python's own list alone


def __getattr__(name: str) -> object:
    """Import what is asked for at its first use, so that `import aecli` is instant."""
    if name not in _HOMES:
        raise AttributeError(f"module 'aecli' has no attribute {name!r}")
    import importlib

    from aecli.cores import shorten_waiting

    shorten_waiting()
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})


class _Package(type(sys)):  # type: ignore[misc]  # the class of modules, without an import
    """A package whose functions are not hidden by its rooms: `aecli.sweep` is the function, whatever was imported."""

    def __setattr__(self, name: str, value: object) -> None:
        """The import system puts a room that it has loaded here; it finds the room by its whole name all the same."""
        if name not in _HOMES or not isinstance(value, type(sys)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
