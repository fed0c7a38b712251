"""Where a curve over a strength becomes flat."""

from collections.abc import Callable, Sequence


def find_saturated(means: Sequence[float], band: Callable[[float], float]) -> int | None:
    """The first of the doses that moved the mean by more than a band, which no larger one moves by another.

    Args:
        means: of doses that rise.
        band: from a mean to the half width of its band.

    Example:
        >>> find_saturated([64, 10, 7.01, 7.0], lambda mean: 0.01 * mean)
        2
        >>> find_saturated([64, 10, 7], lambda mean: 0.01 * mean) is None
        True
    """
    for at in range(1, len(means) - 1):
        reach = band(means[at])
        moved = abs(means[at] - means[0]) > band(means[0])
        if moved and all(abs(later - means[at]) <= reach for later in means[at + 1 :]):
            return at
    return None
