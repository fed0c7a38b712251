"""What a design can show: held against tables with exactly that difference, judged as any other."""

import math
from dataclasses import replace

import numpy as np
import pytest

from aecli.comparison.statistics.families import compare_family
from aecli.comparison.statistics.smallest_difference import (
    Design,
    ShownSpreads,
    limits,
    reach_of,
    shown_spreads,
    smallest_difference,
    spreads_of_table,
)

SD = 0.05
"""Of a pair's difference, in tables whose means are 1."""


def samples_of(values):
    return [dict(enumerate(row.tolist())) for row in values]


def rate_told(design, tables, seed):
    """How often the smallest difference is told, and the standard error of that: over tables, by compare_family."""
    random, told = np.random.default_rng(seed), []
    difference = smallest_difference(design) * SD
    for _ in range(tables):
        values = 1 + random.normal(size=(design.configs, design.seeds)) * SD / math.sqrt(2)
        values[1 : None if design.was_chosen else 2] += difference
        values += random.normal(size=(design.configs, 1)) * SD * math.sqrt(design.image_variance / 2)
        best, *others = samples_of(values)
        extra = [design.image_variance * SD**2] * len(others)
        found = compare_family(others, best, was_chosen=design.was_chosen, image_variances=extra if extra[0] else None)
        is_told = [one.p_corrected < design.level and one.estimate.low > 0 for one in found]
        told.append(np.mean(is_told) if design.was_chosen else is_told[0])
    return np.mean(told), np.std(told) / math.sqrt(tables)


@pytest.mark.parametrize(
    "design",
    [Design(3, 3), Design(4, 8, was_chosen=False, level=0.0125), Design(3, 5, image_variance=0.3)],
    ids=["three seeds", "a named baseline, at a look", "few images"],
)
def test_a_difference_that_can_be_shown_is_told_in_four_of_five_tables(design):
    rate, error = rate_told(design, 250, 7)
    assert error < 0.027 and abs(rate - 0.8) < 2 * error + 0.02, "and the simulation by which the answer was found"


@pytest.mark.grid
@pytest.mark.parametrize("was_chosen", [True, False], ids=["the best", "a named baseline"])
@pytest.mark.parametrize(("configs", "seeds"), [(16, 10), (16, 3), (16, 40), (150, 5), (5, 150), (2, 10)])
def test_that_holds_for_large_designs_too(configs, seeds, was_chosen):
    rate, error = rate_told(Design(configs, seeds, was_chosen=was_chosen), 50 if configs > 100 else 500, 11)
    assert abs(rate - 0.8) < 0.025 + 3 * error


def test_a_table_shows_the_errors_that_its_comparison_has():
    values = np.random.default_rng(3).gamma(2, size=(5, 9))
    first, *others = samples_of(values)
    found = compare_family(others, first, was_chosen=False)
    spreads = ShownSpreads(*(np.array([one]) for one in spreads_of_table(values)))
    assert spreads.error_TP[0] == pytest.approx([one.error for one in found])
    assert spreads.degrees_TP[0] == pytest.approx([one.degrees for one in found])
    reach_TP = reach_of(spreads, Design(5, 9, was_chosen=False))
    assert reach_TP[0] == pytest.approx([one.estimate.mean - one.estimate.low for one in found])


def test_more_seeds_show_less_and_more_configs_or_a_stricter_level_more():
    design = Design(4, 6)
    found = smallest_difference(design)
    assert smallest_difference(replace(design, seeds=12)) < found
    stricter = [{"configs": 8}, {"level": 0.01}, {"image_variance": 0.2}]
    assert all(smallest_difference(replace(design, **one)) > found for one in stricter)


@pytest.mark.parametrize("seeds", [1, 2])
def test_two_seeds_show_nothing_and_one_config_has_no_difference(seeds):
    assert smallest_difference(Design(16, seeds)) == math.inf
    with pytest.raises(ValueError, match="1 configs have no difference"):
        smallest_difference(Design(1, seeds))


def test_huge_designs_are_told_at_once():
    assert smallest_difference(Design(2, 400)) == pytest.approx(smallest_difference(Design(2, 100)) / 2)
    assert shown_spreads(60, 5).error_TP.shape == (25, 59)
    assert smallest_difference(Design(1000, 3)) > smallest_difference(Design(60, 3))


def test_the_limits_are_those_of_the_corrections():
    assert limits(4, 0.05, was_chosen=False) == pytest.approx([0.05 / 3, 0.05 / 2, 0.05])
    assert limits(4, 0.05, was_chosen=True)[0] == pytest.approx(0.05 / 6)
