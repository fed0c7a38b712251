"""The weight that buys a target: it finds it in a model world, from far below and far above, and can be stored."""

import math

import pytest

from aecli.components.regularization.targets import ACTIVE_UNITS, ZERO_WEIGHTS
from aecli.training.multiplier import FARTHEST, STIFFNESS, Multiplier


def follow(multiplier, answer, steps, lag, value=500.0):
    """Let a world that answers a weight with some lag, in steps, be steered; return its number at the end."""
    for _ in range(steps):
        value += (answer(multiplier.weight) - value) / lag
        multiplier.observe(value)
    return value


@pytest.mark.parametrize("start", [1e-7, 1e-4, 10.0])
@pytest.mark.parametrize("lag", [1, 20, 200])
def test_a_weight_is_found_from_anywhere(start, lag):
    multiplier = Multiplier("", ACTIVE_UNITS, 32, start)
    value = follow(multiplier, lambda weight: 500 / (1 + weight / 1e-3), 4000, lag)
    assert value == pytest.approx(32, rel=0.02)
    assert multiplier.weight == pytest.approx(1e-3 * (500 / 32 - 1), rel=0.05)


def test_a_share_that_rises_is_found_too():
    multiplier = Multiplier("", ZERO_WEIGHTS, 0.9, 1e-4)
    assert follow(multiplier, lambda weight: weight / (weight + 1e-3), 3000, 50, 0.0) == pytest.approx(0.9, abs=0.005)


def test_what_cannot_be_bought_leaves_the_weight_at_the_end_of_its_range_and_finite():
    multiplier = Multiplier("", ACTIVE_UNITS, 32, 1e-4)
    follow(multiplier, lambda weight: 10.0, 3000, 5)
    assert multiplier.weight == pytest.approx(1e-4 * math.exp(-FARTHEST - STIFFNESS), rel=1e-6)
    assert multiplier.bought(10.0)["is_least"]
    assert not multiplier.bought(10.0)["is_reached"]


def test_the_number_in_use_is_what_counts_where_batches_show_another_one():
    multiplier = Multiplier("", ACTIVE_UNITS, 32, 1e-4)
    shown = 450.0
    for _ in range(30):  # dropout makes the batches show a tenth less
        shown = follow(multiplier, lambda weight: 0.9 * 500 / (1 + weight / 1e-3), 100, 5, shown)
        multiplier.correct(shown / 0.9)
    assert shown / 0.9 == pytest.approx(32, rel=0.02)


def test_going_on_from_a_checkpoint_changes_nothing():
    first = Multiplier("", ACTIVE_UNITS, 32, 1e-4)
    follow(first, lambda weight: 60.0, 37, 5)
    first.correct(50.0)
    second = Multiplier("", ACTIVE_UNITS, 32, 1e-4)
    second.take_up(first.state())
    follow(first, lambda weight: 60.0, 5, 5)
    follow(second, lambda weight: 60.0, 5, 5)
    assert first == second
    before = first.state()
    first.observe(math.nan)
    first.correct(math.inf)
    assert first.state() == before, "what is not finite ends the training elsewhere"
