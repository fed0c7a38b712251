"""Curves that are read between their points: exact where they are power laws, and nothing beyond."""

import numpy as np
import pytest

from aecli.comparison.statistics.interpolation import Point, Reading, monotone, read_at


def power_law(doses):
    """`at` falls and `value` rises with the dose, straight on logarithmic axes."""
    return [Point(dose, 100 * dose**-0.5, 0.01 * dose**0.3) for dose in doses]


@pytest.mark.parametrize("wanted", [100.0, 70.0, 20.0, 10.0])
def test_a_power_law_is_read_exactly(wanted):
    dose = (wanted / 100) ** -2
    found = read_at(power_law([1, 4, 9, 50, 100]), wanted)
    assert found.value == pytest.approx(0.01 * dose**0.3)
    assert found.below <= dose * (1 + 1e-9) and dose <= found.above * (1 + 1e-9)


@pytest.mark.parametrize("wanted", [101.0, 9.99])
def test_nothing_is_read_beyond_the_points(wanted):
    assert read_at(power_law([1, 4, 100]), wanted) is None


def test_a_single_point_is_read_where_it_is():
    assert read_at([Point(3, 8.0, 0.5)], 8.0) == Reading(0.5, 3, 3)
    assert read_at([Point(3, 8.0, 0.5)], 8.1) is None


def test_numbers_that_may_be_0_or_below_lie_on_plain_axes():
    found = read_at([Point(0, 0.0, -1.0), Point(1, 0.5, 1.0)], 0.25)
    assert found == Reading(0.0, 0, 1)


def test_a_curve_that_turns_back_by_noise_is_read_on_the_nearest_one_that_does_not():
    points = [Point(1, 1.0, 1.0), Point(2, 3.0, 2.0), Point(3, 2.9, 3.0), Point(4, 10.0, 4.0)]
    assert read_at(points, 2.0).above == 2
    assert read_at(points, 5.0).below == 3


def test_the_nearest_rising_sequence_is_that_of_isotonic_regression():
    isotonic = pytest.importorskip("sklearn.isotonic")
    values = np.random.default_rng(1).normal(size=30)
    assert monotone(values) == pytest.approx(list(isotonic.isotonic_regression(values)))
