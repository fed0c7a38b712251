"""Levels of looks, and by simulation that they hold."""

import math

import numpy as np
import pytest

from aecli.comparison.statistics.families import compare_family
from aecli.comparison.statistics.looks import Level, level_of


def test_a_single_look_has_the_usual_level():
    assert level_of([], [], 10) == Level(seeds=10)
    assert level_of([10], [], 10).level == 0.05, "the same size once more is no other look"


@pytest.mark.parametrize("planned", [[3, 5, 9], [10, 20, 40], [5, 10, 15, 20, 25, 30, 35, 40]], ids=str)
def test_planned_looks_share_five_per_cent(planned):
    found = [level_of(planned[:at], planned, size) for at, size in enumerate(planned)]
    assert math.fsum(one.level for one in found) == pytest.approx(0.05)
    assert all(one.is_planned and one.total == 0.05 for one in found)
    assert [one.look for one in found] == list(range(1, len(planned) + 1))


def test_looks_that_were_not_planned_share_a_second_five_per_cent():
    found = [level_of(range(10, size), [], size) for size in range(10, 60)]
    assert found[0].level == 0.05 and math.fsum(one.level for one in found[1:]) <= 0.05
    assert not any(one.is_planned for one in found[1:]) and {one.total for one in found[1:]} == {0.1}
    stray = level_of([10, 13], [10, 20], 20)
    assert (stray.level, stray.total, stray.is_planned) == (0.025, 0.1, False)


def test_the_next_look_has_the_level_at_which_more_seeds_will_be_judged():
    planned = [level_of([10, 20, 40][:at], [10, 20, 40], size) for at, size in enumerate((10, 20, 40))]
    assert [one.after for one in planned[:2]] == [one.level for one in planned[1:]] and planned[2].after == 0.025
    grown = [level_of([10, 20, 30][:at], [], size) for at, size in enumerate((10, 20, 30))]
    assert [one.after for one in grown[:2]] == [one.level for one in grown[1:]] and grown[2].after == 0.00625
    assert level_of([10], [10, 20], 15).after == level_of([10, 15], [10, 20], 20).level == Level().after


def wrong_looks(tables, candidates, sizes, planned, seed):
    """Share of tables without any difference in which some look claims one."""
    random, found = np.random.default_rng(seed), 0
    for _ in range(tables):
        values = 1 + 0.05 * random.standard_normal((candidates, sizes[-1]))
        found += any(
            claims(values[:, :size], level_of(sizes[:at], planned, size).level) for at, size in enumerate(sizes)
        )
    return found / tables


def claims(values_KN, level):
    """Whether the best one is claimed to differ from another one."""
    rows = [dict(enumerate(map(float, row))) for row in values_KN]
    at = int(values_KN.mean(axis=1).argmin())
    others = [row for index, row in enumerate(rows) if index != at]
    return any(one.p_corrected < level for one in compare_family(others, rows[at], was_chosen=True))


@pytest.mark.parametrize("candidates", [2, 5])
def test_some_look_is_wrong_in_five_per_cent_at_most(candidates):
    """150 tables, three standard errors of .018."""
    sizes = [5, 10, 20, 40]
    assert wrong_looks(150, candidates, sizes, sizes, candidates) <= 0.05 + 3 * 0.018


@pytest.mark.slow
@pytest.mark.parametrize("candidates", [2, 5, 16])
@pytest.mark.parametrize("sizes", [[10, 20, 30, 40], [5, 10, 15, 20, 25, 30, 35, 40]], ids=["four", "eight"])
def test_some_planned_look_is_wrong_in_five_per_cent_at_most(candidates, sizes):
    """400 tables, three standard errors of .011; without a plan all looks together in ten."""
    assert wrong_looks(400, candidates, sizes, sizes, 7 * candidates) <= 0.05 + 3 * 0.011
    assert wrong_looks(400, candidates, sizes, [], 11 * candidates) <= 0.1 + 3 * 0.015
