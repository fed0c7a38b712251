"""Predictors that need no training: what a reader needs beside every number.

Shapes: N images, B batch, P pixels, K components.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor

from aecli.experiment.streams import stream

if TYPE_CHECKING:
    from aecli.experiment.splits import Split

CHUNK = 2048
COVARIANCE_LIMIT = 4096
"""Up to this many pixels PCA is exact, by the covariance; beyond it the eigenvectors would cost minutes."""
SAMPLE_LIMIT = 10_000
"""Training images that PCA looks at beyond that."""


class Pca(NamedTuple):
    """Principal components of the training images."""

    mean_P: Tensor
    components_KP: Tensor

    def reconstruct(self, x_BP: Tensor) -> Tensor:
        """Projection onto the components, not clipped."""
        return (x_BP - self.mean_P) @ self.components_KP.T @ self.components_KP + self.mean_P


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
    moment_PP = torch.zeros(size, size, dtype=torch.float64)
    mean_P = train.mean_image().cpu().double()
    for x_BP in train.batches(CHUNK):
        centred_BP = x_BP - mean_P.to(x_BP)
        moment_PP += (centred_BP.T @ centred_BP).cpu().double()
    vectors_PK = torch.linalg.eigh(moment_PP).eigenvectors[:, -min(count, size, len(train)) :].flip(1)
    example = train.batch(slice(0, 1))
    return Pca(mean_P.to(example), vectors_PK.T.to(example))


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
        x_hat_BP = pca.reconstruct(x_BP)
        yield x_hat_BP.clamp(0.0, 1.0) if clip else x_hat_BP, x_BP


def constant_predictions(split: "Split", image_P: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of (the same image, image)."""
    for x_BP in split.batches(CHUNK):
        yield image_P.expand_as(x_BP), x_BP
