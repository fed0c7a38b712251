"""A trained model out of a run folder, without its data."""

import torch

from aecli.components.architecture.dense import Autoencoder, make_model
from aecli.config.schema import Config
from aecli.errors import CheckpointError
from aecli.experiment.checkpoint import load_checkpoint, restore
from aecli.runs.folder import RunFolder
from aecli.training.objective import Objective


def judged_checkpoint(folder: RunFolder, config: Config) -> str:
    """`best`, or `last` where the config says so or where the best one was lost before the run was judged."""
    summary = folder.read_summary()
    lost = summary.get("judged_epoch", summary.get("best_epoch")) != summary.get("best_epoch")
    return "last" if lost else config.evaluation.checkpoint


def load_model(folder: RunFolder, config: Config, *, checkpoint: str | None = None) -> Autoencoder:
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
    first = moment["model"].get("encoder.0.weight")
    if first is None or first.ndim != 2:
        raise CheckpointError(f"{path}: has no encoder")
    size = first.shape[1]
    model = make_model(config.architecture, [size, *config.architecture.widths[1:]], config.seed, torch.zeros(size))
    Objective(config, None).attach(model)
    restore(moment, model)
    return model.eval()
