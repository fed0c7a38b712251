"""How fast a config trains: a moment of real steps, from which layouts are chosen and times foretold."""

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from aecli.errors import AecliError
from aecli.sweep.engines.messages import Speed

if TYPE_CHECKING:
    from aecli.config.schema import Config
    from aecli.training.loop import EpochEvent, StepEvent

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

    @property
    def images_per_s(self) -> float | None:
        """Between the two events; None where there was but one."""
        if self.begin is None or self.elapsed == 0:
            return None
        return (self.images - self.begin[1]) / self.elapsed

    def __call__(self, event: "StepEvent | EpochEvent") -> bool:
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


def measure_speed(config: "Config", threads: int, seconds: float = SECONDS) -> Speed:
    """How fast a config is trained in this process with so many threads, and how big its network is."""
    import torch

    from aecli.training.build import prepare
    from aecli.training.loop import fit, own_torch_state

    with own_torch_state():
        torch.set_num_threads(threads)
        watch = Stopwatch(seconds)
        try:
            trainee = prepare(config).trainee
            parameters = sum(parameter.numel() for parameter in trainee.model.parameters())
            with suppress(TimeIsUp):
                fit(trainee, 1, watch)
        except AecliError:
            return Speed(None, None)
    return Speed(watch.images_per_s, parameters)
