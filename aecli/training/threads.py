"""How many threads train: as many as PyTorch takes, or fewer where a moment of real steps shows that fewer are faster.

Threads wait for the slowest of them at the end of every operation, so one that has to share its core with another
program can make all of them many times as slow as one alone.
"""

import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace

import torch

from aecli.config.schema import Config
from aecli.cores import COUNTS, usable_cores, usual_thread_counts
from aecli.errors import DivergedError
from aecli.text import counted
from aecli.training.build import Prepared, build
from aecli.training.loop import EpochEvent, StepEvent, Trainee, fit

STEPS = 2
"""Steps that are timed at once."""
SECONDS = 0.3
"""For all ways together."""
CLEARLY = 1.1
"""So many times as fast as all threads, fewer are taken: the last bits should not hang on a breath of wind."""


def choose_threads(prepared: Prepared) -> str | None:
    """Set the number of threads that trains fastest here, where nobody has said how many there shall be.

    Steps are measured on a network of their own; no random stream of the run is touched.

    Returns: what to say where it is not all of them.
    """
    most = torch.get_num_threads()
    if most == 1 or not is_open(prepared.trainee.config, prepared.device):
        return None
    with torch.random.fork_rng(devices=[]):
        speeds = measure_speeds({most, most // 2, 1}, prepared)
    chosen = fastest(speeds, most)
    torch.set_num_threads(chosen)
    if chosen == most:
        return None
    return (
        f"training with {chosen} of {most} threads: measured just now, {most} train {speeds[most]:,.0f} images/s and "
        f"{chosen} {speeds[chosen]:,.0f}; to use all: --set training.threads={most}"
    )


def go_on_with_threads(prepared: Prepared, before: object, *, may_choose: bool) -> str | None:
    """Take the number of threads that a run has had so far, where nobody says another and there are cores for it.

    Returns: what to say where it is another one now: sums are then taken in another order, so the last bits differ.
    """
    if not isinstance(before, int):
        return None
    if may_choose and is_open(prepared.trainee.config, prepared.device) and 1 <= before <= usable_cores():
        torch.set_num_threads(before)
    now = torch.get_num_threads()
    told = f"trained with {counted(before, 'thread')} so far, now with {now}: the last bits will differ"
    return None if now == before else told


def is_open(config: Config, device: torch.device) -> bool:
    """Whether neither the config, nor the environment, nor the calling program says how many threads there shall be."""
    if config.training.threads is not None or device.type != "cpu" or any(os.environ.get(name) for name in COUNTS):
        return False
    return torch.get_num_threads() in usual_thread_counts()


def measure_speeds(counts: Iterable[int], prepared: Prepared) -> dict[int, float]:
    """Images per second with each number of threads, measured in turns; empty where the steps come to no end."""
    config, splits = prepared.trainee.config, prepared.splits
    trainee = build(config, splits, prepared.device)
    trainee.train = replace(trainee.train, values_NP=trainee.train.values_NP[: STEPS * config.training.batch_size])
    with suppress(DivergedError):
        seconds = time_in_turns(counts, lambda count: seconds_of_steps(trainee, count), SECONDS)
        return {count: len(trainee.train) / seconds[count] for count in seconds}
    return {}


def time_in_turns(
    counts: Iterable[int],
    seconds_of: Callable[[int], float],
    budget_s: float,
    clock: Callable[[], float] = time.monotonic,
) -> dict[int, float]:
    """The mean seconds of each way: one round that warms up, then rounds until the budget is spent, one at least."""
    counts, begin, rounds = sorted(counts), clock(), 0
    for count in counts:
        seconds_of(count)
    total_s = dict.fromkeys(counts, 0.0)
    while not rounds or clock() - begin < budget_s:
        for count in counts:
            total_s[count] += seconds_of(count)
        rounds += 1
    return {count: total_s[count] / rounds for count in counts}


def seconds_of_steps(trainee: Trainee, count: int) -> float:
    """Of a few steps with so many threads."""
    seconds = 0.0

    def note(event: StepEvent | EpochEvent) -> bool:
        nonlocal seconds
        if isinstance(event, EpochEvent):
            seconds = event.seconds
        return isinstance(event, EpochEvent)  # one epoch of the few images is enough

    torch.set_num_threads(count)
    fit(trainee, 1, note)
    return seconds


def fastest(speeds: dict[int, float], most: int) -> int:
    """The number of threads to train with: all, if no fewer are clearly faster.

    Example:
        >>> fastest({1: 55000.0, 2: 5300.0}, 2), fastest({1: 55000.0, 2: 54000.0}, 2), fastest({}, 2)
        (1, 2, 2)
    """
    if not speeds:
        return most
    best = max(speeds, key=lambda count: speeds[count])
    return best if speeds[best] > CLEARLY * speeds[most] else most
