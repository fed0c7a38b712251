"""Which seeds are paired, whatever came out and however many others there are."""

import numpy as np
import pytest

from aecli.comparison.statistics.differences import compare_pairs
from aecli.comparison.statistics.families import compare_family
from aecli.comparison.statistics.pairing import FEWEST, common_seeds

pytestmark = pytest.mark.filterwarnings("error")
"""A warning in the middle of a comparison would tell the user nothing."""


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ([0, 1, 2], [0, 1, 2], (True, 3)),
        ([0, 1, 2], [1, 2, 3], (False, 3)),
        ([0, 1, 2], [1, 2], (True, 2)),
        ([*range(10)], [*range(8, 18)], (False, 10)),
        ([*range(10)], [*range(5, 15)], (True, 5)),
        ([*range(10)], [*range(6, 16)], (False, 10)),
        ([*range(10)], [*range(7, 10)], (True, 3)),
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


def test_two_common_seeds_of_many_are_too_few():
    assert common_seeds(range(10), range(8, 18)) == [] and common_seeds(range(10), range(3)) == [0, 1, 2]
    assert len(common_seeds(range(4), range(1, 5))) == FEWEST


def test_pairs_stay_pairs_in_a_family_that_lost_a_seed_each():
    """Twelve seeds of sixteen candidates, another one lost of each: 5 % are told, and everybody is paired."""
    told = 0
    for table in range(40):
        random = np.random.default_rng(table)
        values = 1 + 0.035 * (0.85 * random.normal(size=12) + 0.53 * random.normal(size=(16, 12)))
        values[1] *= 1.05
        samples = [{seed: row[seed] for seed in range(12) if seed != at % 12} for at, row in enumerate(values)]
        found = compare_family(samples[1:], samples[0], was_chosen=False)
        assert all(one.paired and one.estimate.n >= 10 for one in found)
        told += found[0].p_corrected < 0.05
    assert told >= 24, told
