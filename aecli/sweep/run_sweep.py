"""A sweep from its YAML to its last run."""

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from aecli.errors import InterruptedRun, RunFolderError
from aecli.sweep.engines.calibration import Layout
from aecli.sweep.engines.engine import Engine
from aecli.sweep.engines.local import LocalEngine
from aecli.sweep.engines.ray_cluster import joined_cluster
from aecli.sweep.layout import find_layout, warn_of_threads
from aecli.sweep.order import SweepOrder, read_jobs, read_order
from aecli.sweep.planning.forecast import forecast, parameters_of
from aecli.sweep.planning.plan import make_plan
from aecli.sweep.planning.trial import Plan, Trial
from aecli.sweep.progress import SweepProgress
from aecli.sweep.record.changed_data import refuse_changed_data
from aecli.sweep.record.look_history import history_of_looks
from aecli.sweep.record.outcome import COMPLETED, TrialOutcome
from aecli.sweep.record.run_index import DONE, results, speed_so_far
from aecli.sweep.record.sweep_folder import SweepFolder, prepare_sweep_folder, refuse_another_base, this_process
from aecli.sweep.schedule import run_trials
from aecli.sweep.search.search_result import SearchResult, conclude_search
from aecli.sweep.search.search_rules import plan_search
from aecli.sweep.search.search_source import SearchSource, expected_trials
from aecli.sweep.sources import Source
from aecli.sweep.tuning.tuning_source import TuningSource, trials_to_come
from aecli.sweep.watching import PlanTold, SweepWatcher, TrialWatcher
from aecli.text import printable


@dataclass(frozen=True)
class Swept:
    """What a sweep came to."""

    folder: SweepFolder
    trials: int
    completed: int
    failed: tuple[tuple[Trial, TrialOutcome], ...]
    """The trials without a good end, and why."""
    is_whole: bool
    """Whether every trial has a good end; a search learns from those that are stopped or diverge, too."""
    untried: int
    """Trials that were not come to, because the sweep was stopped before."""
    found: SearchResult | None = None
    """Of a search."""
    tuned: tuple[Mapping[str, object], ...] = ()
    """What each candidate was tuned to, of a sweep that tunes: `changes`, and `tuned` with the values or None."""

    def plain(self) -> dict[str, object]:
        """As data for JSON."""
        failed = [
            {"trial": trial.label, "kind": outcome.kind, "reason": outcome.reason, "run": outcome.run}
            for trial, outcome in self.failed
        ]
        told = {"sweep": str(self.folder.path), "trials": self.trials, "completed": self.completed}
        search = {"search": self.found.plain()} if self.found else {}
        tuned = {"tuned": list(self.tuned)} if self.tuned else {}
        return {**told, "failed": failed, "untried": self.untried, **search, **tuned}


def run_sweep(
    config: str,
    *,
    set: str | Sequence[str] = (),
    out: str | Path | None = None,
    jobs: str = "auto",
    engine: str = "local",
    address: str | None = None,
    fail_fast: bool = False,
    plan_only: bool = False,
    watcher: SweepWatcher,
) -> Swept | None:
    """Train every run of a sweep that is not there yet.

    Args:
        config: a sweep's YAML, or the name of a shipped one.
        set: overrides of its base, `section.key=value`, which reach every trial.
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
    order = read_order(config, set=set, out=out, jobs=jobs, engine=engine, address=address, fail_fast=fail_fast)
    with joined_cluster(address) if engine == "ray" else nullcontext():
        plan, layout = plan_and_measure(order, watcher)
        left = trials_left(order, plan, watcher)
        speed = speed_so_far(order.folder) or layout.images_per_s
        expected = forecast(left, speed, layout.workers, layout.parameters)
        watcher.plan(PlanTold(order.sweep, plan, len(left), layout=layout, expected=expected, path=order.folder.path))
        warn_of_threads(order.folder, left, layout.threads, watcher.note)
        return None if plan_only else carry_out(order, plan, left, layout, watcher)


def plan_and_measure(order: SweepOrder, watcher: SweepWatcher) -> tuple[Plan, Layout]:
    """The plan and the layout; the machine is measured while the trials are resolved."""
    asked = (order.sweep, order.document, order.path)
    plan = plan_search(*asked) if order.sweep.search else None
    with ThreadPoolExecutor(1) as pool:
        cancelled = threading.Event()
        measured = pool.submit(find_layout, order, watcher.note, cancelled)
        try:
            return plan or make_plan(*asked), measured.result()
        finally:
            cancelled.set()


def trials_left(order: SweepOrder, plan: Plan, watcher: SweepWatcher) -> list[Trial]:
    """The trials that have no result, with stand-ins for those that a search or a tuning will come to.

    Raises:
        DataError: results are there of data that has changed since.
    """
    refuse_another_base(order.folder, plan)  # before a search looks into its study
    if order.sweep.search:
        left, known = expected_trials(order.sweep, order.document, order.path, order.folder, plan)
        refuse_changed_data(order.folder, known, watcher.note)
        return left
    if plan.tuning:
        left, known = trials_to_come(plan, order.folder)
        refuse_changed_data(order.folder, known, watcher.note)
        return left
    refuse_changed_data(order.folder, plan.trials, watcher.note)
    there = results(order.folder, plan.trials)
    return [trial for trial in plan.trials if there.get(trial.digest, (None, ""))[1] not in DONE]


def carry_out(order: SweepOrder, plan: Plan, left: Sequence[Trial], layout: Layout, watcher: SweepWatcher) -> Swept:
    """Train those trials of a plan that are left."""
    looks = {} if order.sweep.search else history_of_looks(order.folder, plan, order.sweep.looks, watcher.note)
    folder = prepare_sweep_folder(order.folder.path, plan, asked_for(order), looks)
    folder.write_status("running", **this_process(), engine=order.engine, **remembered(layout, left))
    source: Source | tuple[Trial, ...] = plan.trials
    if order.sweep.search:
        source = SearchSource(order.sweep, order.document, order.path, folder, plan)
    elif plan.tuning:
        source = TuningSource(plan, folder)
    progress = train(source, folder, make_engine(order, folder, left, layout), watcher, order.fail_fast)
    found = conclude_search(order.sweep.name, source) if isinstance(source, SearchSource) else None
    swept = conclude(folder, progress, found)
    if isinstance(source, TuningSource):
        swept = replace(swept, tuned=tuple(source.told()))
    if left:
        refuse_changed_data(folder, progress.trials.values(), watcher.note)  # it may have changed meanwhile
    return swept


def asked_for(order: SweepOrder) -> str:
    """The YAML of a sweep as it was written, below what --set changed in its base."""
    return "".join(f"# with --set {printable(text)}\n" for text in order.sweep.base_set) + order.document.text


def remembered(layout: Layout, left: Sequence[Trial]) -> dict[str, object]:
    """What the same command will not measure again; the size of a network only where its config does not tell it."""
    told: dict[str, object] = {
        "workers": layout.workers,
        "threads": layout.threads,
        "images_per_s": layout.images_per_s,
    }
    if any(parameters_of(trial.config) is None for trial in left):
        told["parameters"] = layout.parameters
    return told


def make_engine(order: SweepOrder, folder: SweepFolder, left: Sequence[Trial], layout: Layout) -> Engine:
    """Worker processes of this machine, or of the Ray cluster this process is connected to."""
    asked = read_jobs(order.jobs)
    most = asked[0] if asked else layout.workers if order.engine == "local" else len(left)  # a cluster may grow
    workers = min(most, max(len(left), 1))
    if order.engine == "local":
        return LocalEngine(workers, layout.threads, folder.runs)
    from aecli.sweep.engines.ray_engine import RayEngine

    is_gpu = any(trial.config.training.device.startswith("cuda") for trial in left)
    return RayEngine(workers, layout.threads, folder.runs, is_gpu=is_gpu)


def train(
    trials: Sequence[Trial] | Source, folder: SweepFolder, engine: Engine, watcher: TrialWatcher, fail_fast: bool
) -> SweepProgress:
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


def conclude(folder: SweepFolder, progress: SweepProgress, found: SearchResult | None = None) -> Swept:
    """Write down how it ended."""
    is_whole = progress.is_over and not progress.failed and (found is None or bool(found.best))
    folder.write_status("completed" if is_whole else "failed", counts=progress.counts)
    return Swept(
        folder,
        trials=len(progress.trials),
        completed=sum(outcome.kind == COMPLETED for outcome in progress.outcomes.values()),
        failed=tuple(progress.failed),
        is_whole=is_whole,
        untried=max(0, progress.source.total - progress.done),
        found=found,
    )
