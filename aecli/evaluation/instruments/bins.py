"""How many bins a histogram has: enough to show a shape, and too few to show the chance of single values."""

import math

import numpy as np


def count_bins(values_N: np.ndarray, most: int) -> int:
    """The finer of two rules, and never more than so many.

    max(Freedman and Diaconis: range * N^(1/3) / (2 * interquartile range), Sturges: 1 + log2(N))

    Source: https://numpy.org/doc/stable/reference/generated/numpy.histogram_bin_edges.html
    Example:
        >>> count_bins(np.linspace(0, 1, 60), 80), count_bins(np.append(np.linspace(0, 1, 60), 1e9), 80)
        (7, 80)
    """
    if len(values_N) == 0:
        return 1
    low, high = np.quantile(values_N, (0.25, 0.75))
    fine = float(np.ptp(values_N)) * len(values_N) ** (1 / 3) / (2 * (high - low)) if high > low else 0.0
    return math.ceil(min(most, max(fine, 1 + math.log2(len(values_N)))))
