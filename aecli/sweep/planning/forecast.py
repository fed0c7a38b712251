"""How long a sweep will take and how much disk it will need, from a second of real steps on this machine."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aecli.sweep.planning.trial import Trial

AROUND_S = 2.5
"""Seconds of a trial besides its steps and its evaluation: data, pictures, files. Measured on one core."""
JUDGED_IMAGE_S = 3e-5
"""Seconds for each image that is judged in the end, by the suite `reconstruction`; other suites take longer."""
EPOCH_S = 0.05
"""Seconds of an epoch besides its steps: validation, and a checkpoint that is safe on the disk."""
RUN_BYTES = 700_000
"""A run folder without checkpoints: pictures, per-image errors, examples, metrics."""
BYTES_PER_PARAMETER = 24
"""Two checkpoints, each with weights and Adam's two moments, in 32 bits; best.pt is a second name of one of them."""
MNIST_IMAGES = 60_000


@dataclass(frozen=True)
class Forecast:
    """What is to be expected."""

    seconds: float | None
    """None where nothing could be measured."""
    bytes: int


def forecast(trials: Sequence[Trial], images_per_s: float | None, workers: int) -> Forecast:
    """Expect what the base config's speed promises.

    Args:
        trials: those that are left to do.
        images_per_s: of one worker.
        workers: how many work at the same time.
    """
    bytes_needed = sum(RUN_BYTES + BYTES_PER_PARAMETER * parameters(trial.config) for trial in trials)
    if images_per_s is None or not trials:
        return Forecast(0.0 if not trials else None, bytes_needed)
    seconds = [seconds_of(trial.config, images_per_s) for trial in trials]
    return Forecast(max(sum(seconds) / workers, max(seconds)), bytes_needed)  # no trial is divided among workers


def seconds_of(config: Any, images_per_s: float) -> float:
    """Of one trial."""
    images, epochs = images_per_epoch(config), config.training.epochs
    return epochs * (images / images_per_s + EPOCH_S) + images * JUDGED_IMAGE_S + AROUND_S


def images_per_epoch(config: Any) -> int:
    """Training images, as far as the config alone can tell."""
    return config.data.train_size or MNIST_IMAGES


def parameters(config: Any) -> int:
    """Weights and biases of the autoencoder; `auto` counts as the pixels of MNIST."""
    widths = [784 if width == "auto" else width for width in config.architecture.widths]
    return sum(2 * fan_in * fan_out + fan_in + fan_out for fan_in, fan_out in zip(widths, widths[1:], strict=False))
