"""What is judged: a trained model with the data it was made for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from aecli.evaluation.metrics import applicable, compute, needed
from aecli.evaluation.per_image import PerImage, measure

if TYPE_CHECKING:
    from aecli.config.schema import Config
    from aecli.experiment.architecture import Autoencoder
    from aecli.experiment.splits import Split, Splits

CHUNK = 1024
"""Images that are evaluated at once."""


@dataclass
class Subject:
    """A model in evaluation mode, its data, and the per-image errors measured on the way."""

    model: "Autoencoder"
    splits: "Splits"
    config: "Config"
    per_image: dict[str, PerImage] = field(default_factory=dict)

    @property
    def metric_names(self) -> list[str]:
        """The metrics that mean something on this data."""
        return applicable(is_image=self.splits.is_image, unit_range=self.splits.unit_range)

    def reconstruct(self, split: "Split") -> Iterator[tuple[Tensor, Tensor]]:
        """Batches of (reconstruction, image)."""
        for x_BP in split.batches(CHUNK):
            yield self.model(x_BP).x_hat_BP, x_BP

    def errors(self, pairs: Iterator[tuple[Tensor, Tensor]], names: list[str]) -> PerImage:
        """Per-image errors of any predictor, enough for the named metrics."""
        return measure(
            pairs, needed(names), mean_image_P=self.splits.mean_image_P, image_shape=self.splits.image_shape
        )

    def metrics(self, pairs: Iterator[tuple[Tensor, Tensor]], names: list[str]) -> dict[str, float]:
        """Metrics of any predictor."""
        return compute(self.errors(pairs, names), names)

    @torch.no_grad()
    def codes(self, split: "Split") -> Tensor:
        """The code of every image, (N, L)."""
        return torch.cat([self.model.encode(x_BP) for x_BP in split.batches(CHUNK)])


def validation_metrics(model: "Autoencoder", splits: "Splits", names: list[str]) -> dict[str, float]:
    """Metrics on the validation images, clean input against clean target, in evaluation mode.

    The model is left in training mode.
    """
    model.eval()
    subject = Subject(model, splits, None)
    with exact_products():
        values = subject.metrics(subject.reconstruct(splits.validation), names)
    model.train()
    return values


@contextmanager
def exact_products() -> Iterator[None]:
    """Full float32 matrix products while measuring, whatever `training.precision` is: SSIM is all differences."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("highest")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)
