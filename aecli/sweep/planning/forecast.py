"""How long a sweep will take and how much disk it will need, from a second of real steps on this machine."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from aecli.config.schema import Config
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
MNIST_IMAGES, MNIST_PIXELS = 60_000, 784


@dataclass(frozen=True)
class Forecast:
    """What is to be expected."""

    seconds: float | None
    """None where nothing could be measured."""
    bytes: int


def forecast(
    trials: Sequence[Trial], images_per_s: float | None, workers: int, parameters: int | None = None
) -> Forecast:
    """Expect what the base config's speed promises.

    Args:
        trials: those that are left to do.
        images_per_s: of one worker.
        workers: how many work at the same time.
        parameters: of the base's network as it was built, for families whose config does not tell their size.
    """
    sizes = [parameters_of(trial.config) for trial in trials]
    bytes_needed = sum(RUN_BYTES + BYTES_PER_PARAMETER * (parameters or 0 if size is None else size) for size in sizes)
    if images_per_s is None or not trials:
        return Forecast(0.0 if not trials else None, bytes_needed)
    seconds = [seconds_of(trial.config, images_per_s) for trial in trials]
    return Forecast(max(sum(seconds) / workers, max(seconds)), bytes_needed)  # no trial is divided among workers


def seconds_of(config: Config, images_per_s: float) -> float:
    """Of one trial."""
    images, epochs = images_per_epoch(config), config.training.epochs
    return epochs * (images / images_per_s + EPOCH_S) + images * JUDGED_IMAGE_S + AROUND_S


def images_per_epoch(config: Config) -> int:
    """Training images, as far as the config alone can tell."""
    return config.data.train_size or MNIST_IMAGES


def parameters_of(config: Config) -> int | None:
    """Weights and biases of a network that is told by its widths, where `auto` counts as the pixels of MNIST.

    Returns: None for another family, whose network has to be built to be counted.
    """
    widths = getattr(config.architecture, "widths", None)
    if widths is None:
        return None
    counts = [MNIST_PIXELS if width == "auto" else width for width in widths]
    return sum(2 * fan_in * fan_out + fan_in + fan_out for fan_in, fan_out in itertools.pairwise(counts))
