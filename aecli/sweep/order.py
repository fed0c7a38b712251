"""What was asked of `aecli sweep`, read and checked before anything is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aecli.config.yaml_source import Document
from aecli.errors import UsageError
from aecli.sweep.engines.calibration import usable_cores
from aecli.sweep.planning.document import Sweep, load_sweep
from aecli.sweep.record.sweep_folder import SweepFolder

ENGINES = ("local", "ray")


@dataclass(frozen=True)
class SweepOrder:
    """A sweep that is to be done."""

    sweep: Sweep
    document: Document
    """Its YAML, which knows where each value stands."""
    path: Path
    """Its file."""
    folder: SweepFolder
    """Which need not exist yet."""
    engine: str
    jobs: str
    fail_fast: bool
    """Stop at the first trial that fails."""


def read_order(
    config: str,
    *,
    set: str | Sequence[str] = (),
    out: str | Path | None,
    jobs: str,
    engine: str,
    address: str | None,
    fail_fast: bool,
) -> SweepOrder:
    """The order of a sweep; see `run_sweep`.

    Raises:
        ConfigError: the sweep is refused.
        UsageError: there is no such engine, the address is nobody's, or jobs cannot be read.
    """
    if engine not in ENGINES:
        raise UsageError(f'--engine "{engine}": choose {" or ".join(ENGINES)}')
    if address is not None and engine != "ray":
        raise UsageError("--address is that of a Ray cluster; add --engine ray")
    sweep, document, path = load_sweep(config, set=set)
    read_jobs(jobs)
    target = Path(out) if out is not None else Path("runs") / sweep.name
    folder = SweepFolder(target)
    return SweepOrder(sweep, document, path, folder=folder, engine=engine, jobs=jobs, fail_fast=fail_fast)


def read_jobs(text: str) -> tuple[int, int] | None:
    """`auto` is None; `4` is four workers with the cores divided among them; `4x2` has two threads each.

    Raises:
        UsageError: it is none of these.
    """
    if text == "auto":
        return None
    workers, _, threads = text.partition("x")
    is_number = workers.isdecimal() and (threads.isdecimal() or "x" not in text)
    if not is_number or int(workers) < 1 or int(threads or 1) < 1:
        raise UsageError(
            f'--jobs "{text}": write auto, a number of workers such as 4, or workers x threads such as 4x2'
        )
    return int(workers), int(threads) if threads else max(1, usable_cores() // int(workers))
