"""Handing out trials until each has its result: who is free gets the next one that nobody else has."""

import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aecli.errors import InterruptedRun, RunFolderError
from aecli.runs.folder import RunFolder
from aecli.runs.interrupts import Interrupts, watch_interrupts
from aecli.sweep.engines.engine import Engine
from aecli.sweep.engines.messages import EpochDone, TrialEvent
from aecli.sweep.planning.trial import Trial
from aecli.sweep.progress import SweepProgress, look, outcome_of_run
from aecli.sweep.record.claims import HEARTBEAT_S, Claims
from aecli.sweep.record.outcome import FAILED, INTERRUPTED, TrialOutcome
from aecli.sweep.record.run_index import DONE, RunIndex, remove_unborn
from aecli.sweep.record.sweep_folder import SweepFolder, this_process
from aecli.sweep.sources import PlanSource, Source
from aecli.sweep.watching import TrialWatcher

LOOK_AGAIN_S = 2.0
"""Seconds between two looks at what other processes have done meanwhile."""
TRIES, TRIES_OF_LOST = 2, 5
"""How often a trial is tried when its machine fails, and when it vanishes: nodes of a cluster may come and go."""
MOST_MISHAPS = 4
"""So many trials may fail one after the other because of the machine, as on a full disk; then all others would too."""


@dataclass
class Shift:
    """Everyone who takes part while trials are trained, and what is known so far."""

    progress: SweepProgress
    folder: SweepFolder
    engine: Engine
    watcher: TrialWatcher
    claims: Claims
    index: RunIndex
    last_beat: float = 0.0
    next_try: float = 0.0


def run_trials(
    trials: Sequence[Trial] | Source,
    folder: SweepFolder,
    engine: Engine,
    watcher: TrialWatcher,
    *,
    fail_fast: bool = False,
) -> SweepProgress:
    """Train every trial that has no result yet.

    Other processes may work on the same folder: what they hold is left to them, and looked at again until it is done or
    they are dead.

    Args:
        trials: all of them, or a search that makes them.
        folder: of the sweep.
        engine: trains them.
        watcher: is told.
        fail_fast: stop at the first trial that fails.

    Returns: what became of each.

    Raises:
        InterruptedRun: SIGINT or SIGTERM; every trial has a checkpoint.
    """
    claims = Claims(folder.claims)
    progress = SweepProgress(PlanSource(tuple(trials)) if isinstance(trials, Sequence) else trials)
    shift = Shift(progress, folder, engine, watcher, claims, index=RunIndex(folder))
    with watch_interrupts() as interrupts:
        remove_unborn(folder, claims)
        look(progress, folder)
        watcher.begin(progress.source.total, progress.done)
        try:
            drive(shift, interrupts, fail_fast)
        finally:
            for event in engine.stop():
                settle(shift, event)
            for digest in list(claims.mine):
                claims.release(digest)
            remove_unborn(folder, claims)
    if interrupts.received:
        name = signal.Signals(interrupts.received).name
        raise InterruptedRun(f"stopped by {name}; go on with the same command", interrupts.received)
    return progress


def drive(shift: Shift, interrupts: Interrupts, fail_fast: bool) -> None:
    """Hand out and listen until all have an outcome, a signal comes, one failed and is enough, or the machine fails."""
    progress = shift.progress
    failed_before = len(progress.failed)
    while not progress.is_over and not interrupts.received:
        if has_work(shift) and time.monotonic() >= shift.next_try:
            hand_out_all(shift)
        if time.monotonic() - shift.last_beat > HEARTBEAT_S:
            beat(shift)
        ended = len(progress.outcomes)
        for event in shift.engine.events():
            settle(shift, event)
        if len(progress.outcomes) > ended:
            shift.last_beat = 0.0  # status.json tells of it at once
        if progress.mishaps >= MOST_MISHAPS or (fail_fast and len(progress.failed) > failed_before):
            return


def has_work(shift: Shift) -> bool:
    """Whether a worker is free and there may be a trial for it."""
    return bool(shift.engine.free and (shift.progress.waiting or shift.progress.source.has_more()))


def beat(shift: Shift) -> None:
    """Show that this sweep lives, and how far it is."""
    shift.last_beat = time.monotonic()
    with suppress(RunFolderError):  # a full disk is met soon enough by a trial; this is only a sign of life
        shift.claims.beat()
        shift.folder.write_status("running", **this_process(), counts=shift.progress.counts)


def hand_out_all(shift: Shift) -> None:
    """Give out what waits, then what the source still has; what is left then is held by other processes."""
    hand_out(shift)
    while shift.engine.free and (new := shift.progress.source.more()):
        shift.progress.enrol(new)
        hand_out(shift)
    if shift.engine.free and shift.progress.waiting:
        shift.watcher.elsewhere(len(shift.progress.waiting))
        shift.next_try = time.monotonic() + LOOK_AGAIN_S


def hand_out(shift: Shift) -> None:
    """Give trials that nobody has to workers that are free."""
    waiting, held = shift.progress.waiting, []
    while shift.engine.free and waiting:
        trial = waiting.pop(0)
        if not shift.claims.take(trial.digest, shift.engine.next_pid) or not take_on(shift, trial):
            held.append(trial)
    waiting += held


def take_on(shift: Shift, trial: Trial) -> bool:
    """Train a trial that was just claimed, unless it has its end; return whether nobody else is at it."""
    shift.index.refresh()  # after the claim: what others have finished is seen
    run, status = shift.index.best(trial.digest)
    if run is not None and status in DONE:
        finish(shift, outcome_of_run(trial.digest, run, status))
    elif status == "running":  # `aecli resume` has it, or a worker whose sweep was killed
        shift.claims.release(trial.digest)
        return False
    elif known := shift.progress.source.known(trial, run):
        finish(shift, known)
    else:
        shift.progress.tries[trial.digest] = shift.progress.tries.get(trial.digest, 0) + 1
        shift.engine.submit(trial, run.path if run is not None else None)
        shift.watcher.started(trial)
    return True


def finish(shift: Shift, outcome: TrialOutcome) -> None:
    """A trial has its end; others may look at it only when that is written down."""
    shift.progress.note(outcome)
    shift.claims.release(outcome.digest)
    shift.watcher.finished(shift.progress.trials[outcome.digest], outcome, shift.progress.done)


def settle(shift: Shift, event: TrialEvent) -> None:
    """Take note of what an engine told."""
    progress = shift.progress
    if isinstance(event, EpochDone):
        shift.watcher.epoch(progress.trials[event.digest], event.epoch, event.epochs, event.metrics)
        if progress.source.epoch(event.digest, event.epoch, event.metrics):
            shift.engine.prune(event.digest)
    elif event.outcome.kind == INTERRUPTED or is_tried_again(progress, event.outcome):
        shift.claims.release(event.outcome.digest)  # by a signal to the worker alone, or someone else is at it
        progress.waiting.append(progress.trials[event.outcome.digest])
    else:
        finish(shift, event.outcome)


def is_tried_again(progress: SweepProgress, outcome: TrialOutcome) -> bool:
    """Whether a trial failed because of its machine, and not too often."""
    if outcome.kind != FAILED or not outcome.is_machine:
        return False
    most = TRIES_OF_LOST if outcome.is_lost else TRIES
    return progress.tries[outcome.digest] < most and is_given_back(outcome)


def is_given_back(outcome: TrialOutcome) -> bool:
    """Whether the run of a trial that failed can be taken up again.

    A full disk leaves it `running` for as long as its worker lives, who would be waited for; that is put right here, or
    not.
    """
    if outcome.run is None:
        return True
    run = RunFolder(Path(outcome.run))
    try:
        if run.read_status().get("status") == "running":
            run.write_status("interrupted", reason=outcome.reason)
    except RunFolderError:
        return False
    return True
