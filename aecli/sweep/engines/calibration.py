"""How many workers with how many threads suit this machine: some ways are measured, and the fastest is taken."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aecli.errors import UsageError
from aecli.sweep.engines.local import LocalEngine, Worker
from aecli.sweep.engines.messages import MeasureSpeed, Speed, Unfit
from aecli.sweep.engines.speed import SECONDS

START_S = 120.0
"""Seconds a worker may take to load torch and to be measured for the first time."""
CANCEL_S = 0.1
"""Seconds until a measurement notices that nobody waits for it."""
MEASURE_S = 8 * SECONDS
"""Seconds a way to divide the cores has to show its speed; a much slower one is not worth the wait."""
UNKNOWN = Speed(None, None)


@dataclass(frozen=True)
class Layout:
    """Workers of a sweep, and how fast they are."""

    workers: int
    threads: int
    """Of each."""
    images_per_s: float | None
    """Of one worker; None where that could not be measured."""
    parameters: int | None = None
    """Of the base's network; None where that was not counted."""


def divisions(cores: int) -> list[tuple[int, int]]:
    """The ways to divide cores among workers: (workers, threads of each).

    Example:
        >>> divisions(4)
        [(4, 1), (2, 2), (1, 4)]
    """
    found, workers = [], cores
    while workers >= 1:
        found.append((workers, cores // workers))
        workers //= 2
    return found


def calibrate(
    config: dict[str, object],
    choices: Sequence[tuple[int, int]],
    cores: int,
    tell: Callable[[str], None],
    cancelled: threading.Event,
) -> Layout:
    """Measure ways to divide the cores among workers, on the config itself.

    Args:
        config: what is trained, as plain data.
        choices: (workers, threads of each) to measure.
        cores: of this machine.
        tell: is told each speed.
        cancelled: set from elsewhere where nobody waits for the answer any more.

    Returns: the fastest way, or the first one where none could be measured.

    Raises:
        UsageError: a worker cannot import what it needs.
    """
    best, most = Layout(*choices[0], None), -1.0
    engine = LocalEngine(min(max(workers for workers, _ in choices), cores), 1, Path())
    try:
        for number, (workers, threads) in enumerate(choices):
            asked = MeasureSpeed(config, threads, SECONDS)
            speeds = ask_speeds(engine.workers[:workers], asked, MEASURE_S if number else START_S, cancelled)
            if cancelled.is_set():
                break
            rates = [speed.images_per_s for speed in speeds if speed.images_per_s is not None]
            if len(rates) == len(speeds):
                tell(f"{plural(workers, 'worker')} x {plural(threads, 'thread')}: {sum(rates):,.0f} images/s")
                if sum(rates) > most:
                    best, most = Layout(workers, threads, rates[0], speeds[0].parameters), sum(rates)
    finally:
        for worker in engine.workers:
            worker.process.kill()  # they have nothing to save
        engine.close()
    return best


def plural(count: int, noun: str) -> str:
    """`1 worker`, `2 workers`."""
    return f"{count} {noun}{'s' * (count != 1)}"


def ask_speeds(
    workers: Sequence[Worker], asked: MeasureSpeed, patience_s: float, cancelled: threading.Event
) -> list[Speed]:
    """How fast each of some workers trains while the others do so too; unknown of one that takes too long or died.

    Raises:
        UsageError: one cannot import what it needs.
    """
    for worker in workers:
        with suppress(OSError):
            worker.connection.send(asked)
    deadline = time.monotonic() + patience_s
    return [receive_speed(worker, deadline, cancelled) for worker in workers]


def receive_speed(worker: Worker, deadline: float, cancelled: threading.Event) -> Speed:
    """What a worker measured; unknown if there is nothing until the deadline.

    Raises:
        UsageError: it cannot import what it needs.
    """
    with suppress(EOFError, OSError):
        while not cancelled.is_set() and time.monotonic() < deadline:
            if not worker.connection.poll(CANCEL_S):
                continue
            message = worker.connection.recv()
            if isinstance(message, Unfit):
                raise UsageError(message.reason)
            if isinstance(message, Speed):
                return message
    return UNKNOWN
