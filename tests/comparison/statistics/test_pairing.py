"""Which seeds are paired, and how many are enough."""

import numpy as np
import pytest
from fake_samples import FIRST, SECOND, by_seed

from aecli.comparison.statistics.differences import compare_pairs
from aecli.comparison.statistics.pairing import common_seeds, does_permute, fewest_seeds

pytestmark = pytest.mark.filterwarnings("error")
"""A warning in the middle of a comparison would tell the user nothing."""


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ([0, 1, 2], [0, 1, 2], (True, 3)),
        ([0, 1, 2], [1, 2, 3], (False, 3)),
        ([0, 1, 2], [1, 2], (True, 2)),
        ([*range(10)], [*range(8, 18)], (False, 10)),
        ([*range(10)], [*range(5, 15)], (False, 10)),
        ([*range(10)], [*range(4, 14)], (True, 6)),
        ([0, 1, 2], [2, 3, 4], (False, 3)),
        ([0, 1, 2], [3, 4], (False, 2)),
        ([0], [0, 1, 2], (True, 1)),
        ([0], [0], (True, 1)),
        ([0], [1], None),
        ([0], [1, 2], None),
        ([], [0, 1], None),
        ([], [], None),
    ],
    ids=str,
)
def test_common_seeds_make_pairs(ours, theirs, expected):
    values = np.random.default_rng(3).normal(size=20)
    found = compare_pairs({seed: values[seed] for seed in ours}, {seed: values[-seed] for seed in theirs})
    assert found == expected if expected is None else (found.paired, found.estimate.n) == expected


def test_how_many_pairs_are_enough_depends_on_the_family():
    """Seven of ten seeds in common can decide one comparison, and not fifteen."""
    ours, theirs = by_seed(FIRST), by_seed(SECOND, 3)
    assert [compare_pairs(ours, theirs, family).paired for family in (1, 15)] == [True, False]
    assert compare_pairs(ours, by_seed(SECOND), 15).paired, "all seeds are common"


@pytest.mark.parametrize("family", [1, 15, 400])
def test_seeds_are_paired_from_the_number_on_that_can_decide(family):
    few, enough = fewest_seeds(family) - 1, fewest_seeds(family)
    assert common_seeds(range(enough), range(50), family) == list(range(enough))
    assert common_seeds(range(50), range(50 - few, 100), family) == []


def test_all_ways_are_tried_as_long_as_they_are_few():
    assert does_permute(1, 13) and does_permute(10**9, 13)
    assert does_permute(1, 14) and not does_permute(10**9, 14)
