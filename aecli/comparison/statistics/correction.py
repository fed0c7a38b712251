"""The correction for many comparisons."""

from collections.abc import Sequence


def holm(p_values: Sequence[float], family: int | None = None) -> list[float]:
    """Holm's step-down adjustment.

    Args:
        p_values: of the comparisons made here.
        family: how many comparisons there were in truth, where some were made by looking for the best; the others are
            counted as if they came last, which can only enlarge the result.

    Returns: adjusted p-values in the same order, at most 1.

    Source: Holm 1979, Scandinavian Journal of Statistics 6
    Example:
        >>> holm([0.01, 0.04, 0.03])
        [0.03, 0.06, 0.06]
    """
    family = max(family or 0, len(p_values))
    adjusted, largest = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=lambda index: p_values[index])):
        largest = max(largest, min(1.0, (family - rank) * p_values[index]))
        adjusted[index] = largest
    return adjusted


def family_of(candidates: int, metrics: int, *, was_chosen: bool) -> int:
    """How many comparisons there are: all pairs where the baseline was chosen, else one for each of the others."""
    pairs = candidates * (candidates - 1) // 2 if was_chosen else candidates - 1
    return max(pairs * metrics, 1)
