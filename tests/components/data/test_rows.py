"""Rows put apart: the same rows as plain indexing, in the memory of the array where that is allowed."""

import numpy as np
import pytest

from aecli.components.data import rows
from aecli.components.data.rows import set_apart


@pytest.mark.parametrize("count", [1, 2, 7, 64, 1001])
@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9])
def test_the_rows_are_those_of_plain_indexing(count, share, monkeypatch):
    monkeypatch.setattr(rows, "BLOCK", 16)
    values = np.random.default_rng(1).integers(0, 256, (count, 5), np.uint8)
    order = np.random.default_rng(2).permutation(count)
    kept, apart = np.sort(order[round(count * share) :]), np.sort(order[: round(count * share)])
    expected = values[kept], values[apart]
    for in_place in (False, True):
        found = set_apart(values.copy(), kept, apart, in_place=in_place)
        assert all(np.array_equal(one, other) for one, other in zip(found, expected, strict=True))


def test_moved_rows_fill_the_memory_of_the_array():
    values = np.arange(40.0).reshape(10, 4)
    kept, taken = set_apart(values, np.array([0, 2, 3, 5, 6, 7, 9]), np.array([1, 4, 8]), in_place=True)
    assert np.shares_memory(kept, values) and np.shares_memory(taken, values)
    assert values[:, 0].tolist() == [0, 8, 12, 20, 24, 28, 36, 4, 16, 32]


@pytest.mark.parametrize("why", ["not allowed", "read-only", "a small part", "a small part of a part", "columns first"])
def test_rows_are_copied_where_they_may_not_be_moved_or_memory_would_be_held_for_nothing(why):
    values = np.arange(40.0).reshape(10, 4)
    if why == "columns first":
        values = np.asfortranarray(values)
    before = values.copy()
    values.flags.writeable = why != "read-only"
    part = values[:6] if why == "a small part of a part" else values
    count = {"a small part": 4, "a small part of a part": 4}.get(why, 5)
    kept, taken = set_apart(part, np.arange(count), np.array([5]), in_place=why != "not allowed")
    assert not np.shares_memory(kept, values) and not np.shares_memory(taken, values)
    assert np.array_equal(values, before)
    assert np.array_equal(kept, before[:count]) and np.array_equal(taken, before[5:6])
    assert kept.flags.c_contiguous and taken.flags.c_contiguous


def test_half_of_the_memory_is_enough_to_stay():
    values = np.arange(40.0).reshape(10, 4)
    assert np.shares_memory(set_apart(values, np.arange(5), np.arange(5, 7), in_place=True)[0], values)
