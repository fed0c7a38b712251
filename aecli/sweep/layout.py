"""How many workers a sweep gets, with how many threads: asked for, remembered from its beginning, or measured.

The number of threads decides the last bits of every run, so it does not change within a sweep by itself.
"""

import threading
from collections.abc import Callable, Sequence
from typing import TypeGuard

from aecli.config.load import validate
from aecli.config.schema import Config
from aecli.cores import usable_cores
from aecli.errors import UsageError
from aecli.files.json_files import read_json
from aecli.sweep.engines.calibration import Layout, calibrate, divisions
from aecli.sweep.engines.ray_cluster import room_for
from aecli.sweep.order import SweepOrder, read_jobs
from aecli.sweep.planning.plan import read_base
from aecli.sweep.planning.trial import Trial
from aecli.sweep.record.sweep_folder import SweepFolder, has_runs

MOST_PER_CORE = 16
"""Workers on each core; more would only fight for memory."""


def find_layout(order: SweepOrder, tell: Callable[[str], None], cancelled: threading.Event) -> Layout:
    """The layout of a sweep on its engine.

    Args:
        order: the sweep.
        tell: is told each speed that is measured.
        cancelled: set from elsewhere where nobody waits for the answer any more.

    Raises:
        UsageError: too many workers, no node has room for one, or a worker cannot import what it needs.
    """
    find = layout_of_cluster if order.engine == "ray" else layout_of_machine
    return find(order, tell, cancelled)


def layout_of_machine(order: SweepOrder, tell: Callable[[str], None], cancelled: threading.Event) -> Layout:
    """Workers of this machine; a sweep that is taken up keeps what it began with."""
    asked, cores = read_jobs(order.jobs), usable_cores()
    if asked and asked[0] > MOST_PER_CORE * cores:
        most = MOST_PER_CORE * cores
        raise UsageError(f"--jobs {order.jobs}: at most {most} workers on the {cores} cores of this machine")
    old = read_json(order.folder.status) or {}
    threads = old.get("threads")
    if old.get("engine") == "ray" and is_count(threads):  # the workers were those of a cluster
        asked = asked or (max(1, cores // threads), threads)
    elif (kept := layout_before(old)) and asked in (None, (kept.workers, kept.threads)):
        return kept
    return calibrate(base_of(order).plain(), [asked] if asked else divisions(cores), cores, tell, cancelled)


def layout_before(status: dict[str, object]) -> Layout | None:
    """What a sweep on this machine began with; None where its status does not say that."""
    workers, threads, speed, parameters = map(status.get, ("workers", "threads", "images_per_s", "parameters"))
    if not (is_count(workers) and is_count(threads) and isinstance(speed, (int, float))):
        return None
    return Layout(workers, threads, speed, parameters if isinstance(parameters, int) else None)


def is_count(value: object) -> TypeGuard[int]:
    """Whether a file that anybody may have edited gives a number of workers or threads."""
    return isinstance(value, int) and 1 <= value <= MOST_PER_CORE * usable_cores()


def layout_of_cluster(order: SweepOrder, tell: Callable[[str], None], cancelled: threading.Event) -> Layout:
    """A worker on every CPU of the cluster if `jobs` does not say; the speed of one is measured here."""
    old = read_json(order.folder.status) or {}
    asked, kept, speed, parameters = read_jobs(order.jobs), *map(old.get, ("threads", "images_per_s", "parameters"))
    threads = asked[1] if asked and "x" in order.jobs else kept if isinstance(kept, int) and kept > 0 else 1
    base = base_of(order)
    room = room_for(threads, base.training.device.startswith("cuda"))
    workers = min(room, asked[0]) if asked else room
    if threads == kept and isinstance(speed, (int, float)):
        return Layout(workers, threads, speed, parameters if isinstance(parameters, int) else None)
    measured = calibrate(base.plain(), [(1, threads)], threads, tell, cancelled)
    return Layout(workers, threads, measured.images_per_s, measured.parameters)


def base_of(order: SweepOrder) -> Config:
    """The config that is varied, checked."""
    return validate(read_base(order.sweep, order.document, order.path))


def warn_of_threads(folder: SweepFolder, left: Sequence[Trial], threads: int, tell: Callable[[str], None]) -> None:
    """Another number of threads adds in another order, so runs made now have other last bits than those made before."""
    status = folder.read_status()
    before, workers = status.get("threads"), "N" if status.get("engine") == "ray" else status.get("workers")
    if before in (None, threads) or not has_runs(folder) or all(trial.config.training.threads for trial in left):
        return
    tell(
        f"warning: {before} thread{'s' * (before != 1)} per worker so far, {threads} now: the last bits of runs differ "
        f"between the two; --jobs {workers}x{before} keeps to it"
    )
