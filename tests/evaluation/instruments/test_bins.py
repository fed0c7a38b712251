"""Bins of a histogram: more for more values, and bounded whatever they are."""

import numpy as np
import pytest

from aecli.evaluation.instruments.bins import count_bins


def test_more_values_have_more_bins_and_never_too_many():
    rng = np.random.default_rng(0)
    counts = [count_bins(rng.standard_normal(number), 80) for number in (10, 60, 1000, 10_000, 1_000_000)]
    assert counts == sorted(counts) and counts[1] <= 12 and counts[-1] == 80


@pytest.mark.parametrize("values", [[], [1.0], [2.0] * 9, [0.0] * 50 + [1e300], [1e-300, 2e-300]])
def test_awkward_values_have_at_least_one_bin(values):
    assert 1 <= count_bins(np.array(values), 80) <= 80
