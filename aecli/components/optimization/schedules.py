"""Learning-rate schedules: one function each.

A schedule gives the factor on the optimizer's own learning rate. It is a pure function of the progress, so a resumed
run needs no stored state. All of them may be preceded by a linear warm-up; time then starts when the warm-up ends.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Gt, Interval

from aecli.registry import Facts, Function, Registry


@dataclass(frozen=True, kw_only=True)
class ScheduleFacts(Facts):
    """What a schedule says of itself."""

    spans_training: bool = False
    """Whether it runs to the end of the training, so that more epochs stretch it."""
    reads_history: bool = False
    """Whether it looks at the validation metric of finished epochs, which then decides on the rate."""


SCHEDULES: Registry[ScheduleFacts] = Registry("schedule")


def schedule(
    *, spans_training: bool = False, reads_history: bool = False, name: str | None = None
) -> Callable[[Function], Function]:
    """Decorator: enrol a schedule; the arguments are the fields of ScheduleFacts and a name if not the function's."""
    return SCHEDULES.register(ScheduleFacts(spans_training=spans_training, reads_history=reads_history), name=name)


Fraction = Annotated[float, Interval(ge=0, le=1)]
OpenFraction = Annotated[float, Interval(gt=0, lt=1)]


@dataclass(frozen=True)
class Progress:
    """Where the training stands, the warm-up left out.

    `epoch` is fractional and counts the steps that were taken; `history` has the validation metric by which the best
    checkpoint is chosen, one value per finished epoch, smaller is better.
    """

    epoch: float
    epochs: float
    history: Sequence[float] = ()

    @property
    def share(self) -> float:
        """The part of the training that is done, 0 to 1."""
        return min(self.epoch / self.epochs, 1.0) if self.epochs > 0 else 1.0


@schedule()
def constant(progress: Progress) -> float:
    """The same rate from beginning to end.

    1
    """
    return 1.0


@schedule(spans_training=True)
def linear(progress: Progress, *, end: Fraction = 0.0) -> float:
    """A straight line down.

    1 + (end - 1) t

    Args:
        end: the factor at the end.

    Example:
        >>> linear(Progress(5, 10), end=0.0)
        0.5
    """
    return 1.0 + (end - 1.0) * progress.share


@schedule(spans_training=True)
def cosine(progress: Progress, *, end: Fraction = 0.0) -> float:
    """Half a cosine down.

    end + (1 - end) (1 + cos(pi t)) / 2

    Args:
        end: the factor at the end.

    Source: Loshchilov & Hutter 2017, arXiv:1608.03983
    Example:
        >>> round(cosine(Progress(5, 10)), 6)
        0.5
    """
    return end + (1.0 - end) * 0.5 * (1.0 + math.cos(math.pi * progress.share))


@schedule(spans_training=True)
def one_cycle(
    progress: Progress, *, peak: OpenFraction = 0.3, start: OpenFraction = 0.04, end: Fraction = 4e-6
) -> float:
    """Up to the optimizer's rate and down to almost nothing, both by cosine.

    start -> 1 until the peak, then 1 -> end

    Args:
        peak: the part of the training at which the rate is highest.
        start: the factor at the start.
        end: the factor at the end.

    Source: Smith & Topin 2018, arXiv:1708.07120; the defaults are those of torch.optim.lr_scheduler.OneCycleLR
    Example:
        >>> one_cycle(Progress(3, 10))
        1.0
    """
    if progress.share < peak:
        first, last, t = start, 1.0, progress.share / peak
    else:
        first, last, t = 1.0, end, (progress.share - peak) / (1.0 - peak)
    return last + (first - last) * 0.5 * (1.0 + math.cos(math.pi * t))


@schedule()
def step(progress: Progress, *, every: Annotated[float, Gt(0)] = 10.0, factor: OpenFraction = 0.5) -> float:
    """A drop every few epochs.

    factor ^ floor(epoch / every)

    Args:
        every: epochs between two drops.
        factor: what each drop multiplies the rate by.

    Example:
        >>> step(Progress(25, 50), every=10.0, factor=0.1) == 0.1**2
        True
    """
    return factor ** math.floor(progress.epoch / every + 1e-9)  # 0.3 / 0.1 is just below 3


@schedule(reads_history=True)
def plateau(
    progress: Progress,
    *,
    factor: OpenFraction = 0.5,
    patience: Annotated[int, Ge(0)] = 3,
    threshold: Fraction = 1e-3,
) -> float:
    """A drop whenever the validation metric has stopped improving.

    factor ^ (number of times that `patience` + 1 epochs in a row brought no improvement)

    Args:
        factor: what each drop multiplies the rate by.
        patience: epochs without improvement that are tolerated.
        threshold: the relative improvement that counts.

    Source: torch.optim.lr_scheduler.ReduceLROnPlateau
    Example:
        >>> plateau(Progress(4, 9, history=[5.0, 4.0, 4.0, 4.0]), patience=1)
        0.5
    """
    best, waited, drops = math.inf, 0, 0
    for value in progress.history:
        if value < best - threshold * abs(best) if math.isfinite(best) else True:
            best, waited = value, 0
        else:
            waited += 1
        if waited > patience:
            drops, waited = drops + 1, 0
    return factor**drops


def warmup_within(warmup: float, epochs: int) -> float:
    """The epochs of warm-up that are made: those asked for, or half of a training that would end before they do.

    Example:
        >>> warmup_within(2.0, epochs=50), warmup_within(2.0, epochs=1)
        (2.0, 0.5)
    """
    return warmup if warmup < epochs else epochs / 2


def learning_rate_factor(
    name: str,
    params: Mapping[str, object],
    *,
    warmup: float,
    epochs: int,
    steps_done: int,
    steps_per_epoch: int,
    history: Sequence[float] = (),
) -> float:
    """The factor on the learning rate for the step that follows `steps_done` steps.

    Args:
        name: a schedule's name.
        params: its parameters.
        warmup: epochs of linear warm-up, see `warmup_within`; the last of its steps runs at the full rate.
        epochs: epochs planned in all.
        steps_done: optimizer steps taken since the start of the run.
        steps_per_epoch: steps in one epoch.
        history: the validation metric of every finished epoch, smaller is better.

    Returns: a factor, 0 to 1.
    """
    warmup = warmup_within(warmup, epochs)
    warmup_steps = round(warmup * steps_per_epoch)
    if steps_done < warmup_steps:
        return (steps_done + 1) / warmup_steps
    epoch = (steps_done - warmup_steps) / steps_per_epoch
    factor: float = SCHEDULES[name].function(Progress(epoch, epochs - warmup, history), **params)
    return factor


def make_schedule(
    name: str, params: Mapping[str, object], *, warmup: float, epochs: int, steps_per_epoch: int
) -> Callable[[int, Sequence[float]], float]:
    """A schedule as a function of the steps taken and the validation history; arguments as of learning_rate_factor."""

    def factor(steps_done: int, history: Sequence[float]) -> float:
        return learning_rate_factor(
            name,
            params,
            warmup=warmup,
            epochs=epochs,
            steps_done=steps_done,
            steps_per_epoch=steps_per_epoch,
            history=history,
        )

    return factor
