"""Handing out trials until each has its result: who is free gets the next one that nobody else has."""

import os
import signal
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from aecli.errors import InterruptedRun, RunFolderError
from aecli.runs.folder import RunFolder
from aecli.runs.interrupts import Interrupts, watch_interrupts
from aecli.runs.processes import birth
from aecli.sweep.engines.work import FAILED, INTERRUPTED, Outcome
from aecli.sweep.planning.trial import Trial
from aecli.sweep.record.claims import HEARTBEAT_S, Claims
from aecli.sweep.record.sweep_folder import DONE, RunIndex, SweepFolder, remove_unborn, results
from aecli.sweep.sources import Planned, Source

LOOK_AGAIN_S = 2.0
"""Seconds between two looks at what other processes have done meanwhile."""
TRIES, TRIES_OF_LOST = 2, 5
"""How often a trial is tried when its machine fails, and when it vanishes: nodes of a cluster may come and go."""
MOST_MISHAPS = 4
"""So many trials may fail one after the other because of the machine, as on a full disk; then all others would too."""


class Engine(Protocol):
    """Where trials are trained."""

    @property
    def free(self) -> int:
        """How many more trials can be submitted now."""

    @property
    def next_pid(self) -> int:
        """The process of this host that will answer for the next trial."""

    def submit(self, trial: Trial, resumable: Path | None) -> None:
        """Start a trial."""

    def prune(self, digest: str) -> None:
        """Stop a trial after its current epoch."""

    def events(self) -> Any:
        """What happened since the last call; waits a moment."""

    def stop(self) -> Any:
        """Stop everything with checkpoints; what became of it."""

    def close(self) -> None:
        """Give the processes back."""


class Watcher(Protocol):
    """Someone who watches a sweep."""

    def begin(self, total: int, done: int) -> None:
        """The sweep starts."""

    def started(self, trial: Trial) -> None:
        """A trial was handed out."""

    def epoch(self, trial: Trial, epoch: int, epochs: int, metrics: dict[str, float]) -> None:
        """A trial finished an epoch."""

    def finished(self, trial: Trial, outcome: Outcome, done: int) -> None:
        """A trial ended."""

    def elsewhere(self, count: int) -> None:
        """So many trials are being worked on by other processes."""


@dataclass
class Progress:
    """How far a sweep is."""

    source: Source
    trials: dict[str, Trial] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)
    waiting: list[Trial] = field(default_factory=list)
    mishaps: int = 0
    """Trials in a row that failed because of the machine."""

    @property
    def failed(self) -> list[tuple[Trial, Outcome]]:
        """The trials without a good end."""
        return [
            (self.trials[digest], outcome)
            for digest, outcome in self.outcomes.items()
            if outcome.kind not in self.source.accepted
        ]

    @property
    def done(self) -> int:
        """How many trials have their end."""
        return len(self.outcomes) + self.source.spared

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do."""
        return len(self.outcomes) >= len(self.trials) and not self.source.has_more()

    def enrol(self, trials: Sequence[Trial]) -> None:
        """Take up trials that have to be trained."""
        self.trials |= {trial.digest: trial for trial in trials}
        self.waiting += trials

    def note(self, outcome: Outcome) -> None:
        """A trial has its end."""
        self.outcomes[outcome.digest] = outcome
        self.mishaps = self.mishaps + 1 if outcome.kind == FAILED and outcome.is_machine else 0
        self.source.tell(outcome)


def run_trials(
    trials: Sequence[Trial] | Source, folder: SweepFolder, engine: Engine, watcher: Watcher, *, fail_fast: bool = False
) -> Progress:
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
    progress = Progress(Planned(tuple(trials)) if isinstance(trials, Sequence) else trials)
    with watch_interrupts() as interrupts:
        remove_unborn(folder, claims)
        look(progress, folder)
        watcher.begin(progress.source.total, progress.done)
        try:
            drive(progress, folder, engine, watcher, claims, interrupts, fail_fast)
        finally:
            for event in engine.stop():
                settle(progress, event, engine, watcher, claims)
            for digest in list(claims.mine):
                claims.release(digest)
            remove_unborn(folder, claims)
    if interrupts.received:
        name = signal.Signals(interrupts.received).name
        raise InterruptedRun(f"stopped by {name}; go on with the same command", interrupts.received)
    return progress


def drive(
    progress: Progress,
    folder: SweepFolder,
    engine: Engine,
    watcher: Watcher,
    claims: Claims,
    interrupts: Interrupts,
    fail_fast: bool,
) -> None:
    """Hand out and listen until everything has an outcome, a signal comes, one failed and that is enough, or the machine fails."""
    index = RunIndex(folder)
    last_beat, next_try, failed_before = 0.0, 0.0, len(progress.failed)
    while not progress.is_over and not interrupts.received:
        if engine.free and (progress.waiting or progress.source.has_more()) and time.monotonic() >= next_try:
            hand_out(progress, index, engine, watcher, claims)
            while engine.free and (new := progress.source.more()):
                progress.enrol(new)
                hand_out(progress, index, engine, watcher, claims)
            if engine.free and progress.waiting:  # what is left is held by other processes
                watcher.elsewhere(len(progress.waiting))
                next_try = time.monotonic() + LOOK_AGAIN_S
        if time.monotonic() - last_beat > HEARTBEAT_S:
            last_beat = time.monotonic()
            with suppress(RunFolderError):  # a full disk is met soon enough by a trial; this is only a sign of life
                claims.beat()
                folder.write_status("running", **process(), counts=count(progress))
        ended = len(progress.outcomes)
        for event in engine.events():
            settle(progress, event, engine, watcher, claims)
        if len(progress.outcomes) > ended:
            last_beat = 0.0  # status.json tells of it at once
        if progress.mishaps >= MOST_MISHAPS or (fail_fast and len(progress.failed) > failed_before):
            return


def process() -> dict[str, Any]:
    """This process, for status.json."""
    return {"pid": os.getpid(), "born": birth(os.getpid()), "host": socket.gethostname()}


def count(progress: Progress) -> dict[str, int]:
    """How many trials there are of each kind."""
    counts = {"trials": len(progress.trials)}
    for outcome in progress.outcomes.values():
        counts[outcome.kind] = counts.get(outcome.kind, 0) + 1
    return counts


def look(progress: Progress, folder: SweepFolder) -> None:
    """Read what there is on disk: what has a result, and what waits."""
    progress.enrol(progress.source.begin())
    progress.outcomes = progress.source.ended
    unknown = [trial for trial in progress.trials.values() if trial.digest not in progress.outcomes]
    for digest, (run, status) in results(folder, unknown).items():
        if status in DONE:
            progress.note(outcome_of(digest, run, status))
    progress.waiting = [trial for trial in unknown if trial.digest not in progress.outcomes]


def outcome_of(digest: str, run: RunFolder, status: str) -> Outcome:
    """What a run folder says of its trial."""
    return Outcome(digest, status, str(run.path), str(run.read_status().get("reason") or ""))


def hand_out(progress: Progress, index: RunIndex, engine: Engine, watcher: Watcher, claims: Claims) -> None:
    """Give trials that nobody has to workers that are free."""
    held: list[Trial] = []
    while engine.free and progress.waiting:
        trial = progress.waiting.pop(0)
        if not claims.take(trial.digest, engine.next_pid):
            held.append(trial)
            continue
        index.refresh()  # after the claim: what others have finished is seen
        run, status = index.best(trial.digest)
        if status in DONE:
            finish(progress, outcome_of(trial.digest, run, status), watcher, claims)
        elif status == "running":  # `aecli resume` has it, or a worker whose sweep was killed
            claims.release(trial.digest)
            held.append(trial)
        elif known := progress.source.known(trial, run):
            finish(progress, known, watcher, claims)
        else:
            progress.tries[trial.digest] = progress.tries.get(trial.digest, 0) + 1
            engine.submit(trial, run.path if run is not None else None)
            watcher.started(trial)
    progress.waiting += held


def finish(progress: Progress, outcome: Outcome, watcher: Watcher, claims: Claims) -> None:
    """A trial has its end; others may look at it only when that is written down."""
    progress.note(outcome)
    claims.release(outcome.digest)
    watcher.finished(progress.trials[outcome.digest], outcome, progress.done)


def is_given_back(outcome: Outcome) -> bool:
    """Whether the run of a trial that failed can be taken up again.

    A full disk leaves it `running` for as long as its worker lives, who would be waited for; that is put right here, or not.
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


def settle(progress: Progress, event: tuple[Any, ...], engine: Engine, watcher: Watcher, claims: Claims) -> None:
    """Take note of what an engine told."""
    if event[0] == "epoch":
        _, digest, epoch, epochs, metrics = event
        watcher.epoch(progress.trials[digest], epoch, epochs, metrics)
        if progress.source.epoch(digest, epoch, metrics):
            engine.prune(digest)
        return
    outcome: Outcome = event[1]
    trial = progress.trials[outcome.digest]
    if outcome.kind == INTERRUPTED:  # by a signal to the worker alone, or someone else is at it
        claims.release(outcome.digest)
        progress.waiting.append(trial)
        return
    most = TRIES_OF_LOST if outcome.is_lost else TRIES
    if (
        outcome.kind == FAILED
        and outcome.is_machine
        and progress.tries[outcome.digest] < most
        and is_given_back(outcome)
    ):
        claims.release(outcome.digest)
        progress.waiting.append(trial)
        return
    finish(progress, outcome, watcher, claims)
