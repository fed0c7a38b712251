"""Scores of candidates: regrets, weighted over goals, by seed, and drawn from what the seeds leave open.

Regret is the distance to the best candidate, on one scale for all measures: a ratio for errors (value / best - 1), a
difference for accuracies, SSIM and skills (best - value). So one percent of error weighs as much as one point of
accuracy.
A goal's regret is the mean over its measures, the score the weighted mean over the goals; smaller is better, 0 is best.

Shapes: B draws, K candidates, T terms, G goals, N seeds.
"""

import math
from dataclasses import dataclass

from aecli.lazy import np

DRAWS = 2000
JITTER = 2.0
"""Every priority is multiplied by up to this, or divided by it, log-uniformly."""
SMALLEST_ERROR = 1e-12
"""What an error is at least divided by, so that a best of 0 leaves a number."""


@dataclass(frozen=True)
class Sample:
    """What a choice is made from."""

    values: "tuple[np.ndarray, ...]"
    """One (T, N) for each candidate."""
    is_paired: bool
    """The seeds are the same, in the same order, for all candidates."""
    is_error_T: "np.ndarray"
    goal_T: "np.ndarray"
    """Index of each term's goal."""
    weight_G: "np.ndarray"

    @property
    def fewest(self) -> int:
        """The number of seeds of the candidate that has the fewest."""
        return min(int(values.shape[1]) for values in self.values)


def regrets(means: "np.ndarray", is_error_T: "np.ndarray") -> "np.ndarray":
    """How far each candidate is behind the best one of each term, (..., K, T) -> (..., K, T), 0 for the best.

    Example:
        >>> regrets(np.array([[0.010, 0.90], [0.011, 0.95]]), np.array([True, False])).round(6).tolist()
        [[0.0, 0.05], [0.1, 0.0]]
    """
    lowest, highest = means.min(axis=-2, keepdims=True), means.max(axis=-2, keepdims=True)
    found: np.ndarray = np.where(is_error_T, (means - lowest) / np.maximum(lowest, SMALLEST_ERROR), highest - means)
    return found


def spread_weights(sample: Sample, weight_G: "np.ndarray") -> "np.ndarray":
    """The share of each term in the score, (..., G) -> (..., T): its goal's weight over the goal's number of terms."""
    terms_G = np.bincount(sample.goal_T, minlength=len(sample.weight_G))
    shares: np.ndarray = ((weight_G / weight_G.sum(axis=-1, keepdims=True)) / terms_G)[..., sample.goal_T]
    return shares


def scores_by_seed(sample: Sample, means_KT: "np.ndarray", share_T: "np.ndarray") -> "list[np.ndarray]":
    """The score of every seed of each candidate, (N,), up to a constant: the best means stay where they are."""
    lowest_T = np.maximum(means_KT.min(axis=0), SMALLEST_ERROR)
    unit_T = np.where(sample.is_error_T, 1 / lowest_T, -1.0) * share_T
    return [unit_T @ values for values in sample.values]


def draw_scores(sample: Sample) -> "np.ndarray":
    """Scores with means drawn from what the seeds leave open, and priorities jittered, (B, K).

    Paired seeds move all candidates together; the priorities always do, and matter where there are several goals.
    """
    rng = np.random.default_rng(0)
    means_BKT = draw_means(sample, rng)
    exponents_BG = rng.uniform(-1, 1, (DRAWS, len(sample.weight_G)))
    share_BT = spread_weights(sample, sample.weight_G * JITTER**exponents_BG)
    score_BK: np.ndarray = np.einsum("bkt,bt->bk", regrets(means_BKT, sample.is_error_T), share_BT)
    return score_BK


def draw_means(sample: Sample, rng: "np.random.Generator") -> "np.ndarray":
    """Means from the t distribution that the seeds leave for them, (B, K, T).

    Resampling a few seeds would be too sure: see `draw_shares`.
    """
    if not sample.is_paired:
        return np.stack([draw_shares(values.shape[1], rng) @ values.T for values in sample.values], axis=1)
    shares_BN = draw_shares(sample.fewest, rng)
    means_BKT: np.ndarray = np.einsum("bn,ktn->bkt", shares_BN, np.stack(sample.values))
    return means_BKT


def draw_shares(seeds: int, rng: "np.random.Generator") -> "np.ndarray":
    """Weights of the seeds, (B, N), of sum 1: values times these are draws of their mean from t with N - 1 degrees.

    That is the posterior of the mean of normal values under the usual flat prior.

    Source: Gelman et al. 2013, Bayesian Data Analysis, section 3.2
    """
    noise_BN = rng.standard_normal((DRAWS, seeds))
    noise_BN -= noise_BN.mean(axis=1, keepdims=True)
    widening_B1 = np.sqrt((seeds - 1) / rng.chisquare(seeds - 1, (DRAWS, 1)))
    shares_BN: np.ndarray = 1 / seeds + noise_BN * widening_B1 / math.sqrt(seeds * (seeds - 1))
    return shares_BN


def win_shares(score_BK: "np.ndarray") -> "np.ndarray":
    """The share of the draws in which each candidate has the smallest score; a tie is shared."""
    is_best_BK = score_BK <= score_BK.min(axis=1, keepdims=True) + 1e-12
    wins_K: np.ndarray = (is_best_BK / is_best_BK.sum(axis=1, keepdims=True)).mean(axis=0)
    return wins_K
