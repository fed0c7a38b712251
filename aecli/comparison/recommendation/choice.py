"""From values by seed to a decision: regrets, resamples, win shares, and whether the leader's lead is clear.

Regret is the distance to the best candidate, on one scale for all measures: a ratio for errors (value / best - 1), a
difference for accuracies, SSIM and skills (best - value). So one percent of error weighs as much as one point of
accuracy.
A goal's regret is the mean over its measures, the score the weighted mean over the goals; smaller is better, 0 is best.

Why the win share does not decide alone: a bootstrap of few seeds is too sure of itself. In 2,000 simulations of two
equal candidates a win share of 95 % alone called one of them the better one in 39 % of the cases with 3 seeds, in 21 %
with 5 and in 15 % with 10; with the t interval beside it in 4 to 5 % of them.

Shapes: B resamples, K candidates, T terms, N seeds.
"""

import math
from dataclasses import dataclass, replace

from aecli.comparison.statistics.intervals import CONFIDENCE, Estimate, mean_interval
from aecli.lazy import np

RESAMPLES = 2000
SURE = 0.95
ROPE = 0.01
"""Scores that differ by less are as good in practice: one percent, or one point."""
JITTER = 2.0
"""Every priority is multiplied by up to this, or divided by it, log-uniformly."""
SMALLEST_ERROR = 1e-12
"""What an error is at least divided by, so that a best of 0 leaves a number."""
RECOMMENDED, UNDECIDED, ONLY = "recommended", "undecided", "only"


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


@dataclass(frozen=True)
class ScoredChoice:
    """What came out, in the order of the candidates."""

    kind: str
    """recommended | undecided | only"""
    leader: int
    """The candidate with the smallest score."""
    between: tuple[int, ...]
    """Who may be the best: the leader alone where it is recommended."""
    as_good: tuple[int, ...]
    """Others whose score is in practice that of the leader."""
    regret_KT: "np.ndarray"
    score_K: "np.ndarray"
    wins_K: "np.ndarray | None"
    """Share of the resamples that each candidate wins; None with one seed each."""
    behind: tuple[Estimate, ...]
    """Score minus that of the leader, with its 95 % interval over seeds."""


def choose(sample: Sample) -> ScoredChoice:
    """Find the leader, and whether it may be recommended.

    Recommended is who wins at least 95 % of the resamples, and whose 95 % t interval of the score difference leaves out
    0 for every other candidate. That test of the best against the others needs no further correction.

    Source: Gutmann and Maymin 1987, Is the selected population the best?, Annals of Statistics 15
    """
    means_KT = np.stack([values.mean(axis=1) for values in sample.values])
    share_T = spread_weights(sample, sample.weight_G)
    regret_KT = regrets(means_KT, sample.is_error_T)
    score_K = regret_KT @ share_T
    leader = int(np.argmin(score_K))
    everyone = tuple(range(len(score_K)))
    single = ScoredChoice(
        kind=ONLY if len(everyone) == 1 else UNDECIDED,
        leader=leader,
        between=everyone,
        as_good=(),
        regret_KT=regret_KT,
        score_K=score_K,
        wins_K=None,
        behind=lead(sample, means_KT, share_T, leader),
    )
    return single if len(everyone) == 1 or sample.fewest < 2 else decide(single, resample(sample))


def decide(scored: ScoredChoice, score_BK: "np.ndarray") -> ScoredChoice:
    """The choice that resampled scores allow."""
    leader, behind = scored.leader, scored.behind
    others = [index for index in range(len(behind)) if index != leader]
    wins_K = win_shares(score_BK)
    close_K = np.mean(score_BK - score_BK[:, [leader]] < ROPE, axis=0) >= SURE
    between = smallest_set(wins_K, {leader, *(index for index in others if may_be_best(behind[index]))})
    return replace(
        scored,
        kind=RECOMMENDED if between == (leader,) else UNDECIDED,
        between=between,
        as_good=tuple(index for index in others if close_K[index] and is_within_rope(behind[index])),
        wins_K=wins_K,
    )


def may_be_best(behind: Estimate) -> bool:
    """Whether the interval of the distance to the leader includes 0, or is not known."""
    return behind.low is None or behind.low <= 0


def is_within_rope(behind: Estimate) -> bool:
    """Whether the interval of the distance to the leader is known, and ends within what matters in practice."""
    return behind.high is not None and behind.high < ROPE


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


def lead(sample: Sample, means_KT: "np.ndarray", share_T: "np.ndarray", leader: int) -> tuple[Estimate, ...]:
    """Each candidate's score minus the leader's, with its interval over seeds.

    The best means stay where they are, so that every seed has a score of its own and the mean of these is the score up
    to a constant.
    """
    lowest_T = np.maximum(means_KT.min(axis=0), SMALLEST_ERROR)
    unit_T = np.where(sample.is_error_T, 1 / lowest_T, -1.0) * share_T
    scores = [unit_T @ values for values in sample.values]
    if sample.is_paired:
        return tuple(mean_interval(score_N - scores[leader]) for score_N in scores)
    if sample.fewest < 2:
        return tuple(Estimate(float(score_N.mean() - scores[leader].mean()), 1) for score_N in scores)
    return tuple(unpaired_lead(score_N, scores[leader]) for score_N in scores)


def unpaired_lead(a: "np.ndarray", b: "np.ndarray") -> Estimate:
    """The difference of two means with Welch's interval; a comparison would also permute, for a p not asked for."""
    from scipy.stats import ttest_ind

    mean, n = float(a.mean() - b.mean()), min(len(a), len(b))
    if np.ptp(a) == 0 and np.ptp(b) == 0:
        return Estimate(mean, n, low=mean, high=mean)
    low, high = ttest_ind(a, b, equal_var=False).confidence_interval(CONFIDENCE)
    return Estimate(mean, n, low=float(low), high=float(high))


def resample(sample: Sample) -> "np.ndarray":
    """Scores with seeds drawn with replacement and priorities jittered, (B, K).

    Paired seeds are the same draw for all candidates; the priorities always are, and matter where there are several
    goals.
    """
    rng = np.random.default_rng(0)
    means_BKT = resample_means(sample, rng)
    exponents_BG = rng.uniform(-1, 1, (RESAMPLES, len(sample.weight_G)))
    share_BT = spread_weights(sample, sample.weight_G * JITTER**exponents_BG)
    score_BK: np.ndarray = np.einsum("bkt,bt->bk", regrets(means_BKT, sample.is_error_T), share_BT)
    return score_BK


def resample_means(sample: Sample, rng: "np.random.Generator") -> "np.ndarray":
    """Means over seeds drawn with replacement, (B, K, T): how often each seed is drawn is multinomial."""

    if not sample.is_paired:
        return np.stack([draw_shares(values.shape[1], rng) @ values.T for values in sample.values], axis=1)
    shares_BN = draw_shares(sample.fewest, rng)
    means_BKT: np.ndarray = np.einsum("bn,ktn->bkt", shares_BN, np.stack(sample.values))
    return means_BKT


def draw_shares(seeds: int, rng: "np.random.Generator") -> "np.ndarray":
    """How often each of some seeds is drawn with replacement, as a share, (B, N)."""
    return rng.multinomial(seeds, np.full(seeds, 1 / seeds), RESAMPLES) / seeds


def win_shares(score_BK: "np.ndarray") -> "np.ndarray":
    """The share of the resamples in which each candidate has the smallest score; a tie is shared."""
    is_best_BK = score_BK <= score_BK.min(axis=1, keepdims=True) + 1e-12
    wins_K: np.ndarray = (is_best_BK / is_best_BK.sum(axis=1, keepdims=True)).mean(axis=0)
    return wins_K


def smallest_set(wins_K: "np.ndarray", must: set[int]) -> tuple[int, ...]:
    """The fewest candidates, those in `must` among them, that together win 95 %; who wins most comes first.

    Example:
        >>> smallest_set(np.array([0.2, 0.0, 0.78, 0.02]), {2})
        (2, 0)
    """
    order = [int(index) for index in np.argsort(-wins_K, kind="stable")]
    found = set(must)
    for index in order:
        if math.fsum(wins_K[member] for member in found) >= SURE:
            break
        found.add(index)
    return tuple(index for index in order if index in found)


def pareto_front(regret_KG: "np.ndarray") -> list[bool]:
    """Who is not dominated: no other candidate is at least as good in every goal and better in one.

    Example:
        >>> pareto_front(np.array([[0.0, 0.1], [0.1, 0.0], [0.1, 0.1]]))
        [True, True, False]
    """
    no_worse = (regret_KG[:, None] <= regret_KG[None]).all(axis=2)
    better = (regret_KG[:, None] < regret_KG[None]).any(axis=2)
    is_dominated_K: list[bool] = np.any(no_worse & better, axis=0).tolist()
    return [not dominated for dominated in is_dominated_K]
