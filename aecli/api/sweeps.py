"""aecli from Python: sweeps. What they come to is in swept.py, which this module imports when it is needed."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from aecli.api.folders import AnyRun, many_runs, one_run
from aecli.api.progress import watching_sweep
from aecli.errors import ConfigError, Problem

if TYPE_CHECKING:
    from aecli.api.swept import SweepPlan, SweepState, Swept
    from aecli.sweep.watching import SweepWatcher

AnySweep = str | os.PathLike[str] | Mapping[str, Any]
"""A sweep's YAML, the name of a shipped one, or a mapping of what stands in such a file."""


def sweep(
    config: AnySweep,
    *,
    out: str | os.PathLike[str] | None = None,
    jobs: int | str = "auto",
    engine: str = "local",
    address: str | None = None,
    fail_fast: bool = False,
    progress: bool | None = None,
    watcher: "SweepWatcher | None" = None,
) -> "Swept":
    """Train every run of a sweep that is not there yet, in worker processes.

    A script that registers names of its own, such as a loss, needs `if __name__ == "__main__":` before this call, since
    its workers run it anew to know them; any other script and a notebook do not.

    Args:
        config: a file, the name of a shipped sweep, or a mapping such as `{"base": "fast.yaml", "seeds": 3, "grid":
            {"loss": ["mse", "mae"]}}`.
        out: the sweep's folder; runs/NAME if not given.
        jobs: `auto`, a number of workers, or `WORKERSxTHREADS`.
        engine: `local`, or `ray` for a cluster.
        address: of a Ray cluster.
        fail_fast: stop at the first trial that fails.
        progress: whether to show it; in a notebook and on a terminal if not given.
        watcher: is told of everything in place of that.

    Returns: what it came to; trials that failed are named in it and raise nothing.

    Raises:
        ConfigError: the sweep, its base or one of its trials is refused; nothing has been trained.
        UsageError: the folder belongs to something else, or jobs cannot be read.
        InterruptedRun: SIGINT or SIGTERM; the same call goes on.
    """
    from aecli.api.swept import Swept
    from aecli.errors import known
    from aecli.sweep.run_sweep import run_sweep

    with sweep_file(config) as file, watching_sweep(watcher, progress) as told:
        found = run_sweep(
            file, out=folder_of(out), jobs=str(jobs), engine=engine, address=address, fail_fast=fail_fast, watcher=told
        )
    return Swept(**vars(known(found)))


def plan_sweep(
    config: AnySweep,
    *,
    out: str | os.PathLike[str] | None = None,
    jobs: int | str = "auto",
    pilot: AnyRun | Iterable[AnyRun] = (),
) -> "SweepPlan":
    """What `sweep` would do: its trials, how many are left, what it takes and what it can show; nothing is trained.

    Args:
        config, out, jobs: see `sweep`.
        pilot: runs whose spread over seeds is expected; those that the folder has already if not given, else MNIST's.

    Raises:
        ConfigError, UsageError: see `sweep`; or no run of the pilot can be compared.
    """
    from aecli.api.swept import PlanKeeper
    from aecli.sweep.run_sweep import run_sweep

    keeper = PlanKeeper()
    with sweep_file(config) as file:
        run_sweep(file, out=folder_of(out), jobs=str(jobs), plan_only=True, watcher=keeper)
    return keeper.kept(many_runs(pilot))


def sweep_status(folder: str | os.PathLike[str]) -> "SweepState":
    """How far the sweep in a folder is, whoever works on it.

    Raises:
        UsageError: the folder is no sweep.
    """
    from aecli.api.swept import SweepState
    from aecli.sweep.record.sweep_status import read_sweep

    return SweepState(**vars(read_sweep(one_run(folder))))


def folder_of(out: str | os.PathLike[str] | None) -> str | None:
    """A folder as a text, if one was given."""
    return None if out is None else os.fspath(out)


@contextmanager
def sweep_file(config: AnySweep) -> Iterator[str]:
    """The file of a sweep while inside; of a mapping it is written for as long."""
    if not isinstance(config, Mapping):
        yield os.fspath(config)
        return
    from aecli.config.load import thawed
    from aecli.config.yaml_source import dump

    with TemporaryDirectory(prefix="aecli-") as folder:
        path = Path(folder) / "sweep.yaml"
        path.write_text(dump(thawed(config)), encoding="utf-8")
        try:
            yield str(path)
        except ConfigError as error:  # where it stands in a file that nobody wrote tells nobody anything
            places = ["" if problem.where.startswith(str(path)) else problem.where for problem in error.problems]
            raise ConfigError(list(map(in_place, error.problems, places))) from None


def in_place(problem: Problem, where: str) -> Problem:
    """The same problem in another place."""
    return Problem(where, problem.path, problem.message)
