"""Worker processes on this machine: who is idle gets the next trial, who dies is replaced."""

import multiprocessing
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from aecli.errors import AecliError, UsageError, known
from aecli.sweep.engines.messages import FromWorker, Ready, StopTrial, TrainTrial, TrialDone, TrialEvent, Unfit
from aecli.sweep.engines.outside import registered_outside, script_left_out
from aecli.sweep.engines.worker import main
from aecli.sweep.planning.trial import Trial
from aecli.sweep.record.outcome import FAILED, INTERRUPTED, TrialOutcome

POLL_S = 0.5
GRACE_S = 30.0
"""Seconds a worker has to write its checkpoint after it was asked to stop."""
MOST_STILLBORN = 4
"""So many workers may die one after the other before the first is ready."""


@dataclass
class Worker:
    """One process and what it is doing."""

    process: SpawnProcess
    connection: Connection
    is_ready: bool = False
    trial: Trial | None = None


class LocalEngine:
    """Trains trials in processes of this machine.

    Args:
        workers: how many processes.
        threads: of each.
        runs: the folder of the runs.
    """

    def __init__(self, workers: int, threads: int, runs: Path) -> None:
        self.context = multiprocessing.get_context("spawn")
        self.threads = threads
        self.runs = runs
        self.stillborn = 0
        self.outside = registered_outside()
        self.workers = [self.start() for _ in range(workers)]

    def start(self) -> Worker:
        """A new worker process."""
        ours, theirs = self.context.Pipe()
        arguments = (theirs, self.threads, str(self.runs), self.outside)
        process = self.context.Process(target=main, args=arguments, daemon=False)
        with signals_held_back(), script_left_out():
            process.start()
        theirs.close()
        return Worker(process, ours)

    @property
    def free(self) -> int:
        """How many more trials can be submitted now."""
        return sum(worker.trial is None for worker in self.workers)

    @property
    def next_pid(self) -> int:
        """The process that will get the next trial."""
        return known(self.next_worker().process.pid)

    def next_worker(self) -> Worker:
        """The free worker that is readiest."""
        return min((worker for worker in self.workers if worker.trial is None), key=lambda worker: not worker.is_ready)

    def submit(self, trial: Trial, resumable: Path | None) -> None:
        """Give a trial to the next worker."""
        worker = self.next_worker()
        worker.trial = trial
        with suppress(OSError):  # it died just now; `events` will find out
            earlier = str(resumable) if resumable else None
            worker.connection.send(TrainTrial(trial.digest, trial.config.plain(), earlier))

    def prune(self, digest: str) -> None:
        """Stop a trial after its current epoch."""
        for worker in self.workers:
            if worker.trial and worker.trial.digest == digest:
                with suppress(OSError):
                    worker.connection.send(StopTrial())

    def events(self, timeout_s: float = POLL_S) -> Iterator[TrialEvent]:
        """What happened; waits at most so long.

        Raises:
            UsageError: a worker cannot import what it needs.
            AecliError: one worker after the other dies at its start.
        """
        there = set(wait([worker.connection for worker in self.workers], timeout_s))
        for worker in [worker for worker in self.workers if worker.connection in there]:
            try:
                message = worker.connection.recv()
            except (EOFError, ConnectionResetError, OSError):
                yield from self.replace(worker)
                continue
            yield from self.hear(worker, message)

    def hear(self, worker: Worker, message: FromWorker) -> Iterator[TrialEvent]:
        """Take note of what a worker said.

        Raises:
            UsageError: it cannot import what it needs.
        """
        if isinstance(message, Unfit):
            raise UsageError(message.reason)
        if isinstance(message, Ready):
            worker.is_ready, self.stillborn = True, 0
        if isinstance(message, TrialDone):
            worker.trial = None
        if isinstance(message, TrialEvent):
            yield message

    def replace(self, worker: Worker) -> Iterator[TrialEvent]:
        """Start another process for one that died, and tell of the trial that died with it.

        Raises:
            AecliError: one worker after the other dies at its start.
        """
        worker.process.join()
        worker.connection.close()
        self.stillborn += not worker.is_ready
        if self.stillborn >= MOST_STILLBORN:
            raise AecliError(f"the worker processes die as they start: the last one {death(worker.process.exitcode)}")
        self.workers[self.workers.index(worker)] = self.start()
        if worker.trial is not None:
            reason = f"its worker process {death(worker.process.exitcode)}"
            yield TrialDone(TrialOutcome(worker.trial.digest, FAILED, None, reason, is_machine=True))

    def stop(self) -> Iterator[TrialEvent]:
        """Ask every worker to stop with a checkpoint, and tell what became of their trials."""
        for worker in self.workers:
            worker.process.terminate()
        deadline = time.monotonic() + GRACE_S
        for worker in self.workers:
            yield from self.last_words(worker, deadline)
        self.close()

    def last_words(self, worker: Worker, deadline: float) -> Iterator[TrialEvent]:
        """The outcome of a worker's trial, as far as it can still tell."""
        try:
            while worker.trial and worker.connection.poll(max(0.0, deadline - time.monotonic())):
                message = worker.connection.recv()
                if isinstance(message, TrialDone):
                    worker.trial = None
                    yield message
        except (EOFError, ConnectionResetError, OSError):
            pass
        if worker.trial is not None:
            yield TrialDone(TrialOutcome(worker.trial.digest, INTERRUPTED, None, "stopped"))
            worker.trial = None

    def close(self) -> None:
        """End all processes."""
        for worker in self.workers:
            worker.connection.close()
        for worker in self.workers:
            worker.process.join(5)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()


@contextmanager
def signals_held_back() -> Iterator[None]:
    """A process that is started inside begins without SIGINT and SIGTERM, until it can meet them; it inherits this."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # its own start would end the holding back
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def death(code: int | None) -> str:
    """`was killed by SIGKILL` for -9."""
    if code is not None and code < 0:
        with suppress(ValueError):
            return f"was killed by {signal.Signals(-code).name}" + ", perhaps for want of memory" * (code == -9)
    return f"ended with exit code {code}"
