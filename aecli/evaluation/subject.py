"""What is judged: a trained model with the data it was made for."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from aecli.components.evaluation.metrics import applicable, compute, needed
from aecli.components.evaluation.per_image import PerImage, measure
from aecli.evaluation.baselines import Pca, fit_pca
from aecli.evaluation.stored_arrays import cached_arrays
from aecli.precision import exact_products
from aecli.randomness import stream_seed

if TYPE_CHECKING:
    from aecli.components.architecture.contract import Network
    from aecli.config.schema import Config
    from aecli.training.splits import Split, Splits

CHUNK = 512
"""Images that are evaluated at once: more would not stay in the cache of a core from layer to layer."""


@dataclass
class Subject:
    """A model in evaluation mode, its data, and what was measured on the way.

    Random numbers of an evaluation come from `rng`, which does not know the run's seed: every model meets the same
    noise. Shapes: N images, B batch, P pixels, L code units.
    """

    model: "Network"
    splits: "Splits"
    config: "Config | None"
    target_name: str = "test"
    """Which images are judged: `test` or `validation`."""
    per_image: dict[str, PerImage] = field(default_factory=dict)
    known_codes: dict[int, Tensor] = field(default_factory=dict)
    """Codes that several suites need, by the identity of their split."""
    known_pca: dict[int, Pca] = field(default_factory=dict)
    """Principal components that several suites need, by their number."""

    def __post_init__(self) -> None:
        self.model.eval()

    @property
    def target(self) -> "Split":
        """The images that are judged."""
        return getattr(self.splits, self.target_name)

    @property
    def train(self) -> "Split":
        """The images the model was trained on."""
        return self.splits.train

    @property
    def metric_names(self) -> list[str]:
        """The metrics that mean something on this data."""
        return applicable(self.splits.rows)

    def rng(self, *name: str | int) -> np.random.Generator:
        """A generator for a named purpose, the same for every run."""
        return np.random.default_rng(stream_seed(0, "evaluation", *name))

    @torch.no_grad()
    def reconstruct(self, split: "Split") -> Iterator[tuple[Tensor, Tensor]]:
        """Batches of (reconstruction, image)."""
        for x_BP in split.batches(CHUNK):
            yield self.model(x_BP).x_hat_BP, x_BP

    @torch.no_grad()
    def apply(self, function: Callable[[Tensor], Tensor], x_NP: np.ndarray) -> np.ndarray:
        """A function of batches, such as `subject.model.encode`, over an array of images, (N, P) float32."""
        device = self.splits.mean_image_P.device
        parts = [
            torch.from_numpy(np.ascontiguousarray(x_NP[i : i + CHUNK])).to(device) for i in range(0, len(x_NP), CHUNK)
        ]
        return np.concatenate([function(part).cpu().numpy() for part in parts])

    def reconstruct_array(self, x_NP: np.ndarray) -> np.ndarray:
        """Reconstructions of any images, (N, P) float32."""
        return self.apply(lambda x_BP: self.model(x_BP).x_hat_BP, x_NP)

    def array(self, split: "Split") -> np.ndarray:
        """The images of a split as model values, (N, P) float32."""
        return split.batch(slice(None)).cpu().numpy()

    def errors(
        self, pairs: Iterator[tuple[Tensor, Tensor]], names: list[str], known: PerImage | None = None
    ) -> PerImage:
        """Per-image errors of any predictor, enough for the named metrics; what is `known` is not measured again."""
        known, shape = known or {}, self.splits.image_shape
        measured = measure(
            pairs, needed(names) - known.keys(), mean_image_P=self.splits.mean_image_P, image_shape=shape
        )
        return measured | known

    def metrics(self, pairs: Iterator[tuple[Tensor, Tensor]], names: list[str]) -> dict[str, float]:
        """Metrics of any predictor."""
        return compute(self.errors(pairs, names), names)

    def split_errors(self, name: str) -> PerImage:
        """The model's per-image errors on `train`, `validation` or `test`, measured once."""
        if name not in self.per_image:
            split = getattr(self.splits, name)
            same = [part for part in self.per_image if getattr(self.splits, part).values_NP is split.values_NP]
            measured = self.per_image[same[0]] if same else self.errors(self.reconstruct(split), self.metric_names)
            self.per_image[name] = measured
        return self.per_image[name]

    @torch.no_grad()
    def measure_target(self, watch: Callable[[Tensor, Tensor], None]) -> None:
        """Measure the errors and the codes of the judged images in one pass.

        Args:
            watch: is shown every batch of (reconstruction, image).
        """
        codes = []

        def pairs() -> Iterator[tuple[Tensor, Tensor]]:
            for x_BP in self.target.batches(CHUNK):
                found = self.model(x_BP)
                codes.append(found.code_BL)
                watch(found.x_hat_BP, x_BP)
                yield found.x_hat_BP, x_BP

        self.per_image[self.target_name] = self.errors(pairs(), self.metric_names)
        self.known_codes[id(self.target)] = torch.cat(codes)

    @torch.no_grad()
    def codes(self, split: "Split") -> Tensor:
        """The code of every image, (N, L), computed once."""
        if id(split) not in self.known_codes:
            self.known_codes[id(split)] = torch.cat([self.model.encode(x_BP) for x_BP in split.batches(CHUNK)])
        return self.known_codes[id(split)]

    def pca(self, count: int | None = None) -> Pca:
        """PCA of the training images with so many components, by default the code's size; kept on disk."""
        wanted = self.model.code_size if count is None else count
        if wanted not in self.known_pca:
            arrays = self.cached(f"pca {wanted}", lambda: fit_pca(self.train, wanted).as_arrays())
            device = self.splits.mean_image_P.device
            self.known_pca[wanted] = Pca(*(torch.from_numpy(arrays[name]).to(device) for name in Pca._fields))
        return self.known_pca[wanted]

    def cached(self, name: str, compute: Callable[[], dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
        """Arrays that depend on the data and the protocol, not on the model: baselines, computed once per machine.

        Args:
            name: of what is computed, version of the protocol included.
            compute: computes it.
        """
        return cached_arrays(f"{name} {self.data_digest}", compute)

    @cached_property
    def data_digest(self) -> str:
        """SHA-256 of the very images that baselines are fitted on and judged with, in their order."""
        digest = hashlib.sha256(json.dumps(self.splits.description["scaling"], sort_keys=True).encode())
        for split in (self.train, self.target):
            digest.update(np.ascontiguousarray(split.values_NP.cpu().numpy()).data)
            digest.update(b"" if split.labels_N is None else np.ascontiguousarray(split.labels_N).data)
        return digest.hexdigest()


@torch.no_grad()
def measure_in_use(model: "Network", split: "Split", read: "Callable[[Network, Tensor], Tensor]") -> float:
    """A mean over images of the code, clean input, in evaluation mode; the model is left in training mode."""
    model.eval()
    total = 0.0
    with exact_products():
        for x_BP in split.batches(CHUNK):
            total += len(x_BP) * read(model, model.encode(x_BP)).item()
    model.train()
    return total / len(split)


def validation_metrics(model: "Network", splits: "Splits", names: list[str]) -> dict[str, float]:
    """Metrics on the validation images, clean input against clean target, in evaluation mode.

    The model is left in training mode.
    """
    subject = Subject(model, splits, None)
    with exact_products():
        values = subject.metrics(subject.reconstruct(splits.validation), names)
    model.train()
    return values
