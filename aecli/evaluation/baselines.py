"""Predictors that need no training: what a reader needs beside every number.

Shapes: N images, B batch, P pixels, K components.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from torch import Tensor

from aecli.precision import matrix_products
from aecli.randomness import stream

if TYPE_CHECKING:
    from aecli.training.splits import Split

CHUNK = 512
EXACT_CHUNK = 1024
"""Images whose products of bytes can be summed in float32 without rounding."""
COVARIANCE_LIMIT = 4096
"""Up to this many pixels PCA is exact, by the covariance; beyond it the eigenvectors would cost minutes."""
SAMPLE_LIMIT = 10_000
"""Training images that PCA looks at beyond that."""


class Pca(NamedTuple):
    """Principal components of the training images."""

    mean_P: Tensor
    components_KP: Tensor

    def encode(self, x_BP: Tensor) -> Tensor:
        """Coefficients of the components, (B, K)."""
        return (x_BP - self.mean_P) @ self.components_KP.T

    def reconstruct(self, x_BP: Tensor) -> Tensor:
        """Projection onto the components, not clipped."""
        return self.encode(x_BP) @ self.components_KP + self.mean_P

    def reconstruct_clipped(self, x_BP: Tensor) -> Tensor:
        """Projection onto the components, clipped to [0, 1]."""
        return self.reconstruct(x_BP).clamp(0.0, 1.0)

    def as_arrays(self) -> dict[str, np.ndarray]:
        """Both by name, to be stored."""
        return {name: part.cpu().numpy() for name, part in self._asdict().items()}


def fit_pca(train: "Split", count: int) -> Pca:
    """PCA of the training images.

    The covariance is summed over chunks in double precision, so memory does not grow with the number of images.

    Args:
        train: training images.
        count: components wanted; fewer are returned where the data has no more.

    Returns: the mean, (P,), and the components in falling order of variance, (K, P).
    """
    size = train.values_NP.shape[1]
    if size > COVARIANCE_LIMIT:
        return fit_pca_sampled(train, count)
    mean_P, covariance_PP = (moments_of_bytes if train.values_NP.dtype == torch.uint8 else moments)(train)
    vectors_PK = torch.linalg.eigh(covariance_PP).eigenvectors[:, -min(count, size, len(train)) :].flip(1)
    example = train.batch(slice(0, 1))
    return Pca(mean_P.to(example), vectors_PK.T.to(example))


def moments(train: "Split") -> tuple[Tensor, Tensor]:
    """Mean, (P,), and covariance times N, (P, P), in double precision on the CPU."""
    mean_P = train.mean_image()
    total_PP = torch.zeros(len(mean_P), len(mean_P), dtype=torch.float64)
    for x_BP in train.batches(CHUNK):
        centred_BP = x_BP - mean_P
        total_PP += (centred_BP.T @ centred_BP).cpu().double()
    return mean_P.cpu().double(), total_PP


def moments_of_bytes(train: "Split") -> tuple[Tensor, Tensor]:
    """The same of images stored as bytes: exact, and several times as fast where a processor multiplies bfloat16.

    A byte less 128 is exact in bfloat16, a product of two in float32, and so is the sum of 1024 of them: at most 2^24.
    """
    size = train.values_NP.shape[1]
    total_P, total_PP = torch.zeros(size, dtype=torch.float64), torch.zeros(size, size, dtype=torch.float64)
    with matrix_products("medium"):
        for bytes_BP in train.values_NP.split(EXACT_CHUNK):
            x_BP = bytes_BP.float().sub_(128.0)
            total_P += x_BP.sum(0).cpu().double()
            total_PP += (x_BP.T @ x_BP).cpu().double()
    mean_P = total_P / len(train)
    return (mean_P + 128.0) / 255.0, total_PP.sub_(torch.outer(mean_P, total_P)).div_(255.0**2)


def fit_pca_sampled(train: "Split", count: int) -> Pca:
    """PCA of large images, from a fixed random sample of the training images, by scikit-learn's randomized solver."""
    from sklearn.decomposition import PCA

    order_N = torch.randperm(len(train), generator=stream(0, "evaluation", "pca"))
    x_NP = train.batch(order_N[:SAMPLE_LIMIT].to(train.values_NP.device))
    pca = PCA(min(count, *x_NP.shape), svd_solver="randomized", random_state=0).fit(x_NP.cpu().numpy())
    return Pca(torch.from_numpy(pca.mean_).to(x_NP), torch.from_numpy(pca.components_).to(x_NP))


def predictions(split: "Split", pca: Pca, *, clip: bool) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of (PCA's reconstruction, image)."""
    for x_BP in split.batches(CHUNK):
        yield pca.reconstruct_clipped(x_BP) if clip else pca.reconstruct(x_BP), x_BP


def constant_predictions(split: "Split", image_P: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of (the same image, image)."""
    for x_BP in split.batches(CHUNK):
        yield image_P.expand_as(x_BP), x_BP
