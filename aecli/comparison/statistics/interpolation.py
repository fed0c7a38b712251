"""Reading a curve between its points: where a number that moves with a dose takes a value, and another one there.

Knows no run. Between two neighbouring doses both numbers are taken to be straight, on logarithmic axes where they are
sizes above 0; beyond the points nothing is read.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """One dose: the number that is to be equal, and the one that is read there."""

    dose: float
    at: float
    value: float


@dataclass(frozen=True)
class Reading:
    """What a curve has where the first number is as wanted."""

    value: float
    below: float
    above: float
    """The doses between which it was read; the same one twice where a point has the number itself."""


def read_at(points: Sequence[Point], wanted: float) -> Reading | None:
    """The value where `at` is as wanted; None where the points do not reach it.

    `at` has to move with the dose in one direction; where noise makes it turn back, the nearest curve that does not is
    taken (isotonic regression).

    Args:
        points: rising in dose, at least one.
        wanted: in units of `at`.

    Example:
        >>> found = read_at([Point(1, 64, 0.01), Point(2, 16, 0.04)], 32)
        >>> round(found.value, 9), found.below, found.above
        (0.02, 1, 2)
        >>> read_at([Point(1, 64, 0.01), Point(2, 16, 0.04)], 128) is None
        True
    """
    level, goal = on_axis([one.at for one in points], wanted)
    sign = 1.0 if level[-1] >= level[0] else -1.0
    level, goal = monotone([sign * one for one in level]), sign * goal
    exact = [one for one, own in zip(points, level, strict=True) if math.isclose(own, goal, rel_tol=1e-12)]
    if exact:
        middle = exact[(len(exact) - 1) // 2]
        return Reading(middle.value, middle.dose, middle.dose)
    for index in range(len(points) - 1):
        if level[index] < goal < level[index + 1]:
            share = (goal - level[index]) / (level[index + 1] - level[index])
            return between(points[index], points[index + 1], share)
    return None


def between(one: Point, other: Point, share: float) -> Reading:
    """The value on the way from one point to another."""
    if min(one.value, other.value) > 0:
        value = math.exp((1 - share) * math.log(one.value) + share * math.log(other.value))
    else:
        value = (1 - share) * one.value + share * other.value
    return Reading(value, one.dose, other.dose)


def on_axis(values: Sequence[float], wanted: float) -> tuple[list[float], float]:
    """Numbers as they lie on the axis: their logarithms where all are above 0."""
    if min(*values, wanted) > 0:
        return [math.log(value) for value in values], math.log(wanted)
    return list(values), wanted


def monotone(values: Sequence[float]) -> list[float]:
    """The nearest sequence that never falls, by least squares: neighbours that fall are pooled.

    Example:
        >>> monotone([1.0, 3.0, 2.0, 4.0])
        [1.0, 2.5, 2.5, 4.0]
    """
    pools: list[tuple[float, int]] = []
    for value in values:
        pools.append((value, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (first, m), (second, n) = pools[-2:]
            pools[-2:] = [((first * m + second * n) / (m + n), m + n)]
    return [mean for mean, count in pools for _ in range(count)]
