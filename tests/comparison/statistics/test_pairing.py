"""Which seeds are paired, and how many are enough."""

import numpy as np
import pytest
from fake_samples import FIRST, SECOND, by_seed

from aecli.comparison.statistics.differences import compare_pairs

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
