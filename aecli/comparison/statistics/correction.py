"""The correction for many comparisons: of some with one baseline, and of the best one with all others."""

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


def step_down_from_best(p_values: Sequence[float]) -> list[float]:
    """The adjustment where the best of several is compared with each of the others, and was found by looking.

    The furthest is compared first, as one of all pairs; who is left makes a smaller set, of fewer pairs, at the level
    that Ryan, Einot, Gabriel and Welsch give to a set of that size. The chance of some false difference is at most the
    level, whichever of them differ in truth.

    Args:
        p_values: of each of the others against the best one.

    Returns: adjusted p-values in the same order, at most 1.

    Source: Einot and Gabriel 1975, Journal of the American Statistical Association 70, 574
    Example:
        >>> [round(p, 4) for p in step_down_from_best([0.001, 0.02, 0.0001])]  # four candidates, six pairs
        [0.003, 0.0396, 0.0006]
    """
    candidates = len(p_values) + 1
    adjusted, largest = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=lambda index: p_values[index])):
        left = candidates - rank
        of_set = min(1.0, left * (left - 1) / 2 * p_values[index])
        if left < candidates - 1:
            of_set = 1 - (1 - of_set) ** (candidates / left)
        largest = max(largest, of_set)
        adjusted[index] = largest
    return adjusted
