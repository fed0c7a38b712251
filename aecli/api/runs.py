"""aecli from Python: train, resume, evaluate, load."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aecli.api.folders import AnyRun, one_or_more, one_run
from aecli.api.progress import teller, watching_run
from aecli.api.run import Run
from aecli.errors import UsageError
from aecli.runs.folder import open_run_folder

if TYPE_CHECKING:
    from torch import Tensor

    from aecli.api.judged import Judged
    from aecli.config.schema import Config
    from aecli.experiment.record import Watcher


def train(
    config: "str | os.PathLike[str] | Mapping[str, Any] | Config",
    *,
    out: str | os.PathLike[str] = "runs",
    set: str | Sequence[str] = (),
    seed: int | None = None,
    name: str | None = None,
    device: str | None = None,
    progress: bool | None = None,
    watcher: "Watcher | None" = None,
) -> Run:
    """Train one config into a new run folder.

    Args:
        config: a file, the name of a preset such as "mse.yaml", a mapping of sections, or a Config.
        out: the folder of all runs.
        set: overrides such as "loss.name=huber".
        seed: of every random stream.
        name: part of the folder's name.
        device: auto, cpu, cuda, cuda:1, mps.
        progress: whether to show it, on stderr or under the cell; in a notebook and on a terminal if not given.
        watcher: is told of the progress in place of that.

    Returns: the finished run.

    Raises:
        ConfigError: the config is refused; nothing was written.
        DataError: data is missing or corrupt; nothing was written.
        RunFolderError: the folder cannot be made or written.
        DivergedError: the loss is not finite; the folder stays.
        InterruptedRun: SIGINT or SIGTERM; the folder stays and can be resumed.
    """
    from aecli.config.load import load_config

    source = os.fspath(config) if isinstance(config, os.PathLike) else config
    checked = load_config(
        source, set=one_or_more(set), seed=seed, name=name, device=device
    )  # a typo need not wait for torch
    from aecli.experiment.run import train as train_into_folder

    with watching_run(watcher, progress) as told:
        return Run(train_into_folder(checked, out=os.fspath(out), watcher=told))


def resume(
    path: AnyRun,
    *,
    set: str | Sequence[str] = (),
    progress: bool | None = None,
    watcher: "Watcher | None" = None,
) -> Run:
    """Go on with an interrupted run, or extend a finished one with `set="training.epochs=100"`.

    The weights are bitwise those of a run that was never interrupted. A run that is complete already is left as it is.

    Args:
        path: the run's folder, or a Run.
        set: what may change: training.epochs, training.early_stopping, evaluation.suites.
        progress, watcher: see `train`.

    Raises:
        UsageError: no run, still running, diverged, edited, or a change that would make it another run.
        ConfigError: the changed config is refused.
        CheckpointError: no checkpoint can be read.
        DataError: the data is not the data of the run.
    """
    from aecli.experiment.resume import resume as resume_folder

    with watching_run(watcher, progress) as told:
        return Run(resume_folder(one_run(path), set=one_or_more(set), watcher=told))


def evaluate(
    path: AnyRun,
    *,
    suites: str | Sequence[str] = (),
    split: str = "test",
    checkpoint: str | None = None,
    data: str | Mapping[str, Any] | None = None,
    again: bool = False,
    progress: bool | None = None,
    tell: Callable[[str], None] | None = None,
) -> "Judged":
    """Run suites on a complete run and add them to its summary.json.

    Args:
        path: the run's folder, or a Run.
        suites: names from `aecli list suites`; all if none is given.
        split: `test` or `validation`.
        checkpoint: `best` or `last`; the one that the run's summary judges if not given.
        data: other data to judge on: the name of a data set, or a mapping such as `{"name": "csv", "file": "new.csv"}`.
        again: measure anew what was measured before.
        progress: see `train`.
        tell: is told what is being measured in place of that.

    Raises:
        UsageError: the run is not complete, a name is unknown, or the other data does not fit the model.
        DataError: the run's data is not what it was.
        CheckpointError: the checkpoint cannot be read.
    """
    from aecli.api.judged import Judged
    from aecli.config.yaml_source import dump
    from aecli.experiment.evaluate import evaluate as evaluate_folder

    folder, place, findings = evaluate_folder(
        one_run(path),
        suites=one_or_more(suites),
        split=split,
        checkpoint=checkpoint,
        data=dump(dict(data), flow=True) if isinstance(data, Mapping) else data,
        again=again,
        tell=tell or teller(progress),
    )
    stored = folder.read_summary()["suites"][place]
    return Judged(Run(folder), place, {name: stored[name] for name in findings}, findings)


def load(path: AnyRun) -> Run:
    """An existing run.

    Raises:
        UsageError: the folder is no run.
    """
    return Run(open_run_folder(one_run(path)))


def make_loss(name: str, **params: float | tuple[int, int, int]) -> "Callable[[Tensor, Tensor], Tensor]":
    """A reconstruction loss by its name in the YAML, as a function `(x_hat_BP, x_BP) -> (B,)`.

    Losses that are computed from logits take probabilities here too: they are clamped to [1e-7, 1 - 1e-7] and turned
    into logits. Parameters are checked as in a config.

    Args:
        name: a name from `aecli list losses`.
        params: the loss's own parameters; `image_shape` for ssim and focal_frequency.

    Returns: a function of the reconstruction and the target, (B, P) each, giving one loss per image, (B,).

    Raises:
        ConfigError: the name is unknown, or a parameter is unknown or out of range.
        UsageError: by the function, where the two have not one shape of two dimensions.
    Example:
        >>> import torch
        >>> make_loss("huber", delta=0.5)(torch.tensor([[0.3]]), torch.tensor([[0.0]]))
        tensor([0.0450])
    """
    from aecli.components.loss import LOSSES
    from aecli.config.load import check_loss
    from aecli.lazy import torch

    takes_shape = name in LOSSES and LOSSES[name].facts.needs_image and "image_shape" in params
    shape = {"image_shape": params.pop("image_shape")} if takes_shape else {}
    checked = check_loss(name, params) | shape
    entry = LOSSES[name]

    def function(x_hat_BP: "Tensor", x_BP: "Tensor") -> "Tensor":
        if x_hat_BP.shape != x_BP.shape or x_BP.dim() != 2:
            shapes = f"{tuple(x_hat_BP.shape)} and {tuple(x_BP.shape)}"
            raise UsageError(f"{name}: takes two tensors of the same shape, (images, pixels); got {shapes}")
        prediction_BP = torch.logit(x_hat_BP, eps=1e-7) if entry.facts.from_logits else x_hat_BP
        loss_B: Tensor = entry.function(prediction_BP, x_BP, **checked)
        return loss_B

    return function
