"""From values by seed to a decision: regrets, drawn means, win shares, and whether the leader's lead is clear.

One truth with `compare`: whether a lead is clear is decided by the test of its verdicts, on the scores by seed,
corrected for all pairs. The win shares only tell how close it is.

Shapes: B draws, C weightings, K candidates, T terms.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from aecli.comparison.recommendation.scores import (
    Sample,
    draw_scores,
    regrets,
    scores_by_seed,
    seen_scores,
    spread_weights,
    win_shares,
)
from aecli.comparison.statistics.differences import Difference, difference_interval
from aecli.comparison.statistics.families import compare_family
from aecli.comparison.statistics.intervals import ALPHA, Estimate
from aecli.comparison.statistics.pairing import common_seeds
from aecli.comparison.statistics.worst_rank import worst_rank_test
from aecli.lazy import np

SURE = 0.95
ROPE = 0.01
"""Scores that differ by less are as good in practice: one percent, or one point."""
RECOMMENDED, UNDECIDED, ONLY = "recommended", "undecided", "only"


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
    """Share of the draws that each candidate wins; None with one seed each."""
    behind: tuple[Estimate, ...]
    """Behind the leader, in shares of the leader's errors and in points, with its 95 % interval over seeds."""
    p_K: tuple[float | None, ...] = ()
    """Of each candidate against the leader, corrected for all pairs; None for the leader; empty with one seed each."""
    comparisons: int = 1
    """All pairs."""
    level: float = ALPHA
    """What p has to be below."""
    owed: frozenset[int] = frozenset()
    """Who is behind the leader by the seeds only that the leader did not lose."""


def choose(sample: Sample, level: float = ALPHA) -> ScoredChoice:
    """Find the leader, and whether it may be recommended.

    Recommended is whose lead over every other candidate is clear, and who leads in 95 % of the jittered priorities.
    Clear is a lead whose 95 % interval leaves out 0, and whose p-value, corrected for all pairs since the leader was
    found by looking, is below the level; and that is not owed to seeds that the leader lost.

    Args:
        sample: what is chosen from.
        level: what a corrected p-value has to be below; less than 5 % where others were looked at before.
    """
    regret_KT = regrets(sample.means_KT, sample.is_error_T)
    score_K = regret_KT @ spread_weights(sample, sample.weight_G)
    leader = int(np.argmin(score_K))
    by_seed = scores_by_seed(sample, leader)
    everyone = tuple(range(len(score_K)))
    single = ScoredChoice(
        kind=ONLY if len(everyone) == 1 else UNDECIDED,
        leader=leader,
        between=everyone,
        as_good=(),
        regret_KT=regret_KT,
        score_K=score_K,
        wins_K=None,
        behind=tuple(lead(own, by_seed[leader]) for own in by_seed),
    )
    if len(everyone) == 1 or sample.fewest < 2:
        return single
    pairs = len(everyone) * (len(everyone) - 1) // 2
    leads = compare_leads(by_seed, leader)
    tested = replace(
        single,
        behind=tuple(one.estimate if one else own for one, own in zip(leads, single.behind, strict=True)),
        p_K=tuple(one.p_corrected if one else None for one in leads),
        comparisons=pairs,
        level=level,
        owed=owed_to_lost(by_seed, leader, sample.lost[leader] if sample.lost else (), level / pairs),
    )
    return decide(tested, draw_scores(sample), seen_scores(sample))


def decide(scored: ScoredChoice, score_BK: "np.ndarray", seen_CK: "np.ndarray") -> ScoredChoice:
    """The choice that the tests and the priorities allow, with the shares of wins of drawn scores."""
    leader, behind = scored.leader, scored.behind
    others = [index for index in range(len(behind)) if index != leader]
    close_K = np.mean(score_BK - score_BK[:, [leader]] < ROPE, axis=0) >= SURE
    between = smallest_set(win_shares(seen_CK), {leader, *(index for index in others if not is_clear(scored, index))})
    return replace(
        scored,
        kind=RECOMMENDED if between == (leader,) else UNDECIDED,
        between=between,
        as_good=tuple(index for index in others if close_K[index] and is_within_rope(behind[index])),
        wins_K=win_shares(score_BK),
    )


def is_clear(scored: ScoredChoice, index: int) -> bool:
    """Whether a candidate is shown to be behind the leader: by the interval of the distance, and by the test."""
    behind, p = scored.behind[index], scored.p_K[index] if scored.p_K else None
    is_far = behind.low is not None and behind.low > 0
    return is_far and p is not None and p < scored.level and index not in scored.owed


def is_within_rope(behind: Estimate) -> bool:
    """Whether the interval of the distance to the leader is known, and ends within what matters in practice."""
    return behind.high is not None and behind.high < ROPE


def owed_to_lost(
    scores: Sequence[Mapping[int, float]], leader: int, lost: Collection[int], level: float
) -> frozenset[int]:
    """Whom the leader would not be ahead of with its lost seeds counted as the worst; see `worst_rank_test`."""
    others = [index for index in range(len(scores)) if index != leader] if lost else []
    return frozenset(at for at in others if worst_rank_test(scores[leader], scores[at], lost, level)[0] >= level)


def compare_leads(scores: Sequence[Mapping[int, float]], leader: int) -> list[Difference | None]:
    """Each candidate against the leader, by the test of `compare` for the best one of all; None for the leader."""
    others = [index for index in range(len(scores)) if index != leader]
    found = compare_family([scores[index] for index in others], scores[leader], was_chosen=True)
    return [*found[:leader], None, *found[leader:]]


def lead(own: Mapping[int, float], leader: Mapping[int, float]) -> Estimate:
    """A candidate's score minus the leader's, with its interval over seeds where there is one."""
    if common_seeds(own, leader) or min(len(own), len(leader)) > 1:
        return difference_interval(own, leader)
    return Estimate(math.fsum(own.values()) / len(own) - math.fsum(leader.values()) / len(leader), 1)


def smallest_set(wins_K: "np.ndarray", must: set[int]) -> tuple[int, ...]:
    """The fewest candidates, those in `must` among them, that together lead in 95 %; who leads most comes first.

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
