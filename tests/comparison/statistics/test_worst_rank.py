"""Lost seeds counted as worse than every other: exact against scipy, and no false "better" in simulations."""

import math

import numpy as np
import pytest
from scipy.stats import binom, wilcoxon

from aecli.comparison.statistics.worst_rank import ranks, signed_rank_p, tail, worst_rank_test


def by_seed(values, first=0):
    return dict(enumerate(map(float, values), first))


@pytest.mark.parametrize("n", [5, 12, 30])
def test_the_p_value_is_that_of_the_exact_signed_rank_test(n):
    random = np.random.default_rng(n)
    winner, loser = random.normal(-0.5, 1, n), random.normal(size=n)
    p, _ = worst_rank_test(by_seed(winner), by_seed(loser), [], 0.05)
    expected = wilcoxon(winner, loser, method="exact").pvalue
    assert p == pytest.approx(expected if winner.mean() < loser.mean() else 1.0)


def test_beyond_the_exact_ones_the_normal_distribution_is_next_to_it():
    ranked = ranks(np.arange(60.0))
    against = 600.0
    spread = math.sqrt(float((ranked**2).sum()) / 4)
    normal = tail((float(ranked.sum()) / 2 - against - 0.5) / spread)
    assert signed_rank_p(ranked, against) == pytest.approx(normal, rel=0.05)


def test_a_lost_seed_has_the_last_rank_whatever_the_others_lead_by():
    loser = by_seed([2.0] * 10)
    for lead in (0.1, 1.9):
        p, needed = worst_rank_test(by_seed([2.0 - lead] * 9), loser, [9], 0.05)
        assert p > 0.05
        assert needed is not None
    p, _ = worst_rank_test(by_seed(np.linspace(0.5, 1, 19)), by_seed([2.0] * 20), [19], 0.05)
    assert p < 0.01


def test_who_loses_a_third_is_never_better_however_many_seeds_there_are():
    p, needed = worst_rank_test(by_seed([1.0] * 20), by_seed([2.0] * 30), range(20, 30), 0.05)
    assert (p, needed) == (1.0, None) or (p > 0.05 and needed is None)


def test_seeds_that_are_not_paired_are_ranked_together():
    ours, theirs = by_seed(np.linspace(0.5, 1, 11)), by_seed(np.linspace(2, 3, 12), first=100)
    assert worst_rank_test(ours, theirs, [], 0.05)[0] < 0.001
    some, none = (worst_rank_test(ours, theirs, lost, 0.05)[0] for lost in ([11, 12, 13, 14, 15, 16, 17, 18, 19], []))
    assert some > 0.05 > none


def test_without_any_difference_few_are_called_better():
    """A seed is lost where it is among the worst, so that the mean of the others is too good; binomial error .007."""
    random, tables, found = np.random.default_rng(20), 1000, 0
    for _ in range(tables):
        ours, theirs = random.normal(size=12), random.normal(size=12)
        lost = [int(np.argmax(ours))] if ours.max() > 1.5 else []
        kept = {seed: value for seed, value in by_seed(ours).items() if seed not in lost}
        found += worst_rank_test(kept, by_seed(theirs), lost, 0.05)[0] < 0.05
    assert found <= binom.ppf(0.999, tables, 0.05)
