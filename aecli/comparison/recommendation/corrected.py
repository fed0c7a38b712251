"""The winner's test numbers without the luck of being chosen.

Who was chosen by validation numbers was lucky in them, and as far as test numbers follow validation numbers by seed, in
its test numbers too.

Shapes: K candidates, N seeds; the two numbers of a seed are the score that chose, and what is reported.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from aecli.chosen import without_luck
from aecli.comparison.recommendation.cost import GoalNumber
from aecli.comparison.recommendation.eligible import TEST, Contest
from aecli.comparison.recommendation.goal_terms import GoalTerm, terms_of
from aecli.comparison.recommendation.scores import Sample, levels_by_seed, own_scores
from aecli.comparison.statistics.layout import contenders, find_spread
from aecli.lazy import np


def correct(numbers: Sequence[GoalNumber], contest: Contest, sample: Sample, leader: int) -> tuple[GoalNumber, ...]:
    """The numbers of the leader, each with what it comes to without the luck of being chosen, where that is known.

    Nothing is known where there was nobody else to choose, or one seed of somebody.
    """
    if len(contest.candidates) < 2 or contest.fewest < 2:
        return tuple(numbers)
    goals = {one.goal for one in numbers}
    terms = {(term.goal, term.name): term for goal in goals for term in terms_of(goal, TEST)}
    scores = own_scores(sample)
    group = contenders(scores, contest.seeds)
    by_seed = {index: dict(zip(contest.seeds[index], scores[index].tolist(), strict=True)) for index in group}
    return tuple(
        replace(one, corrected=corrected_number(one, terms[one.goal, one.name], contest, by_seed, leader))
        for one in numbers
    )


def corrected_number(
    number: GoalNumber, term: GoalTerm, contest: Contest, scores: dict[int, dict[int, float]], leader: int
) -> float | None:
    """One number without the luck of being chosen; None where it was not measured for the seeds that chose.

    Args:
        number: of the leader.
        term: what it is.
        contest: who was chosen from.
        scores: candidate -> seed -> score that chose, of all that could be the best.
        leader: candidate that was chosen.
    """
    reported = {index: term.values(contest.candidates[index]) for index in scores}
    seeds = {index: sorted(own.keys() & reported[index].keys()) for index, own in scores.items()}
    seeds = {index: own for index, own in seeds.items() if len(own) > 1}
    if len(seeds) < 2 or leader not in seeds:
        return None
    is_error = np.array([term.is_error])
    pairs = [
        np.stack(
            [
                np.array([scores[index][seed] for seed in own]),
                levels_by_seed(np.array([[reported[index][seed] for seed in own]]), is_error)[0],
            ]
        )
        for index, own in seeds.items()
    ]
    shift = luck_of(pairs, list(seeds.values()), list(seeds).index(leader))
    mean = number.estimate.mean
    return mean * math.exp(shift) if term.is_error else mean - shift


def luck_of(pairs: "Sequence[np.ndarray]", seeds: Sequence[Sequence[int]], winner: int) -> float:
    """How much worse the winner's reported number is without the luck of being chosen; smaller numbers are better.

    Args:
        pairs: one (2, N) for each candidate: by seed what chose, and what is reported.
        seeds: of each candidate, in the order of its numbers.
        winner: which of them was chosen.
    """
    spread = find_spread(pairs, seeds)
    choosing, reporting = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    variance_K = spread.covariance(choosing, choosing)[0]
    slope_K = spread.covariance(choosing, reporting)[0] / np.where(variance_K > 0, variance_K, 1.0)
    score_K, level_K = np.stack([pair.mean(axis=1) for pair in pairs]).T
    return without_luck(score_K, np.sqrt(variance_K), level_K, slope_K) - float(level_K[winner])
