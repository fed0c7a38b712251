"""Worker processes on this machine: who is idle gets the next trial, who dies is replaced."""

import multiprocessing
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from aecli.errors import AecliError
from aecli.sweep.engines.calibration import SECONDS, layouts
from aecli.sweep.engines.work import FAILED, INTERRUPTED, Outcome
from aecli.sweep.planning.trial import Trial

POLL_S = 0.5
GRACE_S = 30.0
"""Seconds a worker has to write its checkpoint after it was asked to stop."""
MOST_STILLBORN = 4
"""So many workers may die one after the other before the first is ready."""
START_S = 120.0
"""Seconds a worker may take to load torch and to be measured for the first time."""
CANCEL_S = 0.1
"""Seconds until a measurement notices that nobody waits for it."""
MEASURE_S = 8 * SECONDS
"""Seconds a way to divide the cores has to show its speed; a much slower one is not worth the wait."""


@dataclass
class Worker:
    """One process and what it is doing."""

    process: Any
    connection: Any
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
        self.workers = [self.start() for _ in range(workers)]

    def start(self) -> Worker:
        """A new worker process."""
        from aecli.sweep.engines.worker import main

        ours, theirs = self.context.Pipe()
        process = self.context.Process(target=main, args=(theirs, self.threads, str(self.runs)), daemon=False)
        with signals_held_back():
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
        return self.next_worker().process.pid

    def next_worker(self) -> Worker:
        """The free worker that is readiest."""
        return min((worker for worker in self.workers if worker.trial is None), key=lambda worker: not worker.is_ready)

    def submit(self, trial: Trial, resumable: Path | None) -> None:
        """Give a trial to the next worker."""
        worker = self.next_worker()
        worker.trial = trial
        with suppress(OSError):  # it died just now; `events` will find out
            worker.connection.send(("work", trial.digest, trial.config.plain(), str(resumable) if resumable else None))

    def prune(self, digest: str) -> None:
        """Stop a trial after its current epoch."""
        for worker in self.workers:
            if worker.trial and worker.trial.digest == digest:
                with suppress(OSError):
                    worker.connection.send(("prune",))

    def events(self, timeout_s: float = POLL_S) -> Iterator[tuple[Any, ...]]:
        """What happened: ("epoch", digest, epoch, epochs, metrics) and ("done", outcome); waits at most so long."""
        by_handle = {worker.connection: worker for worker in self.workers}
        for handle in wait(list(by_handle), timeout_s):
            worker = by_handle[handle]
            try:
                message = worker.connection.recv()
            except (EOFError, ConnectionResetError, OSError):
                yield from self.replace(worker)
                continue
            if message[0] == "ready":
                worker.is_ready, self.stillborn = True, 0
            elif message[0] == "done":
                worker.trial = None
                yield message
            else:
                yield message

    def replace(self, worker: Worker) -> Iterator[tuple[Any, ...]]:
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
            yield ("done", Outcome(worker.trial.digest, FAILED, None, reason, is_machine=True))

    def stop(self) -> Iterator[tuple[Any, ...]]:
        """Ask every worker to stop with a checkpoint, and tell what became of their trials."""
        for worker in self.workers:
            worker.process.terminate()
        deadline = time.monotonic() + GRACE_S
        for worker in self.workers:
            yield from self.last_words(worker, deadline)
        self.close()

    def last_words(self, worker: Worker, deadline: float) -> Iterator[tuple[Any, ...]]:
        """The outcome of a worker's trial, as far as it can still tell."""
        try:
            while worker.trial and worker.connection.poll(max(0.0, deadline - time.monotonic())):
                message = worker.connection.recv()
                if message[0] == "done":
                    worker.trial = None
                    yield message
        except (EOFError, ConnectionResetError, OSError):
            pass
        if worker.trial is not None:
            yield ("done", Outcome(worker.trial.digest, INTERRUPTED, None, "stopped"))
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
    """Let a process that is started inside begin without SIGINT and SIGTERM, until it can handle them; it inherits this."""
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
            return f"was killed by {signal.Signals(-code).name}" + (
                ", perhaps for want of memory" if code == -9 else ""
            )
    return f"ended with exit code {code}"


def calibrate(
    config: dict[str, Any],
    choices: Sequence[tuple[int, int]] | None,
    cores: int,
    tell: Callable[[str], None],
    cancelled: threading.Event,
) -> tuple[int, int, float | None]:
    """Measure ways to divide the cores among workers, on the config itself.

    Args:
        config: what is trained, as plain data.
        choices: (workers, threads of each) to measure; the sensible ones if not given.
        cores: of this machine.
        tell: is told each speed.
        cancelled: set from elsewhere where nobody waits for the answer any more.

    Returns: workers, threads of each, and the images per second of one worker in the fastest way.
    """
    choices = choices or layouts(cores)
    best: tuple[float, int, int, float | None] = (-1.0, *choices[0], None)
    engine = LocalEngine(min(max(workers for workers, _ in choices), cores), 1, Path())
    try:
        for number, (workers, threads) in enumerate(choices):
            speeds = measure(engine.workers[:workers], config, threads, MEASURE_S if number else START_S, cancelled)
            if cancelled.is_set():
                break
            if all(speed is not None for speed in speeds):
                total = sum(speeds)
                tell(
                    f"{workers} worker{'s' * (workers != 1)} x {threads} thread{'s' * (threads != 1)}: {total:,.0f} images/s"
                )
                best = max(best, (total, workers, threads, speeds[0]), key=lambda one: one[0])
    finally:
        for worker in engine.workers:
            worker.process.kill()  # they have nothing to save
        engine.close()
    return best[1], best[2], best[3]


def measure(
    workers: Sequence[Worker], config: dict[str, Any], threads: int, patience_s: float, cancelled: threading.Event
) -> list[float | None]:
    """Images per second of each of some workers that train at the same time; None for one that takes too long or died."""
    for worker in workers:
        with suppress(OSError):
            worker.connection.send(("measure", config, threads, SECONDS))
    deadline = time.monotonic() + patience_s
    return [receive_speed(worker, deadline, cancelled) for worker in workers]


def receive_speed(worker: Worker, deadline: float, cancelled: threading.Event) -> float | None:
    """What a worker measured; None if there is nothing until the deadline."""
    with suppress(EOFError, OSError):
        while not cancelled.is_set() and time.monotonic() < deadline:
            if worker.connection.poll(CANCEL_S) and (message := worker.connection.recv())[0] == "speed":
                return message[1]
    return None
