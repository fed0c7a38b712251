"""aecli from Python: whatever a command does is a function here. The command line is a thin layer over it.

`aecli/__init__.py` finds them by name, and `aecli/__init__.pyi` tells type checkers. The classes of answers stand in
modules of their own, which are imported once there is an answer.
"""

from aecli.api.configs import init, schema, show, validate
from aecli.api.names import list
from aecli.api.questions import check, compare, compare_at, dose, recommend, report
from aecli.api.run import Run
from aecli.api.runs import evaluate, load, make_loss, resume, train
from aecli.api.sweeps import plan_sweep, sweep, sweep_status

__all__ = [
    "Run",
    "check",
    "compare",
    "compare_at",
    "dose",
    "evaluate",
    "init",
    "list",
    "load",
    "make_loss",
    "plan_sweep",
    "recommend",
    "report",
    "resume",
    "schema",
    "show",
    "sweep",
    "sweep_status",
    "train",
    "validate",
]
