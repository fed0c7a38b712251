"""Where a curve becomes flat."""

import pytest

from aecli.comparison.statistics.saturation import find_saturated


@pytest.mark.parametrize(
    ("means", "at"),
    [([5.0, 1.0, 1.0], 1), ([1.0, 1.0, 1.0], None), ([3.0, 2.0, 1.0], None), ([5.0, 1.0], None), ([], None)],
)
def test_only_what_moved_before_and_does_not_after_is_saturated(means, at):
    assert find_saturated(means, lambda mean: 0.01 * mean) == at
