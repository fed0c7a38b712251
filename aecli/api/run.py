"""A run as Python sees it: its folder read when asked, and its trained model applied to anybody's rows."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from aecli.errors import UsageError
from aecli.runs.folder import RunFolder, open_run_folder

if TYPE_CHECKING:
    from numpy import float32, float64
    from numpy.typing import NDArray
    from torch import Tensor

    from aecli.components.architecture.contract import Network
    from aecli.config.schema import Config
    from aecli.experiment.trained_model import TrainedModel


class Run:
    """A run folder, read when asked.

    It stands for its folder wherever a path is taken, can be copied and pickled, and loads its model once it is asked
    for.
    """

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder

    def __repr__(self) -> str:
        return f"Run({str(self.path)!r}, status={self._state()!r})"

    def _repr_html_(self) -> str:
        from aecli.api.telling import run_html

        return run_html(self._folder, repr(self))

    def __fspath__(self) -> str:
        return str(self.path)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Run) and self.path.absolute() == other.path.absolute()

    def __hash__(self) -> int:
        return hash(self.path.absolute())

    def __getstate__(self) -> dict[str, str]:
        return {"path": str(self.path.absolute())}  # of whoever unpickles it the working directory may be another one

    def __setstate__(self, state: dict[str, str]) -> None:
        self._folder = RunFolder(Path(state["path"]))

    def _state(self) -> str:
        """Its status in a word; never an error."""
        status = self._folder.read_status().get("status")
        return str(status) if status else "unknown" if self.path.exists() else "gone"

    @property
    def folder(self) -> RunFolder:
        """The paths of its files.

        Raises:
            UsageError: the folder has gone, or is no run any more.
        """
        if not self.path.exists():
            where = "" if self.path.is_absolute() else f", seen from {Path.cwd()}"
            raise UsageError(
                f"{self.path}: the folder of this run has gone{where}; aecli.load(PATH) reads it elsewhere"
            )
        return open_run_folder(self.path)

    @property
    def path(self) -> Path:
        """The run folder."""
        return self._folder.path

    def plain(self) -> dict[str, Any]:
        """Its folder and its summary as data for JSON: `aecli train --json`."""
        return {"run": str(self.path), **self.summary}

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

        `model(x_BP)` gives code, logits and reconstruction; `model.encode` and `model.decode` are its halves. It takes
        model values: float32, (B, P), scaled as the run's data was, which `scale` does; `encode`, `reconstruct` and
        `score` take rows as the data has them.

        Raises:
            CheckpointError: the checkpoint is missing, damaged, or not ours.
        """
        from aecli.experiment.restore import load_model

        return load_model(self.folder, self.config)

    @cached_property
    def _trained(self) -> "TrainedModel":
        from aecli.experiment.data_units import read_units
        from aecli.experiment.trained_model import TrainedModel

        label = getattr(self.config.data.dataset, "label", None)
        return TrainedModel(self.model, read_units(self.folder, label, self.model.origin.size))

    def scale(self, x: object) -> "Tensor":
        """Rows in the units of the data as `model` takes them: (n, P) float32, scaled as the run's data was.

        Args:
            x: see `encode`.

        Raises:
            DataError: see `encode`.
        """
        return self._trained.scale(x)

    @overload
    def encode(self, x: "Tensor", *, scaled: bool = False) -> "Tensor": ...  # type: ignore[overload-overlap]
    @overload
    def encode(self, x: object, *, scaled: bool = False) -> "NDArray[float32]": ...
    def encode(self, x: object, *, scaled: bool = False) -> object:
        """The code of each row: (n, L) float32.

        Args:
            x: rows in the units of the data that the run was trained on, scaled here as that was: a numpy array, a
                tensor, lists, or a data frame, whose columns are taken by name. Pictures are (n, P), (n, H, W) or
                (n, H, W, C), bytes where they were bytes. Nothing is corrupted, and any number of rows will do.
            scaled: x holds model values already, such as pictures from 0 to 1.

        Returns: a tensor on the CPU where a tensor was given, else a numpy array.

        Raises:
            DataError: other widths or units, NaN, or no numbers; or the run folder does not say how it scaled.
            CheckpointError: see `model`.
        """
        return like(x, self._trained.encode(x, scaled=scaled))

    @overload
    def decode(self, code: "Tensor") -> "Tensor": ...  # type: ignore[overload-overlap]
    @overload
    def decode(self, code: object) -> "NDArray[float32]": ...
    def decode(self, code: object) -> object:
        """The row of each code: (n, L) to (n, P) float32, in the units of the data."""
        return like(code, self._trained.decode(code))

    @overload
    def reconstruct(self, x: "Tensor", *, scaled: bool = False) -> "Tensor": ...  # type: ignore[overload-overlap]
    @overload
    def reconstruct(self, x: object, *, scaled: bool = False) -> "NDArray[float32]": ...
    def reconstruct(self, x: object, *, scaled: bool = False) -> object:
        """The reconstruction of each row, float32, in the shape and the units of x; see `encode`.

        Bytes come back as numbers from 0 to 255 that are not rounded.
        """
        return like(x, self._trained.reconstruct(x, scaled=scaled))

    @overload
    def score(  # type: ignore[overload-overlap]
        self, x: "Tensor", *, metric: str | None = None, scaled: bool = False
    ) -> "Tensor": ...
    @overload
    def score(self, x: object, *, metric: str | None = None, scaled: bool = False) -> "NDArray[float64]": ...
    def score(self, x: object, *, metric: str | None = None, scaled: bool = False) -> object:
        """How well each row is reconstructed: (n,) float64, one number a row; see `encode`.

        Args:
            x: see `encode`.
            metric: a name from `aecli list metrics`, mse if not given, of each row by itself and of model values, so
                that the mean of mse over the test rows is `summary["test"]["mse"]`. Of errors more is worse.
            scaled: see `encode`.

        Raises:
            UsageError: there is no such metric, it does not apply to these rows, or it needs the training images.
        """
        return like(x, self._trained.score(x, metric=metric, scaled=scaled))


def like(x: object, found: "NDArray[Any]") -> "Tensor | NDArray[Any]":
    """A tensor where one was given."""
    from aecli.lazy import torch

    return torch.from_numpy(found) if isinstance(x, torch.Tensor) else found
