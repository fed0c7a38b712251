"""Differences as shares of the baseline's mean, as verdicts show them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from aecli.comparison.statistics.differences import Difference, difference_interval
from aecli.comparison.statistics.intervals import Estimate, mean_interval
from aecli.comparison.statistics.relative import relative_difference
from aecli.comparison.verdicts.verdict import Verdict


def in_one_unit(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The same, without shares by a metric of which one difference is no share: a column does not mix two units."""
    mixed = {one.metric.name for one in verdicts if one.difference is not None and one.relative is None}
    return [replace(one, relative=None) if one.metric.name in mixed else one for one in verdicts]


def share_of(difference: Difference, ours: Mapping[int, float], theirs: Mapping[int, float]) -> Estimate | None:
    """The difference as a share of the baseline's mean; None where that is no number.

    The verdict rests on the difference itself. Where the interval of the difference is wider than that of its own
    pairs alone, that of the share is as much wider; and where the two disagree on 0, the former is shown in its place,
    divided by the baseline's mean.
    """
    own, relative = difference.estimate, relative_difference(ours, theirs)
    if relative is None:
        return None
    seeds = sorted(ours.keys() & theirs.keys()) if difference.paired else theirs
    mean = abs(mean_interval([theirs[seed] for seed in seeds]).mean)
    relative = as_wide(relative, difference_interval(ours, theirs), own, mean)
    if leaves_out_0(relative) == leaves_out_0(own):
        return relative
    if own.low is None or own.high is None:
        return Estimate(own.mean / mean, own.n)
    return Estimate(own.mean / mean, own.n, own.low / mean, own.high / mean)


def as_wide(share: Estimate, alone: Estimate, own: Estimate, mean: float) -> Estimate:
    """The interval of a share of a mean, each side as much wider as that of the difference is than alone."""
    if None in (share.low, share.high, alone.low, alone.high, own.low, own.high):
        return share
    ends = []
    for end, before, after in zip(share.ends, alone.ends, own.ends, strict=True):
        squares = [(side / mean) ** 2 for side in (after - own.mean, before - own.mean)]
        reach = math.sqrt(max((end - share.mean) ** 2 + squares[0] - squares[1], 0.0))
        ends.append(share.mean + math.copysign(reach, end - share.mean))
    return Estimate(share.mean, share.n, *ends)


def leaves_out_0(estimate: Estimate) -> bool:
    """Whether 0 is outside an interval; where there is none, whether the mean is not 0."""
    low, high = estimate.ends
    return not low <= 0 <= high
