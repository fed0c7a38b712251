"""Distributions of settings: what they draw lies within their bounds, and an empty range is refused."""

import random

import pytest
from pydantic import TypeAdapter, ValidationError

from aecli.sweep.planning.distributions import Choice, LogUniform, LogWhole, Space, Uniform, Whole, kind_of

KINDS = [
    Uniform(uniform=(-1, 2)),
    LogUniform(log_uniform=(1e-5, 1e-2)),
    Whole(int=(2, 4)),
    LogWhole(log_int=(1, 64)),
]


@pytest.mark.parametrize("space", KINDS, ids=lambda space: type(space).__name__)
def test_what_is_drawn_lies_within_the_bounds_and_comes_near_them(space):
    generator = random.Random(0)
    drawn = [space.draw(generator) for _ in range(2000)]
    low, high = space.bounds
    assert low <= min(drawn) < low + 0.1 * (high - low) and high - 0.1 * (high - low) < max(drawn) <= high
    assert all(isinstance(value, int) for value in drawn) == isinstance(space, (Whole, LogWhole))


def test_a_choice_draws_each_of_its_values():
    generator = random.Random(0)
    choice = Choice(choice=["a", {"name": "b"}])
    assert {str(choice.draw(generator)) for _ in range(50)} == {"a", "{'name': 'b'}"}


@pytest.mark.parametrize(
    ("space", "message"),
    [
        ({"uniform": [2, 1]}, "the lowest value must be below the highest, got [2, 1]"),
        ({"int": [3, 3]}, "the lowest value must be below the highest, got [3, 3]"),
        ({"log_uniform": [0, 1]}, "must begin above 0, got 0"),
        ({"log_int": [0, 1]}, "must begin above 0, got 0"),
        ({"normal": [0, 1]}, "expected one of {uniform: [low, high]}"),
    ],
)
def test_a_range_in_which_there_is_nothing_is_refused(space, message):
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Space).validate_python(space)
    assert message in str(caught.value)


def test_a_distribution_is_told_by_its_only_key():
    assert [kind_of(value) for value in ({"int": [1, 2]}, {"int": 1, "uniform": 2}, {}, 3)] == ["int", None, None, None]
    assert kind_of(Whole(int=(1, 2))) == "int"
