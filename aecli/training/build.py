"""From a config to everything a training needs, tried out on one batch before any folder is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

from aecli.components.architecture.contract import make_network
from aecli.components.architecture.registration import Site
from aecli.components.optimization.optimizers import make_optimizers
from aecli.config.assemble import plain_parameters
from aecli.config.schema import Config
from aecli.errors import ConfigError, Problem
from aecli.precision import lowered, set_precision
from aecli.training.loop import Trainee
from aecli.training.objective import Objective
from aecli.training.splits import Splits, load_splits

PROBE = 16
"""Images of the probe batch."""


@dataclass
class Prepared:
    """A run that is ready to start."""

    trainee: Trainee
    splits: Splits
    device: torch.device


def prepare(config: Config, *, scaling: Mapping[str, Any] | None = None) -> Prepared:
    """Load the data, build the model, and put one batch through every loss and penalty.

    `aecli validate` and `aecli train` share this path.

    Args:
        config: a checked config.
        scaling: of the data, where a run that is there already has one.

    Raises:
        ConfigError: the config does not fit the data or this machine.
        DataError: from the data set.
    """
    flush_denormals()
    device = choose_device(config)
    set_precision(config.training.precision)
    if config.training.threads is not None:
        torch.set_num_threads(config.training.threads)
    splits = load_splits(config, device, scaling=scaling)
    try:
        trainee = build(config, splits, device)
        probe(build(config, splits, device), config)  # on a model of its own: the real one stays untouched
    except NotImplementedError as error:  # a family that does not tell what penalties or Muon ask for
        message = f"the family {config.architecture.name} lacks what this config needs: {error}"
        raise ConfigError([Problem(config.locate("architecture"), "architecture", message)]) from error
    return Prepared(trainee, splits, device)


def flush_denormals() -> None:
    """Let numbers below 1e-38 be zero: processors compute with them many times more slowly.

    Squared gradients of pixels that are always black get there after some epochs; a linear autoencoder on MNIST then
    takes four times as long for an epoch. Worker threads take the setting over when they start, so this comes first.
    """
    torch.set_flush_denormal(True)


def choose_device(config: Config) -> torch.device:
    """The device of a config; `auto` is the first GPU, or else the CPU.

    Raises:
        ConfigError: this machine has no such device.
    """
    name = config.training.device
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    device = torch.device(name)
    if device.type == "cuda":
        missing = not torch.cuda.is_available() or (device.index or 0) >= torch.cuda.device_count()
    else:
        missing = device.type == "mps" and not torch.backends.mps.is_available()
    if missing:
        where = config.locate("training", "device")
        message = f"this machine has no {name} that PyTorch can use; try auto or cpu"
        raise ConfigError([Problem(where, "training.device", message)])
    return device


def build(config: Config, splits: Splits, device: torch.device) -> Trainee:
    """Model, objective and optimizers of a config."""
    site = Site(splits.rows.size, splits.image_shape, config.seed, splits.mean_image_P.cpu())
    model = make_network(config.architecture.name, plain_parameters(config.architecture), site).to(device)
    objective = Objective(config, splits.image_shape)
    objective.attach(model)
    optimizer = config.optimization.optimizer
    optimizers = make_optimizers(optimizer.name, plain_parameters(optimizer), model)
    return Trainee(config, model, objective, optimizers, splits.train)


def probe(trainee: Trainee, config: Config) -> None:
    """One whole step on a few images.

    Raises:
        ConfigError: the objective or its gradient is not finite at the very start.
    """
    x_BP = trainee.train.batch(slice(0, PROBE))
    with lowered(config.training.precision, x_BP.device):
        loss, values_T = trainee.objective(trainee.model, x_BP, x_BP, trainee.model(x_BP), 1)
    loss.backward()
    values = dict(zip(trainee.objective.keys, values_T.tolist()[1:], strict=True))
    broken = [key for key, value in values.items() if value - value != 0.0]
    gradients = [p.grad for p in trainee.model.parameters() if p.grad is not None]
    if not broken and not all(bool(torch.isfinite(gradient).all()) for gradient in gradients):
        broken = ["the gradient"]
    if broken:
        where = config.locate("loss")
        message = (
            f"not finite on the first {len(x_BP)} images: {', '.join(broken)}; choose larger scales or another init"
        )
        raise ConfigError([Problem(where, "loss", message)])
    for optimizer in trainee.optimizers:
        optimizer.step()
    trainee.objective.after_step(trainee.model, 1e-3, 1)
