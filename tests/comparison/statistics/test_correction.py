"""Holm's correction against the textbook, and over all pairs of candidates."""

import itertools

import numpy as np
import pytest

from aecli.comparison.statistics.correction import holm

pytestmark = pytest.mark.filterwarnings("error")
"""A warning in the middle of a comparison would tell the user nothing."""


def textbook_holm(p_values, family):
    """Step by step, with every comparison that was not made counted in as a p-value of 1."""
    ranked = sorted(
        [(p, index) for index, p in enumerate(p_values)] + [(1.0, None)] * (family - len(p_values)),
        key=lambda pair: pair[0],
    )
    adjusted = {}
    for rank, (_, index) in enumerate(ranked):
        adjusted[index] = min(1.0, max((family - before) * ranked[before][0] for before in range(rank + 1)))
    return [adjusted[index] for index in range(len(p_values))]


@pytest.mark.parametrize("extra", [0, 1, 7])
def test_holm_is_the_textbooks(extra):
    random = np.random.default_rng(4)
    for n in range(1, 9):
        p_values = (random.integers(1, 30, n) / 100).tolist()  # with ties
        assert holm(p_values, n + extra) == pytest.approx(textbook_holm(p_values, n + extra))
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_over_all_pairs_never_says_more_than_had_they_all_been_looked_at():
    """Only the comparisons with the best are made; whatever the others are, counting them in last is the safe side."""
    random = np.random.default_rng(5)
    for _ in range(300):
        p_values = (random.random(6) ** 3).tolist()
        for made in itertools.combinations(range(6), 3):
            everything = textbook_holm(p_values, 6)
            assert all(
                one >= everything[at] - 1e-12
                for one, at in zip(holm([p_values[at] for at in made], 6), made, strict=True)
            )


def test_holm_of_nothing_is_nothing():
    assert holm([]) == [] and holm([], 5) == []
    assert holm([0.6, 0.7], 1) == [1.0, 1.0], "a family has at least the members that are there"
