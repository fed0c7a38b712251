"""The points that a tuning tries: the same for every candidate, covering the range, the earlier ones with every number.

Of one key they are the middle of its range, its ends, and then the middles of what lies between, so that 5, 9 and 17
lie evenly; of a choice all of its values come. Several keys together follow a sequence of low discrepancy, whose
first point is the middle of everything. More trials add points and leave those that are there.

Source: Roberts 2018, The unreasonable effectiveness of quasirandom sequences (the generalized golden ratio).
"""

import itertools
import math
from collections.abc import Iterator, Mapping

from aecli.sweep.planning.distributions import Choice, Distribution, LogUniform, LogWhole, Uniform
from aecli.sweep.planning.tune import DEFAULT_TRIALS, Tune

DIGITS = 4
"""Significant ones of a point that is no end of its range."""
MOST_TRIES = 10_000
"""Members of a sequence that are looked at for points that are new."""

Point = Mapping[str, object]
"""Key -> value."""


def points_of(tune: Tune) -> list[Point]:
    """The points of a tuning, in the order in which a smaller number would have tried them.

    Raises:
        ValueError: there are not so many.
    """
    is_grid = all(isinstance(one, Choice) for one in tune.space.values())
    found = list(itertools.islice(distinct(tune.space), tune.trials or (MOST_TRIES if is_grid else DEFAULT_TRIALS)))
    if tune.trials and len(found) < tune.trials:
        raise ValueError(f"{tune.trials} trials, and there are only {len(found)} different points")
    return found


def distinct(space: Mapping[str, Distribution]) -> Iterator[Point]:
    """Points of a space, each once."""
    seen: list[Point] = []  # a value may be a section, which no set holds
    shares = ((share,) for share in bisection()) if len(space) == 1 else golden(len(space))
    for place in itertools.islice(shares, MOST_TRIES):
        point = {key: at(one, share) for (key, one), share in zip(space.items(), place, strict=True)}
        if point not in seen:
            seen.append(point)
            yield point


def bisection() -> Iterator[float]:
    """Shares of a range: its middle, its ends, the middles of the halves, of the quarters, and so on.

    Example:
        >>> list(itertools.islice(bisection(), 7))
        [0.5, 0.0, 1.0, 0.25, 0.75, 0.125, 0.625]
    """
    yield from (0.5, 0.0, 1.0)
    for level in itertools.count(2):
        parts = 2**level
        middles = range(1, parts, 2)
        yield from (middle / parts for middle in sorted(middles, key=lambda middle: reversed_bits(middle, level)))


def reversed_bits(number: int, bits: int) -> int:
    """A number with its bits in the other order, by which neighbours lie far apart."""
    return int(format(number, f"0{bits}b")[::-1], 2)


def golden(dimensions: int) -> Iterator[tuple[float, ...]]:
    """Points of the unit cube, the first in its middle, that fill it evenly however many are taken.

    Example:
        >>> [tuple(round(share, 2) for share in point) for point in itertools.islice(golden(2), 3)]
        [(0.5, 0.5), (0.25, 0.07), (0.01, 0.64)]
    """
    ratio = 2.0
    for _ in range(60):
        ratio = (1 + ratio) ** (1 / (dimensions + 1))
    steps = [ratio ** -(axis + 1) for axis in range(dimensions)]
    for number in itertools.count():
        yield tuple((0.5 + number * step) % 1 for step in steps)


def at(space: Distribution, share: float) -> object:
    """The value at a share of a distribution, 0 its lowest and 1 its highest."""
    if isinstance(space, Choice):
        return space.choice[min(int(share * len(space.choice)), len(space.choice) - 1)]
    low, high = space.bounds
    if share in (0.0, 1.0):
        return high if share else low
    is_log = isinstance(space, (LogUniform, LogWhole))
    value = math.exp(math.log(low) + share * math.log(high / low)) if is_log else low + share * (high - low)
    return float(f"{value:.{DIGITS}g}") if isinstance(space, (Uniform, LogUniform)) else round(value)
