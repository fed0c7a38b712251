"""Scores of candidates: levels, weighted over goals, by seed, and drawn from what the seeds leave open.

The level of an error is its logarithm, that of an accuracy, an SSIM or a skill is its negative: so one percent of error
weighs as much as one point of accuracy, and how far one candidate is from another never depends on a third.
A goal's level is the mean over its measures, the score the weighted mean over the goals; smaller is better. Regret is
the distance to the best level.

Shapes: B draws, C weightings, K candidates, T terms, G goals, N seeds.
"""

from dataclasses import dataclass

from aecli.comparison.statistics.certainty import DRAWS, draw_means
from aecli.comparison.statistics.layout import contenders, find_spread
from aecli.lazy import np

JITTER = 2.0
"""Every priority is multiplied by up to this, or divided by it, log-uniformly."""
SMALLEST_ERROR = 1e-12
"""What an error is at least, so that one of 0 has a logarithm."""


@dataclass(frozen=True)
class Sample:
    """What a choice is made from."""

    values: "tuple[np.ndarray, ...]"
    """One (T, N) for each candidate."""
    seeds: tuple[tuple[int, ...], ...]
    """Of each candidate, in the order of its values."""
    is_error_T: "np.ndarray"
    goal_T: "np.ndarray"
    """Index of each term's goal."""
    weight_G: "np.ndarray"
    lost: tuple[tuple[int, ...], ...] = ()
    """Of each candidate, the seeds that diverged or have no finite number; empty where nothing was lost."""

    @property
    def fewest(self) -> int:
        """The number of seeds of the candidate that has the fewest."""
        return min(map(len, self.seeds))

    @property
    def means_KT(self) -> "np.ndarray":
        """The means over the seeds of each candidate."""
        return np.stack([values.mean(axis=1) for values in self.values])


def levels(means: "np.ndarray", is_error_T: "np.ndarray") -> "np.ndarray":
    """Means on the scale of the scores, (..., T) -> (..., T): the logarithm of errors, others negated."""
    found: np.ndarray = np.where(is_error_T, np.log(np.maximum(means, SMALLEST_ERROR)), -means)
    return found


def regrets(means: "np.ndarray", is_error_T: "np.ndarray") -> "np.ndarray":
    """How far each candidate is behind the best one of each term, (..., K, T) -> (..., K, T), 0 for the best.

    Example:
        >>> regrets(np.array([[0.010, 0.90], [0.011, 0.95]]), np.array([True, False])).round(6).tolist()
        [[0.0, 0.05], [0.09531, 0.0]]
    """
    level = levels(means, is_error_T)
    found: np.ndarray = level - level.min(axis=-2, keepdims=True)
    return found


def levels_by_seed(values: "np.ndarray", is_error_T: "np.ndarray") -> "np.ndarray":
    """Values of one candidate on the scale of the scores, (T, N) -> (T, N), their mean is the level of the mean.

    The tangent of the logarithm at the candidate's own mean: a single seed near 0 does not decide.
    """
    means_T1 = values.mean(axis=1, keepdims=True)
    unit_T1 = np.where(is_error_T[:, None], np.maximum(means_T1, SMALLEST_ERROR), -1.0)
    found: np.ndarray = levels(means_T1[:, 0], is_error_T)[:, None] + (values - means_T1) / unit_T1
    return found


def spread_weights(sample: Sample, weight_G: "np.ndarray") -> "np.ndarray":
    """The share of each term in the score, (..., G) -> (..., T): its goal's weight over the goal's number of terms."""
    terms_G = np.bincount(sample.goal_T, minlength=len(sample.weight_G))
    shares: np.ndarray = ((weight_G / weight_G.sum(axis=-1, keepdims=True)) / terms_G)[..., sample.goal_T]
    return shares


def own_scores(sample: Sample) -> "list[np.ndarray]":
    """The score of every seed of each candidate, (N,); their mean is the candidate's score."""
    share_T = spread_weights(sample, sample.weight_G)
    return [share_T @ levels_by_seed(values, sample.is_error_T) for values in sample.values]


def scores_by_seed(sample: Sample, leader: int) -> list[dict[int, float]]:
    """Seed -> score in shares of the leader's errors, for each candidate; only differences mean something.

    By one measure these are its values in other units, and a test of them is the test of a comparison.
    """
    share_T = spread_weights(sample, sample.weight_G)
    unit_T = np.where(sample.is_error_T, np.maximum(sample.means_KT[leader], SMALLEST_ERROR), -1.0)
    return [
        dict(zip(seeds, ((share_T / unit_T) @ values).tolist(), strict=True))
        for values, seeds in zip(sample.values, sample.seeds, strict=True)
    ]


def jittered_shares(sample: Sample, rng: "np.random.Generator") -> "np.ndarray":
    """Shares of the terms with jittered priorities, (B, T); of a single goal once, (1, T)."""
    exponents_BG = rng.uniform(-1, 1, (DRAWS, len(sample.weight_G)))
    shares_BT = spread_weights(sample, sample.weight_G * JITTER**exponents_BG)
    return shares_BT if len(sample.weight_G) > 1 else shares_BT[:1]


def seen_scores(sample: Sample) -> "np.ndarray":
    """The scores of the seen means under jittered priorities, (C, K)."""
    shares_CT = jittered_shares(sample, np.random.default_rng(0))
    found_CK: np.ndarray = shares_CT @ levels(sample.means_KT, sample.is_error_T).T
    return found_CK


def draw_scores(sample: Sample) -> "np.ndarray":
    """Scores with means drawn from what the seeds leave open, and priorities jittered, (B, K).

    Who is hopelessly behind is inf in each, and changes nothing for the others.
    """
    rng = np.random.default_rng(0)
    shares_CT = jittered_shares(sample, rng)
    by_seed = [levels_by_seed(values, sample.is_error_T) for values in sample.values]
    group = contenders(own_scores(sample), sample.seeds)
    spread = find_spread([by_seed[index] for index in group], [sample.seeds[index] for index in group])
    means_CK = shares_CT @ levels(sample.means_KT[group], sample.is_error_T).T
    score_BK = np.full((DRAWS, len(by_seed)), np.inf)
    score_BK[:, group] = draw_means(means_CK, spread.covariance(shares_CT, shares_CT), spread.degrees, rng)
    return score_BK


def win_shares(score_BK: "np.ndarray") -> "np.ndarray":
    """The share of the draws in which each candidate has the smallest score; a tie is shared."""
    is_best_BK = score_BK <= score_BK.min(axis=1, keepdims=True) + 1e-12
    wins_K: np.ndarray = (is_best_BK / is_best_BK.sum(axis=1, keepdims=True)).mean(axis=0)
    return wins_K
