"""Families of comparisons, by simulations with known truth."""

import math

import numpy as np
import pytest
from scipy import stats

from aecli.comparison.statistics.correction import holm, step_down_from_best
from aecli.comparison.statistics.families import (
    Spread,
    blend,
    compare_family,
    level_beside_best,
    pairs_of,
    shared_spread,
)

DRAWS = {
    "normal": lambda random, shape: random.standard_normal(shape),
    "lognormal": lambda random, shape: (np.exp(random.standard_normal(shape)) - math.exp(0.5)) / 2.161,
    "t3": lambda random, shape: random.standard_t(3, shape) / math.sqrt(3),
}


def table(random, candidates, seeds, *, noise="normal", correlation=0.3, spread=0.05):
    """Values of candidates that are equal in truth, (K, N)."""
    draw = DRAWS[noise]
    common, own = draw(random, (1, seeds)), draw(random, (candidates, seeds))
    return 1 + spread * (math.sqrt(correlation) * common + math.sqrt(1 - correlation) * own)


def verdicts_on(values_KN, *, was_chosen):
    """(baseline, others, differences) of a table, the baseline its best mean or the first row."""
    rows = [dict(enumerate(map(float, row))) for row in values_KN]
    at = int(values_KN.mean(axis=1).argmin()) if was_chosen else 0
    others = [index for index in range(len(rows)) if index != at]
    return at, others, compare_family([rows[index] for index in others], rows[at], was_chosen=was_chosen)


def is_told(found):
    """Whether a difference is claimed: by its corrected p and by its interval."""
    return found.p_corrected < 0.05 and not found.estimate.low <= 0 <= found.estimate.high


def false_rate(tables, *, was_chosen, seed, **options):
    """Share of tables without any difference in which one is claimed."""
    random = np.random.default_rng(seed)
    found = 0
    for _ in range(tables):
        found += any(map(is_told, verdicts_on(table(random, **options), was_chosen=was_chosen)[2]))
    return found / tables


LIMIT = 0.05 + 3 * math.sqrt(0.05 * 0.95 / 300)


@pytest.mark.parametrize("was_chosen", [True, False], ids=["chosen", "named"])
@pytest.mark.parametrize(("candidates", "seeds"), [(2, 3), (5, 10), (16, 5)], ids=str)
def test_equal_candidates_seldom_differ(candidates, seeds, was_chosen):
    """300 tables each, three standard errors of .013."""
    rate = false_rate(300, was_chosen=was_chosen, seed=candidates, candidates=candidates, seeds=seeds)
    assert rate <= LIMIT


@pytest.mark.slow
@pytest.mark.parametrize("noise", DRAWS)
@pytest.mark.parametrize("was_chosen", [True, False], ids=["chosen", "named"])
@pytest.mark.parametrize("candidates", [2, 5, 16])
@pytest.mark.parametrize("seeds", [3, 6, 10, 30])
def test_equal_candidates_seldom_differ_whatever_the_noise(candidates, seeds, was_chosen, noise):
    for correlation in (0.0, 0.8):
        how = {"candidates": candidates, "seeds": seeds, "noise": noise, "correlation": correlation}
        rate = false_rate(300, was_chosen=was_chosen, seed=seeds, **how)
        assert rate <= LIMIT, (correlation, rate)


@pytest.mark.parametrize(
    ("seeds", "lead", "share"), [(10, 0.1, 0.9), (5, 0.3, 0.95), (3, 1.0, 0.9)], ids=["10 %", "30 %", "100 %"]
)
def test_a_lead_among_sixteen_is_told(seeds, lead, share):
    """Correlation .3, seed SD 5 %; 100 tables: the share of the others that are told, and how many may be the best."""
    random = np.random.default_rng(seeds)
    told, members, named, holds_best = [], [], [], []
    for _ in range(100):
        values = table(random, 16, seeds)
        values[1:] += lead
        at, others, found = verdicts_on(values, was_chosen=True)
        worse = [index for index, one in zip(others, found, strict=True) if is_told(one)]
        told.append(len(worse) / 15)
        members.append(16 - len(worse))
        holds_best.append(0 not in worse)
        values[[0, 1]] = values[[1, 0]]
        named.append(is_told(verdicts_on(values, was_chosen=False)[2][0]))
    assert np.mean(told) >= share - 0.03 and np.mean(named) >= share - 0.03
    assert np.mean(members) <= 3 and np.mean(holds_best) >= 0.95


def test_one_that_collapses_hides_nothing_about_the_others():
    random = np.random.default_rng(4)
    told = []
    for _ in range(60):
        values = table(random, 8, 8)
        values[1:] += 0.3
        values[7] += 5 + 3 * random.standard_normal(8) ** 2
        told.append(np.mean([is_told(one) for one in verdicts_on(values, was_chosen=False)[2][:6]]))
    assert np.mean(told) >= 0.95


def test_intervals_hold_against_a_chosen_best():
    """Sixteen equal ones, 10 seeds: without allowing for the choice .84 of the differences would be covered."""
    random = np.random.default_rng(6)
    covered = []
    for _ in range(150):
        for one in verdicts_on(table(random, 16, 10), was_chosen=True)[2]:
            covered.append(one.estimate.low <= 0 <= one.estimate.high)
    assert np.mean(covered) >= 0.94


def test_two_candidates_are_students():
    values = table(np.random.default_rng(1), 2, 9)
    _, _, (found,) = verdicts_on(values, was_chosen=True)
    assert found.p_corrected == pytest.approx(stats.ttest_rel(*values).pvalue, rel=1e-9)
    assert (found.test, level_beside_best(2)) == ("student", 0.05)


def test_the_level_beside_the_best_is_that_of_a_simulation():
    random = np.random.default_rng(9)
    for candidates in (3, 16):
        values = random.standard_normal((20_000, candidates))
        gaps = (values.max(axis=1, keepdims=True) - values) / math.sqrt(2)
        share = np.sum(gaps > stats.norm.isf(level_beside_best(candidates) / 2)) / (20_000 * (candidates - 1))
        assert share == pytest.approx(0.05, abs=0.004)


def test_the_shared_spread_is_that_of_typical_pairs_whatever_the_scale():
    values = np.random.default_rng(2).standard_normal((16, 30)) + np.random.default_rng(3).standard_normal(30)
    for scale in (1e-200, 1.0, 1e200):
        rows = [dict(enumerate(map(float, row * scale))) for row in values]
        assert shared_spread(rows).sd / scale == pytest.approx(math.sqrt(2), rel=0.12)
    assert shared_spread(rows[:2]).sd == 0.0


def test_a_blend_lies_between_the_two_spreads():
    assert blend(1.0, Spread(0.0, 2), 9) == (1.0, 9.0)
    equal, degrees = blend(1.0, Spread(1.0, 16), 9)
    assert equal == pytest.approx(1.0) and 20 < degrees < 36
    wide, degrees = blend(10.0, Spread(1.0, 16), 9)
    assert 9.9 < wide < 10 and degrees == pytest.approx(9, rel=0.05)
    assert 1 > blend(0.1, Spread(1.0, 16), 9)[0] > 0.7


def test_the_step_down_is_no_bolder_than_all_pairs_at_first_and_than_holm_ever():
    p_values = [0.0001, 0.004, 0.02, 0.3]
    found = step_down_from_best(p_values)
    assert found[0] == pytest.approx(pairs_of(5) * 0.0001) and found == sorted(found)
    assert all(ours >= theirs for ours, theirs in zip(found, holm(p_values), strict=True))
    assert all(ours <= theirs for ours, theirs in zip(found, holm(p_values, pairs_of(5)), strict=True))
    assert step_down_from_best([]) == [] and step_down_from_best([0.03]) == [0.03]
