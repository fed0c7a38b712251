"""aecli from Python: train, resume, evaluate, load. The command line is a thin layer over this."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aecli.runs.folder import RunFolder, open_run_folder

if TYPE_CHECKING:
    from torch import Tensor

    from aecli.components.architecture.contract import Network
    from aecli.components.evaluation.suites import Findings
    from aecli.config.schema import Config
    from aecli.experiment.record import Watcher


class Run:
    """A run folder, read when asked."""

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder

    def __repr__(self) -> str:
        return f"Run({str(self.path)!r}, status={self.status.get('status')!r})"

    @property
    def path(self) -> Path:
        """The run folder."""
        return self.folder.path

    @property
    def status(self) -> dict[str, Any]:
        """status.json; `interrupted` where the process is gone."""
        return self.folder.read_status()

    @property
    def metrics(self) -> list[dict[str, Any]]:
        """One record per epoch, epoch 0 before the first step."""
        return self.folder.read_metrics()

    @property
    def summary(self) -> dict[str, Any]:
        """What was measured in the end; empty while the run is not complete."""
        return self.folder.read_summary()

    @cached_property
    def config(self) -> "Config":
        """The effective config.

        Raises:
            ConfigError: config.yaml was broken.
        """
        from aecli.config.load import load_config

        return load_config(self.folder.config)

    @cached_property
    def model(self) -> "Network":
        """The trained network on the CPU, in evaluation mode: the checkpoint that the summary judges.

        `model(x_BP)` gives code, logits and reconstruction; `model.encode` and `model.decode` are its halves. Images
        go in as the run's data was: float32 in [0, 1], shape (B, P).

        Raises:
            CheckpointError: the checkpoint is missing, damaged, or not ours.
        """
        from aecli.experiment.restore import load_model

        return load_model(self.folder, self.config)


def train(
    config: "str | Path | Mapping[str, Any] | Config",
    *,
    out: str | Path = "runs",
    set: str | Sequence[str] = (),
    seed: int | None = None,
    name: str | None = None,
    device: str | None = None,
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
        watcher: is told of the progress; nobody if not given.

    Returns: the finished run.

    Raises:
        ConfigError: the config is refused; nothing was written.
        DataError: data is missing or corrupt; nothing was written.
        RunFolderError: the folder cannot be made or written.
        DivergedError: the loss is not finite; the folder stays.
        InterruptedRun: SIGINT or SIGTERM; the folder stays and can be resumed.
    """
    from aecli.config.load import load_config

    checked = load_config(config, set=set, seed=seed, name=name, device=device)  # a typo need not wait for torch
    from aecli.experiment.run import train as train_into_folder

    return Run(train_into_folder(checked, out=out, watcher=watcher))


def resume(path: str | Path, *, set: str | Sequence[str] = (), watcher: "Watcher | None" = None) -> Run:
    """Go on with an interrupted run, or extend a finished one; see aecli.experiment.resume."""
    from aecli.experiment.resume import resume as resume_folder

    return Run(resume_folder(path, set=set, watcher=watcher))


@dataclass(frozen=True)
class Judged:
    """What `evaluate` found."""

    run: Run
    place: str
    """The key under `suites` in summary.json."""
    numbers: dict[str, dict[str, Any]]
    """Suite -> its numbers as they are stored."""
    findings: "dict[str, Findings | None]"
    """Suite -> what was measured now; None where it had been measured before."""


def evaluate(
    path: str | Path,
    *,
    suites: str | Sequence[str] = (),
    split: str = "test",
    checkpoint: str | None = None,
    data: str | None = None,
    again: bool = False,
    tell: Callable[[str], None] = lambda text: None,
) -> Judged:
    """Run suites on a complete run and add them to its summary.json; see aecli.experiment.evaluate."""
    from aecli.experiment.evaluate import evaluate as evaluate_folder

    folder, place, findings = evaluate_folder(
        path, suites=suites, split=split, checkpoint=checkpoint, data=data, again=again, tell=tell
    )
    stored = folder.read_summary()["suites"][place]
    return Judged(Run(folder), place, {name: stored[name] for name in findings}, findings)


def load(path: str | Path) -> Run:
    """An existing run.

    Raises:
        UsageError: the folder is no run.
    """
    return Run(open_run_folder(path))


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
        prediction_BP = torch.logit(x_hat_BP, eps=1e-7) if entry.facts.from_logits else x_hat_BP
        loss_B: Tensor = entry.function(prediction_BP, x_BP, **checked)
        return loss_B

    return function
