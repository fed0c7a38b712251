"""A sweep from its YAML to its last run."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from aecli.errors import InterruptedRun, RunFolderError, UsageError
from aecli.runs.files import read_json
from aecli.sweep.engines.calibration import usable_cores
from aecli.sweep.engines.local import LocalEngine, calibrate
from aecli.sweep.engines.ray_cluster import joined_cluster, room_for
from aecli.sweep.engines.work import COMPLETED, Outcome
from aecli.sweep.planning.document import Sweep, load_sweep
from aecli.sweep.planning.forecast import Forecast, forecast
from aecli.sweep.planning.plan import make_plan
from aecli.sweep.planning.trial import Plan, Trial
from aecli.sweep.record.sweep_folder import (
    DONE,
    SweepFolder,
    has_runs,
    prepare_sweep_folder,
    refuse_another_base,
    results,
)
from aecli.sweep.schedule import Engine, Progress, Watcher, count, process, run_trials
from aecli.sweep.search.search_result import Found, conclude_search
from aecli.sweep.search.search_rules import plan_search
from aecli.sweep.search.search_source import Search, expected_trials
from aecli.sweep.sources import Source

ENGINES = ("local", "ray")
MOST_PER_CORE = 16
"""Workers on each core; more would only fight for memory."""


class Announcer(Watcher, Protocol):
    """A watcher that also shows the plan."""

    def plan(
        self, sweep: Sweep, plan: Plan, left: int, layout: tuple[int, int], expected: Forecast, path: Path
    ) -> None:
        """The plan, before anything is trained."""

    def note(self, text: str) -> None:
        """A line of progress."""


@dataclass(frozen=True)
class Swept:
    """What a sweep came to."""

    folder: SweepFolder
    trials: int
    completed: int
    failed: tuple[tuple[Trial, Outcome], ...]
    """The trials without a good end, and why."""
    is_whole: bool
    """Whether every trial has a good end; a search learns from those that are stopped or diverge, so these are good too."""
    untried: int
    """Trials that were not come to, because the sweep was stopped before."""
    found: Found | None = None
    """Of a search."""


def sweep(
    config: str,
    *,
    out: str | Path | None = None,
    jobs: str = "auto",
    engine: str = "local",
    address: str | None = None,
    fail_fast: bool = False,
    plan_only: bool = False,
    watcher: Announcer,
) -> Swept | None:
    """Train every run of a sweep that is not there yet.

    Args:
        config: a sweep's YAML, or the name of a shipped one.
        out: the sweep's folder; runs/NAME if not given.
        jobs: `auto`, a number of workers, or `WORKERSxTHREADS`.
        engine: `local`, or `ray` for a cluster.
        address: of a Ray cluster; None is what RAY_ADDRESS says, else one of this machine alone.
        fail_fast: stop at the first trial that fails.
        plan_only: show the plan and stop.
        watcher: is told of everything.

    Returns: what it came to; None after the plan alone.

    Raises:
        ConfigError: the sweep, its base or one of its trials is refused; nothing has been trained.
        UsageError: the folder belongs to something else, jobs cannot be read, or the cluster cannot be reached.
        InterruptedRun: SIGINT or SIGTERM; the same command goes on.
    """
    if engine not in ENGINES:
        raise UsageError(f'--engine "{engine}": choose {" or ".join(ENGINES)}')
    if address is not None and engine != "ray":
        raise UsageError("--address is that of a Ray cluster; add --engine ray")
    asked, document, path = load_sweep(config)
    target = Path(out) if out is not None else Path("runs") / asked.name
    read_jobs(jobs)
    with joined_cluster(address) if engine == "ray" else nullcontext():
        return sweep_on(engine, asked, document, path, target, jobs, fail_fast, plan_only, watcher)


def sweep_on(
    engine: str,
    asked: Sweep,
    document: Any,
    path: Path,
    target: Path,
    jobs: str,
    fail_fast: bool,
    plan_only: bool,
    watcher: Announcer,
) -> Swept | None:
    """`sweep` once its parts are read and its engine can be reached."""
    plan = plan_search(asked, document, path) if asked.search else None
    with ThreadPoolExecutor(1) as pool:  # the machine is measured while the trials are resolved
        cancelled = threading.Event()
        measure = measure_cluster if engine == "ray" else measure_machine
        measured = pool.submit(measure, asked, document, path, target, jobs, watcher.note, cancelled)
        try:
            plan = plan or make_plan(asked, document, path)
            workers, threads, speed = measured.result()
        finally:
            cancelled.set()
    folder = SweepFolder(target)
    refuse_another_base(folder, plan)  # before a search looks into its study
    left = expected_trials(asked, document, path, folder, plan) if asked.search else missing(folder, plan)
    watcher.plan(asked, plan, len(left), (workers, threads), forecast(left, speed, workers), target)
    warn_of_threads(folder, left, threads, watcher.note)
    if plan_only:
        return None
    folder = prepare_sweep_folder(target, plan, path.read_text(encoding="utf-8-sig"))
    told = {"engine": engine, "workers": workers, "threads": threads, "images_per_s": speed}
    folder.write_status("running", **process(), **told)
    layout = read_jobs(jobs)
    most = layout[0] if layout else workers if engine == "local" else len(left)  # a cluster may grow
    make = make_ray_engine if engine == "ray" else make_local_engine
    source = Search(asked, document, path, folder, plan) if asked.search else plan.trials
    progress = train(source, folder, make(folder, left, most, threads), watcher, fail_fast)
    return conclude(folder, progress, conclude_search(asked.name, source) if isinstance(source, Search) else None)


def warn_of_threads(folder: SweepFolder, left: Sequence[Trial], threads: int, tell: Callable[[str], None]) -> None:
    """Another number of threads adds in another order, so runs made now have other last bits than those made before."""
    status = folder.read_status()
    before, workers = status.get("threads"), status.get("workers")
    if before in (None, threads) or not has_runs(folder) or all(trial.config.training.threads for trial in left):
        return
    keep = (
        f"--jobs {workers}x{before} keeps to it" if status.get("engine") != "ray" else f"--jobs Nx{before} keeps to it"
    )
    tell(
        f"warning: {before} thread{'s' * (before != 1)} per worker so far, {threads} now: the last bits of runs differ between the two; {keep}"
    )


def missing(folder: SweepFolder, plan: Plan) -> list[Trial]:
    """The trials that have no result."""
    there = results(folder, plan.trials)
    return [trial for trial in plan.trials if there.get(trial.digest, (None, ""))[1] not in DONE]


def measure_machine(
    asked: Sweep,
    document: Any,
    path: Path,
    target: Path,
    jobs: str,
    tell: Callable[[str], None],
    cancelled: threading.Event,
) -> tuple[int, int, float | None]:
    """Workers, threads of each, and the images per second of one; a sweep that is taken up keeps what it began with.

    The number of threads decides the last bits of every run, so it does not change within a sweep by itself.
    """
    from aecli.config.load import validate
    from aecli.sweep.planning.plan import read_base

    old = read_json(SweepFolder(target).status) or {}
    workers, threads, speed = (old.get(key) for key in ("workers", "threads", "images_per_s"))
    layout, cores = read_jobs(jobs), usable_cores()
    if layout and layout[0] > MOST_PER_CORE * cores:
        raise UsageError(f"--jobs {jobs}: at most {MOST_PER_CORE * cores} workers on the {cores} cores of this machine")
    if old.get("engine") == "ray" and is_count(threads):  # the workers were those of a cluster
        layout = layout or (max(1, cores // threads), threads)
    elif (
        is_count(workers)
        and is_count(threads)
        and isinstance(speed, (int, float))
        and layout in (None, (workers, threads))
    ):
        return workers, threads, speed
    base = validate(read_base(asked, document, path)).plain()
    workers, threads, speed = calibrate(base, [layout] if layout else None, cores, tell, cancelled)
    return workers, threads, speed


def is_count(value: object) -> bool:
    """Whether a file that anybody may have edited gives a number of workers or threads."""
    return isinstance(value, int) and 1 <= value <= MOST_PER_CORE * usable_cores()


def measure_cluster(
    asked: Sweep,
    document: Any,
    path: Path,
    target: Path,
    jobs: str,
    tell: Callable[[str], None],
    cancelled: threading.Event,
) -> tuple[int, int, float | None]:
    """As `measure_machine`: a worker on every CPU of the cluster if `jobs` does not say; the speed of one is measured here."""
    from aecli.config.load import validate
    from aecli.sweep.planning.plan import read_base

    old = read_json(SweepFolder(target).status) or {}
    layout, (kept, speed) = read_jobs(jobs), (old.get("threads"), old.get("images_per_s"))
    threads = layout[1] if layout and "x" in jobs else kept if isinstance(kept, int) and kept > 0 else 1
    base = validate(read_base(asked, document, path))
    room = room_for(threads, base.training.device.startswith("cuda"))
    if threads != kept or not isinstance(speed, (int, float)):
        speed = calibrate(base.plain(), [(1, threads)], threads, tell, cancelled)[2]
    return min(room, layout[0]) if layout else room, threads, speed


def read_jobs(text: str) -> tuple[int, int] | None:
    """`auto` is None; `4` is four workers with the cores divided among them; `4x2` has two threads each.

    Raises:
        UsageError: it is none of these.
    """
    if text == "auto":
        return None
    workers, _, threads = text.partition("x")
    if (
        not workers.isdecimal()
        or not (threads.isdecimal() or "x" not in text)
        or int(workers) < 1
        or int(threads or 1) < 1
    ):
        raise UsageError(
            f'--jobs "{text}": write auto, a number of workers such as 4, or workers x threads such as 4x2'
        )
    return int(workers), int(threads) if threads else max(1, usable_cores() // int(workers))


def train(
    trials: Sequence[Trial] | Source, folder: SweepFolder, engine: Engine, watcher: Watcher, fail_fast: bool
) -> Progress:
    """Train what is left with an engine, and give it back.

    Raises:
        InterruptedRun: SIGINT or SIGTERM.
    """
    try:
        return run_trials(trials, folder, engine, watcher, fail_fast=fail_fast)
    except RunFolderError as error:
        with suppress(RunFolderError):  # on a full disk the error itself matters more than its record
            folder.write_status("failed")
        raise RunFolderError(f"{error}; then go on with the same command") from error
    except BaseException as error:
        with suppress(RunFolderError):
            folder.write_status("interrupted" if isinstance(error, (InterruptedRun, KeyboardInterrupt)) else "failed")
        raise
    finally:
        engine.close()


def make_local_engine(folder: SweepFolder, left: Sequence[Trial], workers: int, threads: int) -> Engine:
    """Worker processes of this machine."""
    return LocalEngine(min(workers, max(len(left), 1)), threads, folder.runs)


def make_ray_engine(folder: SweepFolder, left: Sequence[Trial], workers: int, threads: int) -> Engine:
    """Workers on the Ray cluster this process is connected to."""
    from aecli.sweep.engines.ray_engine import RayEngine

    is_gpu = any(trial.config.training.device.startswith("cuda") for trial in left)
    return RayEngine(min(workers, max(len(left), 1)), threads, folder.runs, is_gpu=is_gpu)


def conclude(folder: SweepFolder, progress: Progress, found: Found | None = None) -> Swept:
    """Write down how it ended."""
    completed = sum(outcome.kind == COMPLETED for outcome in progress.outcomes.values())
    is_whole = progress.is_over and not progress.failed and (found is None or bool(found.best))
    folder.write_status("completed" if is_whole else "failed", counts=count(progress))
    untried = max(0, progress.source.total - progress.done)
    return Swept(folder, len(progress.trials), completed, tuple(progress.failed), is_whole, untried, found)
