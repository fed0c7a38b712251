"""The order of candidates, and the front of those that no other beats in two metrics."""

import itertools

import numpy as np
import pytest
from fake_candidates import MSE, ONE_PER_CENT, candidate

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import measure
from aecli.comparison.verdicts.compare import compare
from aecli.comparison.verdicts.decide import reach_verdicts
from aecli.comparison.verdicts.ranking import best_candidate, find_front, rank


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


pytestmark = pytest.mark.filterwarnings("error")
"""A warning in the middle of a comparison would tell the user nothing."""


def test_the_best_has_seeds_where_others_have_one():
    one, many, worse = candidate("one", [0.1]), candidate("many", [0.2, 0.3]), candidate("worse", [0.4, 0.5])
    assert best_candidate([one, worse, many], MSE).label == "many"
    assert best_candidate([one, candidate("other", [0.2])], MSE).label == "one"
    psnr = measure("psnr_db")
    assert (
        best_candidate(
            [candidate(name, values, metric=psnr) for name, values in (("a", [1, 2]), ("b", [3, 4]))], psnr
        ).label
        == "b"
    )


def test_the_best_is_who_wins_over_the_seeds_of_the_verdicts():
    """Its other seeds, on which nobody else was trained, are the bad ones."""
    short = candidate("short", [0.0100, 0.0101, 0.0102, 0.0099, 0.0100, 0.0101])
    long = candidate("long", [0.0090, 0.0091, 0.00915, 0.0089, 0.0090, 0.0091, 0.02, 0.02, 0.02])
    assert [best_candidate(pair, MSE).label for pair in ([short, long], [long, short])] == ["long", "long"]
    (found,) = reach_verdicts([short, long], long, [MSE], ONE_PER_CENT, was_chosen=True)
    assert found.kind == "worse"


def test_where_nobody_beats_all_others_the_best_mean_is_the_best():
    seeds = {
        "a": {0: 1.0, 1: 1.0, 2: 3.0, 3: 3.0},
        "b": {2: 3.5, 3: 3.5, 4: 1.0, 5: 1.0},
        "c": {4: 1.5, 5: 1.5, 0: 0.5, 1: 0.5},
    }
    circle = [
        Candidate(label, {}, (), (), {MSE.name: {seed: values[seed] for seed in some}})
        for label, values in seeds.items()
        for some in [list(values)]
    ]
    assert best_candidate(circle, MSE).label == "c"


def test_the_verdicts_never_contradict_the_choice_of_the_best():
    random = np.random.default_rng(12)
    for _ in range(200):
        pool = [
            candidate(str(at), 1 + 0.1 * random.normal(size=random.integers(6, 15)), first=int(random.integers(0, 6)))
            for at in range(3)
        ]
        best = best_candidate(pool, MSE)
        means = {one.label: np.mean(list(one.values(MSE).values())) for one in pool}
        if any(one.kind == "better" for one in reach_verdicts(pool, best, [MSE], ONE_PER_CENT, was_chosen=True)):
            assert means[best.label] == min(means.values())
