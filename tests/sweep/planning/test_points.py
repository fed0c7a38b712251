"""The points of a tuning: they cover the range with every number, and more of them leave those that were there."""

import itertools
import math

import pytest

from aecli.sweep.planning.points import bisection, golden, points_of
from aecli.sweep.planning.tune import Tune

LR = "optimization.optimizer.lr"


def points(trials=None, **space):
    keys = {key.replace("_in_", "."): one for key, one in space.items()}
    return points_of(Tune.model_validate({**keys, **({"trials": trials} if trials else {})}))


def of_one(space, trials=None):
    return [
        point[LR] for point in points_of(Tune.model_validate({LR: space, **({"trials": trials} if trials else {})}))
    ]


def test_they_are_the_middle_the_ends_and_what_lies_between():
    assert of_one({"log_uniform": [1e-4, 1e-2]}, 5) == [
        1e-3,
        1e-4,
        1e-2,
        pytest.approx(3.162e-4),
        pytest.approx(3.162e-3),
    ]
    assert of_one({"uniform": [0, 1]}, 3) == [0.5, 0, 1]
    assert of_one({"log_int": [16, 256]}, 5) == [64, 16, 256, 32, 128]


@pytest.mark.parametrize("number", [3, 5, 6, 9, 12, 17, 40])
def test_however_many_they_are_no_gap_is_twice_as_wide_as_it_must_be(number):
    shares = sorted(itertools.islice(bisection(), number))
    gaps = [high - low for low, high in itertools.pairwise(shares)]
    assert (shares[0], shares[-1]) == (0, 1) and max(gaps) < 2 / (number - 1)


def test_more_trials_add_points_and_change_none():
    for space in ({"log_uniform": [3e-4, 3e-2]}, {"choice": [1, 2, 3, 4, 5, 6]}):
        assert of_one(space, 6)[:4] == of_one(space, 4)
    two = {"optimization_in_optimizer.lr": {"uniform": [0, 1]}, "training_in_batch_size": {"int": [1, 9]}}
    assert points(9, **two)[:5] == points(5, **two)


def test_several_keys_fill_the_square_from_its_middle():
    shares = list(itertools.islice(golden(2), 16))
    assert shares[0] == (0.5, 0.5)
    quarters = {(math.floor(2 * one), math.floor(2 * other)) for one, other in shares[:8]}
    assert len(quarters) == 4 and min(math.dist(*pair) for pair in itertools.combinations(shares, 2)) > 0.1


def test_each_point_comes_once_and_choices_end():
    assert sorted(of_one({"int": [1, 4]}, 4)) == [1, 2, 3, 4]
    assert sorted(of_one({"choice": ["a", "b", "c"]})) == ["a", "b", "c"]
    both = points(loss={"choice": ["mse", "mae"]}, regularization={"choice": [[], ["l1"]]})
    assert len(both) == 4
    with pytest.raises(ValueError, match="5 trials, and there are only 4 different points"):
        of_one({"int": [1, 4]}, 5)


def test_a_number_that_is_not_given_is_six():
    assert len(of_one({"log_uniform": [3e-4, 3e-2]})) == 6
