"""A verdict: what the numbers allow to say about one candidate against another. No words; see `telling`."""

from dataclasses import dataclass

from aecli.comparison.evidence.measures import Measure
from aecli.comparison.statistics.differences import Difference
from aecli.comparison.statistics.intervals import Estimate

BETTER, WORSE, EQUIVALENT, UNDECIDED, NOT_MEASURED = "better", "worse", "equivalent", "undecided", "not measured"


@dataclass(frozen=True)
class ImageVerdict:
    """Two nets compared image by image: about these two nets, not about what they were trained with."""

    kind: str
    difference: Estimate
    """Of the mean error over the test images, candidate - baseline; below 0 the candidate is better."""
    quantity: str
    """In per_image.npz; of `ssim`, which is no error, 1 - ssim is taken."""
    wins: float
    """Share of the images on which the candidate has the smaller error."""


@dataclass(frozen=True)
class Verdict:
    """What the numbers allow to say about one candidate against the baseline, by one metric."""

    metric: Measure
    candidate: str
    baseline: str
    kind: str
    difference: Difference | None
    """In units of the metric, candidate - baseline."""
    relative: Estimate | None
    """The same as a share of the baseline's mean; None where that is 0, or next to nothing, where a share of the metric means
    nothing, and where the two intervals disagree on 0."""
    p_better: float | None
    """Share of the seed pairs in which the candidate is better; ties count half."""
    p_holm: float | None
    comparisons: int
    """Size of the family for which p is corrected."""
    band: float | None
    """Half width of the band of practical equivalence, in units of the metric."""
    seeds: tuple[int, ...]
    """The seeds by which the two are paired; none where they are not."""
    needed: int | None
    """About how many seeds would decide, in all; at least how many where p is None; None where none are missing, or where
    10,000 would not be enough."""
    reason: str
    """Why it is undecided or not measured; empty otherwise."""
    images: ImageVerdict | None = None
