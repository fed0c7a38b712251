"""A trained model out of a run folder, without its data."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from aecli.components.architecture.contract import Network, make_network
from aecli.components.architecture.registration import Site
from aecli.config.assemble import plain_parameters
from aecli.config.schema import Config
from aecli.errors import CheckpointError
from aecli.experiment.checkpoint import load_checkpoint, restore
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
    moment = load_checkpoint(path)
    size, image_shape = built_for(moment, path)
    site = Site(size, image_shape, config.seed, torch.zeros(size))
    model = make_network(config.architecture.name, plain_parameters(config.architecture), site)
    Objective(config, image_shape).attach(model)
    restore(moment, model)
    return model.eval()


def built_for(moment: Mapping[str, Any], path: Path) -> tuple[int, tuple[int, int, int] | None]:
    """The size of the rows and the shape of the images that a network was built for.

    Checkpoints say so; the first matrix does for those that were written before they did.

    Raises:
        CheckpointError: neither does.
    """
    origin = moment.get("origin")
    if isinstance(origin, dict):
        size, shape = origin.get("size"), origin.get("image_shape")
        counts = [size, *(shape if isinstance(shape, list) and len(shape) == 3 else [])]
        if not all(isinstance(count, int) and 0 < count < LARGEST for count in counts) or len(counts) == 1 and shape:
            raise CheckpointError(f"{path}: says of no size that its network was built for it")
        return size, tuple(shape) if shape else None
    first = moment["model"].get("encoder.0.weight")
    if first is None or first.ndim != 2:
        raise CheckpointError(f"{path}: has no encoder")
    return first.shape[1], None
