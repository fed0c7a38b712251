"""aecli: which reconstruction loss and which regularization for my autoencoder, and how sure can I be?

Example:
    >>> import aecli
    >>> loss = aecli.make_loss("huber", delta=0.05)
    >>> run = aecli.train({"extends": "smoke.yaml"}, out="runs")  # doctest: +SKIP
    >>> run.summary["test"]["mse"], run.model  # doctest: +SKIP
"""

from typing import Any

__version__ = "0.1.0"
__all__ = [
    "Run",
    "compare",
    "diff_configs",
    "docs",
    "evaluate",
    "list_runs",
    "load",
    "load_config",
    "make_loss",
    "prune",
    "resume",
    "train",
]

_HOMES = {
    "Run": "aecli.api",
    "compare": "aecli.comparison.verdicts.compare",
    "diff_configs": "aecli.comparison.evidence.config_diff",
    "docs": "aecli.pages",
    "evaluate": "aecli.api",
    "list_runs": "aecli.comparison.evidence.run_list",
    "load": "aecli.api",
    "load_config": "aecli.config.load",
    "make_loss": "aecli.api",
    "prune": "aecli.experiment.prune",
    "resume": "aecli.api",
    "train": "aecli.api",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for at its first use, so that `import aecli` is instant."""
    if name not in _HOMES:
        raise AttributeError(f"module 'aecli' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
