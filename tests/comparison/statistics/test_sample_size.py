"""How many seeds: against brute force, the noncentral t distribution, and plain simulation."""

import numpy as np
import pytest
from scipy import stats

from aecli.comparison.statistics.sample_size import MOST_SEEDS, POWER, power, seeds_to_decide


@pytest.mark.parametrize("is_paired", [True, False], ids=["paired", "unpaired"])
@pytest.mark.parametrize("comparisons", [1, 6])
@pytest.mark.parametrize("effect", [0.3, 0.5, 1.0])
@pytest.mark.parametrize("n", [12, 30, 60])
def test_the_power_of_a_difference_is_that_of_the_noncentral_t_distribution(n, effect, comparisons, is_paired):
    degrees = n - 1 if is_paired else 2 * (n - 1)
    limit, shift = stats.t.isf(0.05 / comparisons / 2, degrees), effect * np.sqrt(n)
    exact = stats.nct.sf(limit, degrees, shift) + stats.nct.cdf(-limit, degrees, shift)
    assert power(n, effect, 1.0, 1e-9, 0.05 / comparisons, is_paired=is_paired) == pytest.approx(exact, abs=0.002)
    tiny = power(n, -effect * 1e-200, 1e-200, 1e-209, 0.05 / comparisons, is_paired=is_paired)
    assert tiny == pytest.approx(exact, abs=0.002), "sign and scale do not matter"


@pytest.mark.parametrize(("effect", "band"), [(0.0, 0.4), (0.2, 0.5), (0.45, 0.5), (0.6, 0.5)])
@pytest.mark.parametrize("n", [10, 30, 60])
def test_the_power_to_decide_either_way_is_what_simulation_says(n, effect, band):
    values = np.random.default_rng(n).normal(effect, 1, (40_000, n))
    half = stats.t.isf(0.025, n - 1) * values.std(axis=1, ddof=1) / np.sqrt(n)
    means = values.mean(axis=1)
    decided = (np.abs(means) > half) | (np.abs(means) + half <= band)
    assert power(n, effect, 1.0, band) == pytest.approx(decided.mean(), abs=0.012)


def test_fewer_than_three_seeds_decide_nothing():
    assert power(2, 9.0, 1e-3, 1e-9) == 0.0 < power(3, 9.0, 1e-3, 1e-9)


def test_the_number_of_seeds_is_the_first_that_is_enough():
    for difference, band, comparisons in ((0.5, 0.01, 1), (0.5, 0.01, 10), (0.0, 0.5, 3), (0.2, 0.5, 1), (2.0, 0.1, 1)):
        n = seeds_to_decide(difference, 1.0, band, 0.05 / comparisons)
        at, before = (power(seeds, difference, 1.0, band, 0.05 / comparisons) for seeds in (n, n - 1))
        assert at >= POWER > before


def test_more_comparisons_need_more_seeds_and_a_band_that_is_uncertain_too():
    numbers = [seeds_to_decide(0.5, 1.0, 0.01, 0.05 / comparisons) for comparisons in (1, 3, 10, 100)]
    assert numbers == sorted(set(numbers))
    assert seeds_to_decide(0.0, 1.0, 0.5, edge_sd=2.0) > seeds_to_decide(0.0, 1.0, 0.5)


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
    assert seeds_to_decide(difference, sd, band) == expected
    assert MOST_SEEDS == 10_000
