"""How fast this machine trains: a moment of real steps, to choose workers x threads and to estimate the time."""

import os
import time
from typing import Any

from aecli.errors import AecliError

SECONDS = 0.3
"""Of real steps for each way to divide the cores."""


class TimeIsUp(Exception):
    """Enough steps were measured."""


class Stopwatch:
    """Counts images between the first and the last event of a training."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.begin: tuple[float, int] | None = None
        self.images = 0
        self.before = 0
        self.elapsed = 0.0

    def __call__(self, event: Any) -> bool:
        """Note how far the training is.

        Raises:
            TimeIsUp: the seconds are over.
        """
        now = time.perf_counter()
        if not hasattr(event, "images"):  # the end of an epoch
            self.before = self.images
            return False
        self.images = self.before + event.images
        if self.begin is None:
            self.begin = (now, self.images)
            return False
        self.elapsed = now - self.begin[0]
        if self.elapsed >= self.seconds:
            raise TimeIsUp
        return False


def images_per_s(config: Any, threads: int, seconds: float = SECONDS) -> float | None:
    """Training speed of a config in this process with so many threads; None if it cannot be trained."""
    import torch

    from aecli.training.build import prepare
    from aecli.training.loop import fit, own_torch_state

    with own_torch_state():
        torch.set_num_threads(threads)
        watch = Stopwatch(seconds)
        try:
            fit(prepare(config).trainee, 1, watch)
        except TimeIsUp:
            pass
        except AecliError:
            return None
    if watch.begin is None or watch.elapsed == 0:
        return None
    return (watch.images - watch.begin[1]) / watch.elapsed


def usable_cores() -> int:
    """Cores that this process may use, which a container or `taskset` can make fewer than the machine has."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows
        return os.cpu_count() or 1


def layouts(cores: int) -> list[tuple[int, int]]:
    """The ways to divide cores among workers: (workers, threads of each).

    Example:
        >>> layouts(4)
        [(4, 1), (2, 2), (1, 4)]
    """
    found, workers = [], cores
    while workers >= 1:
        found.append((workers, cores // workers))
        workers //= 2
    return found
