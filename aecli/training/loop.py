"""The training loop. It prints nothing and touches no path; what happens is told to `record`.

Shapes: B batch, P pixels, T terms of the objective.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from aecli.components.data.corruptions import CORRUPTIONS
from aecli.components.optimization.optimizers import set_learning_rate
from aecli.components.optimization.schedules import make_schedule
from aecli.config.assemble import plain_parameters
from aecli.errors import DivergedError
from aecli.precision import lowered
from aecli.randomness import stream, stream_seed
from aecli.training.propagation import make_propagate

if TYPE_CHECKING:
    from aecli.components.architecture.contract import Network
    from aecli.config.schema import Config
    from aecli.training.objective import Objective
    from aecli.training.splits import Split


@dataclass(frozen=True)
class StepEvent:
    """A step was taken; told every few steps."""

    epoch: int
    images: int
    """Images of this epoch that are done."""
    loss: float
    """The objective on the last batch."""


@dataclass(frozen=True)
class EpochEvent:
    """An epoch ended, evaluation not included."""

    epoch: int
    loss: float
    """Mean objective over the images of the epoch, as they were met."""
    raw_T: Sequence[float]
    """Mean raw value of each term, in the order of the objective's keys."""
    lr: float
    """Learning rate of the last step."""
    seconds: float


Record = Callable[[StepEvent | EpochEvent], bool]
"""Told what happens; after an epoch it says whether the training should stop early."""

STEPS_PER_EVENT = 20


@dataclass
class Trainee:
    """What is being trained and with what."""

    config: "Config"
    model: "Network"
    objective: "Objective"
    optimizers: list[torch.optim.Optimizer]
    train: "Split"
    history: list[float] = field(default_factory=list)
    """The validation metric of every finished epoch, smaller is better; `record` extends it."""


def fit(trainee: Trainee, first_epoch: int, record: Record) -> None:
    """Train from `first_epoch` to the last one, or until `record` says stop.

    Raises:
        DivergedError: the objective is not finite. On the CPU the weights are those before that step; on a device that
            works on its own, where a look at every loss would stop it each time, a few steps may have followed.
    """
    config, model, objective, train = trainee.config, trainee.model, trainee.objective, trainee.train
    size, device = config.training.batch_size, train.values_NP.device
    steps_per_epoch = -(-len(train) // size)
    steps_per_check = 1 if device.type == "cpu" else STEPS_PER_EVENT
    factor, precision = schedule_of(config, steps_per_epoch), lowered(config.training.precision, device)
    propagate = make_propagate(model, by_hand=config.training.precision != "bf16")
    parameters = list(model.parameters())
    model.train()
    for epoch in range(first_epoch, config.training.epochs + 1):
        started = time.perf_counter()
        order_N, corrupt = draw_epoch(config, epoch, len(train), device)
        sums_T = torch.zeros(1 + len(objective.keys), dtype=best_float(device), device=device)
        for step, rows_B in enumerate(order_N.split(size)):
            x_BP = train.batch(rows_B)
            input_BP = corrupt(x_BP)
            lr = set_learning_rate(trainee.optimizers, factor((epoch - 1) * steps_per_epoch + step, trainee.history))
            for parameter in parameters:
                parameter.grad = None
            with precision:
                output, backward = propagate(input_BP)
                loss, values_T = objective(model, input_BP, x_BP, output, epoch)
            if step % steps_per_check == 0:
                check_finite(loss.item(), epoch, step, steps_per_epoch)  # before the weights are touched
            backward(loss)
            if config.optimization.gradient_clip is not None:
                torch.nn.utils.clip_grad_norm_(model.parameters(), config.optimization.gradient_clip)
            for optimizer in trainee.optimizers:
                optimizer.step()
            objective.after_step(model, lr, epoch)
            sums_T.add_(values_T, alpha=len(rows_B))
            loss = loss.detach()
            del output, backward  # with the loss's graph they hold the memory of a step, which the next one needs
            if step % STEPS_PER_EVENT == 0:
                record(StepEvent(epoch, min((step + 1) * size, len(train)), loss.item()))
        mean, *raw = (sums_T / len(train)).tolist()
        check_finite(mean, epoch, step, steps_per_epoch)
        seconds = time.perf_counter() - started
        if record(EpochEvent(epoch, mean, raw, lr, seconds)):
            return


def schedule_of(config: "Config", steps_per_epoch: int) -> Callable[[int, Sequence[float]], float]:
    """The factor on the learning rate, from the steps taken and the validation history."""
    term = config.optimization.schedule
    return make_schedule(
        term.name,
        plain_parameters(term),
        warmup=term.warmup,
        epochs=config.training.epochs,
        steps_per_epoch=steps_per_epoch,
    )


def check_finite(loss: float, epoch: int, step: int, steps: int) -> None:
    """Go on only with a loss that is a number.

    Raises:
        DivergedError: it is not.
    """
    if loss - loss != 0.0:
        raise DivergedError(f"the loss became {loss} in epoch {epoch}, step {step + 1} of {steps}")


def best_float(device: torch.device) -> torch.dtype:
    """What sums are kept in: doubles, where the device has them."""
    return torch.float32 if device.type == "mps" else torch.float64


def draw_epoch(
    config: "Config", epoch: int, count: int, device: torch.device
) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
    """The order of the images in an epoch, and what corrupts their input; also starts the epoch's noise stream."""
    torch.manual_seed(stream_seed(config.seed, "noise", epoch))  # dropout and random probes draw from torch's own
    order_N = torch.randperm(count, generator=stream(config.seed, "order", epoch)).to(device)
    term = config.data.corruption
    if term is None:
        return order_N, lambda x_BP: x_BP
    generator = stream(config.seed, "corruption", epoch, device=str(device))
    params = plain_parameters(term)
    return order_N, lambda x_BP: CORRUPTIONS[term.name].function(x_BP, generator, **params)


@contextmanager
def own_torch_state() -> Iterator[None]:
    """Give the caller's random generators, thread count, precision of products and small numbers back."""
    threads, precision = torch.get_num_threads(), torch.get_float32_matmul_precision()
    with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
        try:
            yield
        finally:
            torch.set_num_threads(threads)
            torch.set_float32_matmul_precision(precision)
            torch.set_flush_denormal(False)
