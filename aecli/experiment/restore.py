"""A trained model out of a run folder, without its data."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeGuard

import torch

from aecli.components.architecture.contract import Network, make_network
from aecli.components.architecture.registration import Site
from aecli.config.assemble import plain_parameters
from aecli.config.schema import Config
from aecli.errors import CheckpointError
from aecli.experiment.checkpoint import load_checkpoint
from aecli.experiment.fitting import restore
from aecli.runs.folder import RunFolder
from aecli.training.objective import Objective

LARGEST = 2**24
"""Pixels of an image that no checkpoint may exceed."""


def judged_checkpoint(folder: RunFolder, config: Config) -> str:
    """`best`, or `last` where the config says so or where the best one was lost before the run was judged."""
    summary = folder.read_summary()
    lost = summary.get("judged_epoch", summary.get("best_epoch")) != summary.get("best_epoch")
    return "last" if lost else config.evaluation.checkpoint


def load_model(folder: RunFolder, config: Config, *, checkpoint: str | None = None) -> Network:
    """The network of a run in evaluation mode, on the CPU.

    Args:
        folder: the run.
        config: its config.
        checkpoint: "best" or "last"; the one that the summary judges if not given, or that it would judge.

    Raises:
        CheckpointError: the checkpoint is missing, damaged, or does not fit the config.
    """
    path = folder.checkpoints / f"{checkpoint or judged_checkpoint(folder, config)}.pt"
    refuse_pruned_away(folder, path)
    moment = load_checkpoint(path)
    size, image_shape = built_for(moment, path)
    refuse_other_family(moment, config, path)
    site = Site(size, image_shape, config.seed, torch.zeros(size))
    model = make_network(config.architecture.name, plain_parameters(config.architecture), site)
    Objective(config, image_shape).attach(model)
    restore(moment, model)
    return model.eval()


def refuse_pruned_away(folder: RunFolder, path: Path) -> None:
    """A checkpoint that was dropped on purpose is not just missing.

    Raises:
        CheckpointError: with what the run has kept.
    """
    pruned = folder.read_status().get("pruned")
    if isinstance(pruned, dict) and not path.exists():
        raise CheckpointError(f"{path}: was dropped by aecli runs prune, which kept {pruned.get('kept') or 'none'}")


def recorded_scaling(folder: RunFolder) -> dict[str, Any] | None:
    """How the data of a run was scaled when it began, which is part of its model; None where nothing says so."""
    data = folder.read_environment().get("data")
    scaling = data.get("scaling") if isinstance(data, dict) else None
    return scaling if isinstance(scaling, dict) and "offset" in scaling else None


def built_for(moment: Mapping[str, Any], path: Path) -> tuple[int, tuple[int, int, int] | None]:
    """The size of the rows and the shape of the images that a network was built for.

    Checkpoints say so; the first matrix does for those that were written before they did.

    Raises:
        CheckpointError: neither does.
    """
    origin = moment.get("origin")
    if origin is not None:
        size, shape = (origin.get("size"), origin.get("image_shape")) if isinstance(origin, dict) else (None, None)
        if is_count(size) and shape is None:
            return size, None
        if is_count(size) and is_shape_of(shape, size):
            return size, (shape[0], shape[1], shape[2])
        raise CheckpointError(f"{path}: says of no size that its network was built for it")
    weights = moment["model"]
    first = weights.get("encoder.0.weight") if isinstance(weights, dict) else None
    if not isinstance(first, torch.Tensor) or first.ndim != 2:
        raise CheckpointError(f"{path}: has no encoder")
    return first.shape[1], None


def refuse_other_family(moment: Mapping[str, Any], config: Config, path: Path) -> None:
    """Weights of one family say nothing to another one, even where their shapes agree.

    Raises:
        CheckpointError: the checkpoint says another family than the config.
    """
    origin = moment.get("origin")
    family = origin.get("family") if isinstance(origin, dict) else None
    if family not in (None, config.architecture.name):
        raise CheckpointError(f"{path}: holds a network of another family than the config's {config.architecture.name}")


def is_count(value: object) -> TypeGuard[int]:
    """Whether it can be a number of pixels."""
    return type(value) is int and 0 < value < LARGEST


def is_shape_of(shape: object, size: int) -> TypeGuard[list[int]]:
    """Whether it is channels, height and width of so many pixels."""
    return isinstance(shape, list) and len(shape) == 3 and all(map(is_count, shape)) and math.prod(shape) == size
