"""The order of candidates, and the front of those that no other beats in two metrics."""

import itertools

import numpy as np
import pytest

from aecli.comparison.evidence.measures import measure
from aecli.comparison.verdicts.compare import compare
from aecli.comparison.verdicts.ranking import find_front, rank


@pytest.mark.parametrize(("metric", "order"), [("mse", ["mse", "mae"]), ("ssim", ["mae", "mse"])])
def test_the_best_comes_first_whatever_its_direction(write_run, tmp_path, metric, order):
    write_run(test={"mse": 0.1, "ssim": 0.8})
    write_run(test={"mse": 0.2, "ssim": 0.9}, set=["loss.name=mae"])
    write_run(summary={"test": {}}, set=["loss.name=bce"])
    (group,) = compare([tmp_path / "runs"]).groups
    assert [one.label for one in rank(group.candidates, measure(metric))] == order


def test_the_front_is_what_a_search_over_all_pairs_finds():
    rng = np.random.default_rng(0)
    for _ in range(50):
        points = [tuple(row) for row in rng.integers(0, 6, (12, 2)).tolist()]
        beaten = {
            one
            for one, other in itertools.permutations(range(len(points)), 2)
            if points[other][0] <= points[one][0]
            and points[other][1] <= points[one][1]
            and points[other] != points[one]
        }
        assert sorted(find_front(points)) == sorted(set(range(len(points))) - beaten)


def test_equal_points_are_both_on_the_front():
    assert find_front([(1.0, 1.0), (1.0, 1.0), (2.0, 2.0)]) == [0, 1]
