"""Seeds times candidates: what of their spread counts, and who is hopeless."""

import numpy as np
import pytest

from aecli.comparison.statistics.layout import contenders, find_spread

ONE = np.ones((1, 1))


def tables(rng, counts, firsts, *, shared=1.0, own=0.5):
    """Candidates with seeds of their own, whose values share what a seed does."""
    seeds = [list(range(first, first + count)) for count, first in zip(counts, firsts, strict=True)]
    effects = rng.normal(0, shared, 100)
    return [(effects[one] + rng.normal(0, own, len(one)))[None] for one in seeds], seeds


@pytest.mark.parametrize(
    ("counts", "firsts", "expected"),
    [
        ((6, 6, 6), (0, 0, 0), 0.25 / 6),
        ((6, 6, 6), (0, 20, 40), 1.25 / 6),
        ((8, 8), (0, 2), (0.75 * 0.25 + 0.25 * 1.25) / 8),
    ],
    ids=["the same seeds", "none in common", "six of eight in common"],
)
def test_only_what_seeds_do_not_share_counts_where_they_are_in_common(counts, firsts, expected):
    rng = np.random.default_rng(0)
    found = [find_spread(*tables(rng, counts, firsts)).covariance(ONE, ONE)[0, 0] for _ in range(2_000)]
    assert np.mean(found) == pytest.approx(expected, rel=0.05)


def test_the_covariance_of_two_numbers_of_a_run_is_that_of_their_residuals():
    rng = np.random.default_rng(1)
    first = rng.normal(size=(4, 9))
    values = [np.stack([one, 2 * one + 5]) for one in first]
    spread = find_spread(values, [range(9)] * 4)
    a, b = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    assert spread.covariance(a, b) == pytest.approx(2 * spread.covariance(a, a))
    assert spread.degrees == 24


def test_who_is_hopeless_is_left_out_and_nobody_else():
    rng = np.random.default_rng(2)
    values = [level + rng.normal(0, 0.02, 5) for level in (0.03, 0.0, 0.01, 2.0, 2.1)]
    assert sorted(contenders(values, [range(5)] * 5)) == [0, 1, 2]
    assert sorted(contenders(values[:3], [range(5)] * 3)) == [0, 1, 2]
    assert contenders(values[2:], [range(5)] * 3)[:2] == [0, 1], "two at least"


def test_candidates_of_one_population_are_hardly_ever_called_hopeless():
    rng = np.random.default_rng(3)
    left_out = [
        len(contenders(list(rng.normal(rng.normal(0, 1, (8, 1)), 1, (8, 4))), [range(4)] * 8)) < 8 for _ in range(300)
    ]
    assert np.mean(left_out) <= 0.02
