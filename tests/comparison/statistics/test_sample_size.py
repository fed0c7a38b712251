"""How many seeds: against brute force, the noncentral t distribution, and plain simulation."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from aecli.comparison.statistics.sample_size import (
    MOST_SEEDS,
    POWER,
    RANGE,
    Needed,
    Seen,
    power,
    range_of_needed,
    seeds_to_decide,
)


def seen_as(difference, sd=1.0, band=1e-9, level=0.05, **more):
    return Seen(difference=difference, sd=sd, band=band, level=level, **more)


@pytest.mark.parametrize("is_paired", [True, False], ids=["paired", "unpaired"])
@pytest.mark.parametrize("comparisons", [1, 6])
@pytest.mark.parametrize("effect", [0.3, 0.5, 1.0])
@pytest.mark.parametrize("n", [12, 30, 60])
def test_the_power_of_a_difference_is_that_of_the_noncentral_t_distribution(n, effect, comparisons, is_paired):
    degrees = n - 1 if is_paired else 2 * (n - 1)
    limit, shift = stats.t.isf(0.05 / comparisons / 2, degrees), effect * np.sqrt(n)
    exact = stats.nct.sf(limit, degrees, shift) + stats.nct.cdf(-limit, degrees, shift)
    assert power(n, seen_as(effect, level=0.05 / comparisons, is_paired=is_paired)) == pytest.approx(exact, abs=0.002)
    tiny = power(n, seen_as(-effect * 1e-200, 1e-200, 1e-209, 0.05 / comparisons, is_paired=is_paired))
    assert tiny == pytest.approx(exact, abs=0.002), "sign and scale do not matter"


@pytest.mark.parametrize(("effect", "band"), [(0.0, 0.4), (0.2, 0.5), (0.45, 0.5), (0.6, 0.5)])
@pytest.mark.parametrize("n", [10, 30, 60])
def test_the_power_to_decide_either_way_is_what_simulation_says(n, effect, band):
    values = np.random.default_rng(n).normal(effect, 1, (40_000, n))
    half = stats.t.isf(0.025, n - 1) * values.std(axis=1, ddof=1) / np.sqrt(n)
    means = values.mean(axis=1)
    decided = (np.abs(means) > half) | (np.abs(means) + half <= band)
    assert power(n, seen_as(effect, band=band)) == pytest.approx(decided.mean(), abs=0.012)


def test_fewer_than_three_seeds_decide_nothing():
    assert power(2, seen_as(9.0, 1e-3)) == 0.0 < power(3, seen_as(9.0, 1e-3))


def test_the_number_of_seeds_is_the_first_that_is_enough():
    for difference, band, comparisons in ((0.5, 0.01, 1), (0.5, 0.01, 10), (0.0, 0.5, 3), (0.2, 0.5, 1), (2.0, 0.1, 1)):
        seen = seen_as(difference, band=band, level=0.05 / comparisons)
        n = seeds_to_decide(seen)
        at, before = (power(seeds, seen) for seeds in (n, n - 1))
        assert at >= POWER > before


def test_more_comparisons_need_more_seeds_and_a_band_that_is_uncertain_too():
    numbers = [seeds_to_decide(seen_as(0.5, band=0.01, level=0.05 / comparisons)) for comparisons in (1, 3, 10, 100)]
    assert numbers == sorted(set(numbers))
    assert seeds_to_decide(seen_as(0.0, band=0.5, edge_sd=2.0)) > seeds_to_decide(seen_as(0.0, band=0.5))


@pytest.mark.parametrize(
    ("difference", "sd", "band", "expected"),
    [
        (0.0, 1.0, 1e-9, None),
        (1e-9, 1.0, 1e-9, None),
        (0.0, 0.0, 0.0, 3),
        (0.0, 0.0, 1.0, 3),
        (1.0, 0.0, 0.1, 3),
        (1e300, 1e298, 1.0, 3),
        (1e-300, 1e-302, 0.0, 3),
    ],
    ids=["nothing to find", "next to nothing", "no spread, no band", "no spread", "constant", "huge", "tiny"],
)
def test_the_ends_of_the_scale(difference, sd, band, expected):
    assert seeds_to_decide(seen_as(difference, sd, band)) == expected
    assert MOST_SEEDS == 10_000


def test_a_spread_that_a_family_knows_better_asks_for_fewer_seeds_and_few_images_for_more_or_for_ever():
    strict = seen_as(1.2, level=0.05 / 120)
    assert seeds_to_decide(replace(strict, degrees_each=3.0)) < seeds_to_decide(strict)
    assert seeds_to_decide(strict) < seeds_to_decide(replace(strict, image_error=0.2))
    assert seeds_to_decide(replace(strict, image_error=0.5)) is None, "however many seeds, the images stay few"


def ranges(difference, n, band, tables, seed):
    """What tables of n paired seeds say is needed, each with whether it is undecided, and the true number."""
    values = np.random.default_rng(seed).normal(difference, 1, (tables, n))
    sds = values.std(axis=1, ddof=1)
    undecided = stats.t.sf(np.abs(values.mean(axis=1)) / sds * np.sqrt(n), n - 1) > 0.025
    found = [
        range_of_needed(seen_as(mean, sd, band), n, n - 1)
        for mean, sd in zip(values.mean(axis=1).tolist(), sds.tolist(), strict=True)
    ]
    return found, undecided, seeds_to_decide(seen_as(difference, band=band))


def holds(found, true, n):
    """Whether a range holds the number that is needed in truth, which may be more than 10,000."""
    true = math.inf if true is None else max(true, n + 1)
    low, high = (math.inf if end is None else end for end in (found.low, found.high))
    return low <= true <= high


@pytest.mark.parametrize(
    ("difference", "n", "band"),
    [(0.6, 5, 1e-9), (0.3, 10, 1e-9), (0.0, 10, 0.25), (0.6, 10, 0.25)],
    ids=["five seeds", "small", "none, with a band", "ten seeds"],
)
def test_the_range_holds_the_needed_number_in_about_four_of_five_tables(difference, n, band):
    found, _, true = ranges(difference, n, band, 200, 5)
    share = np.mean([holds(one, true, n) for one in found])
    assert RANGE - 0.085 <= share <= 0.99, "three standard errors of 200 tables are .085"


@pytest.mark.grid
@pytest.mark.parametrize("band", [1e-9, 0.25], ids=["no band", "a band"])
@pytest.mark.parametrize("difference", [0.0, 0.1, 0.3, 0.6, 1.0])
@pytest.mark.parametrize("n", [3, 5, 10, 20])
def test_the_range_holds_the_needed_number_wherever_the_truth_is(n, difference, band):
    """In .73 to 1.00 of tables: least where the truth is within the band but not in its middle."""
    found, _, true = ranges(difference, n, band, 600, 6)
    assert np.mean([holds(one, true, n) for one in found]) >= 0.70 - 3 * math.sqrt(0.7 * 0.3 / 600)


@pytest.mark.parametrize("n", [5, 10])
def test_without_a_difference_and_without_a_band_an_end_is_promised_in_a_fifth_of_tables_at_most(n):
    found, undecided, _ = ranges(0.0, n, 1e-9, 300, 8)
    promised = np.array([one.high is not None for one in found])
    assert promised.mean() <= 0.2 + 3 * math.sqrt(0.2 * 0.8 / 300) and promised[undecided].mean() <= promised.mean()


def test_all_ends_are_more_than_there_are_and_in_order():
    for difference in (0.0, 0.2, 0.9, 3.0):
        found = range_of_needed(seen_as(difference, band=0.25), 12, 11)
        assert 13 <= found.low <= found.likely <= found.high
    assert range_of_needed(seen_as(1e-6, band=1e-9), 9900, 9899) == Needed(None, 9901, None)
    assert range_of_needed(seen_as(0.0, 0.0, 0.0), 5, 4) == Needed(6, 6, 6)
