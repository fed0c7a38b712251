"""Rows put apart: the same rows as plain indexing, in the memory of the array where that is allowed."""

import numpy as np
import pytest

from aecli.experiment.data import rows
from aecli.experiment.data.rows import set_apart


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


def test_kept_rows_stay_in_the_memory_of_the_array_and_the_others_leave_it():
    values = np.arange(40.0).reshape(10, 4)
    kept, apart = set_apart(values, np.arange(2, 10), np.arange(2), in_place=True)
    assert np.shares_memory(kept, values)
    assert not np.shares_memory(apart, values)


@pytest.mark.parametrize("why", ["not allowed", "read-only", "a small part"])
def test_rows_are_copied_where_they_may_not_be_moved_or_memory_would_be_held_for_nothing(why):
    values = np.arange(40.0).reshape(10, 4)
    before = values.copy()
    values.flags.writeable = why != "read-only"
    kept, _ = set_apart(values, np.arange(3 if why == "a small part" else 9), np.array([9]), in_place=why != "not allowed")
    assert not np.shares_memory(kept, values)
    assert np.array_equal(values, before)
