"""How much of a code is used, how sparse it is, and how much its units repeat each other; knows no model.

Variance, and so the effective dimension, depends on the scale of each unit, which an autoencoder chooses freely; the
same number for standardised units stands beside it.

Shapes: N images, L code units, A alive code units.
"""

import math
from typing import TypedDict

import numpy as np

from aecli.evaluation.instruments.bins import count_bins
from aecli.evaluation.instruments.sparseness import hoyer, lifetime_sparsity, mean_of_finite

ALIVE_RANGE = 1e-6
"""A unit that moves less than this over all judged images is dead."""
MOST_BINS = 50
"""Of the histogram."""


class Histogram(TypedDict):
    """All values of a code in equal bins."""

    zeros: int
    edges: list[float]
    counts: list[int]


class Pair(TypedDict):
    """Two units and their correlation."""

    units: list[int]
    correlation: float


def describe(code_NL: np.ndarray) -> dict[str, float | None]:
    """Numbers of a whole code; None where one is not defined, such as the correlation of a single unit."""
    alive_A = alive_units(code_NL)
    alive_NA = code_NL[:, alive_A]
    variance_A = spectrum(alive_NA)
    correlation_AA = correlate(alive_NA)
    pairs = np.abs(correlation_AA[np.triu_indices(len(alive_A), 1)])
    return {
        "units": code_NL.shape[1],
        "alive": len(alive_A),
        "effective_dimension": participation_ratio(variance_A),
        "effective_dimension_standardised": participation_ratio(np.linalg.eigvalsh(correlation_AA)),
        "dimensions_90": dimensions_for(0.90, variance_A),
        "dimensions_99": dimensions_for(0.99, variance_A),
        "exact_zeros": float(np.mean(code_NL == 0)),
        "active_per_image": float((code_NL != 0).sum(1).mean()),
        "images_with_empty_code": int((code_NL == 0).all(1).sum()),
        "hoyer_per_image": mean_of_finite(hoyer(code_NL)),
        "lifetime_sparsity": mean_of_finite(lifetime_sparsity(alive_NA)),
        "mean_abs_correlation": float(pairs.mean()) if len(pairs) else None,
        "max_abs_correlation": float(pairs.max()) if len(pairs) else None,
    }


def alive_units(code_NL: np.ndarray) -> np.ndarray:
    """Which units move at all."""
    return np.flatnonzero(np.ptp(code_NL, axis=0) > ALIVE_RANGE)


def spectrum(code_NL: np.ndarray) -> np.ndarray:
    """Eigenvalues of the covariance of the code, falling, none below 0."""
    centred_NL = code_NL - code_NL.mean(0)
    return np.linalg.eigvalsh(centred_NL.T @ centred_NL / len(code_NL))[::-1].clip(min=0.0)


def participation_ratio(variance_L: np.ndarray) -> float:
    """In how many directions the variance lies: 1 for one direction, n for n equal ones, 0 where there is no variance.

    (sum of eigenvalues)^2 / sum of their squares

    Source: Gao et al. 2017, doi:10.1101/214262
    Example:
        >>> participation_ratio(np.array([2.0, 2.0, 0.0])), participation_ratio(np.zeros(3))
        (2.0, 0.0)
    """
    largest = variance_L.max(initial=0.0)
    if largest == 0:
        return 0.0
    share_L = variance_L / largest  # squares of tiny variances would vanish
    return float(share_L.sum() ** 2 / np.square(share_L).sum())


def dimensions_for(share: float, variance_L: np.ndarray) -> int:
    """The fewest principal directions that hold the given share of the variance; 0 where there is none.

    Example:
        >>> dimensions_for(0.9, np.array([8.0, 1.0, 1.0]))
        2
    """
    wanted = share * variance_L.sum() * (1.0 - 1e-12)  # rounding must not ask for one more
    return int(np.searchsorted(np.cumsum(variance_L), wanted) + 1) if wanted > 0 else 0


def correlate(alive_NA: np.ndarray) -> np.ndarray:
    """Pearson correlation of units that are all alive, (A, A)."""
    centred_NA = alive_NA - alive_NA.mean(0)
    centred_NA /= np.linalg.norm(centred_NA, axis=0)
    correlation_AA = (centred_NA.T @ centred_NA).clip(-1.0, 1.0)
    np.fill_diagonal(correlation_AA, 1.0)
    return correlation_AA


def largest_pair(correlation_AA: np.ndarray, alive_A: np.ndarray) -> Pair | None:
    """The two units that repeat each other most; None with fewer than two alive."""
    if len(alive_A) < 2:
        return None
    size_AA = np.triu(np.abs(correlation_AA), 1)
    first, second = np.unravel_index(size_AA.argmax(), size_AA.shape)
    return {"units": [int(alive_A[first]), int(alive_A[second])], "correlation": float(correlation_AA[first, second])}


def describe_units(code_NL: np.ndarray) -> dict[str, list[bool] | list[float | None]]:
    """Numbers of every unit, in the order of the units."""
    quartiles_3L = np.quantile(code_NL, (0.25, 0.5, 0.75), axis=0)
    columns = {
        "mean": code_NL.mean(0),
        "sd": code_NL.std(0),
        "min": code_NL.min(0),
        "lower_quartile": quartiles_3L[0],
        "median": quartiles_3L[1],
        "upper_quartile": quartiles_3L[2],
        "max": code_NL.max(0),
        "exact_zeros": (code_NL == 0).mean(0),
        "lifetime_sparsity": lifetime_sparsity(code_NL),
    }
    alive = np.isin(np.arange(code_NL.shape[1]), alive_units(code_NL)).tolist()
    return {"alive": alive} | {
        name: [x if math.isfinite(x) else None for x in column.tolist()] for name, column in columns.items()
    }


def histogram(code_NL: np.ndarray) -> Histogram:
    """All values of the code in equal bins; exact zeros are counted by themselves, and in no bin."""
    values_M = code_NL[code_NL != 0]
    counts, edges = np.histogram(values_M, count_bins(values_M, MOST_BINS))
    return {"zeros": int((code_NL == 0).sum()), "edges": edges.tolist(), "counts": counts.tolist()}
