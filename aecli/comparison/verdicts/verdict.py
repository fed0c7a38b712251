"""A verdict: what the numbers allow to say about one candidate against another. No words; see `telling`."""

from dataclasses import dataclass

from aecli.comparison.evidence.measures import Measure
from aecli.comparison.statistics.differences import Difference
from aecli.comparison.statistics.intervals import ALPHA, Estimate

BETTER, WORSE, EQUIVALENT, UNDECIDED, NOT_MEASURED = "better", "worse", "equivalent", "undecided", "not measured"

NEVER_MEASURED, NO_FINITE_NUMBER = "never-measured", "no-finite-number"
"""Reasons of `not measured`; `lacking` says of whom."""
NO_COMMON_SEED, ONE_SEED_EACH, ONE_COMMON_SEED = "no-common-seed", "one-seed-each", "one-common-seed"
"""Reasons of `undecided`: there is no spread to test against."""
TOO_FEW_SEEDS, BAND_UNCERTAIN, INCLUDES_0 = "too-few-seeds", "band-uncertain", "includes-0"
P_TOO_LARGE, P_CORRECTED = "p-too-large", "p-corrected"
"""Reasons of `undecided` after a test; see `decide.reason_of`."""
LOST_SEEDS = "lost-seeds"
"""Reason of `undecided`: who is better is so by the seeds that are left; `lacking` says who."""


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


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the numbers allow to say about one candidate against the baseline, by one metric."""

    metric: Measure
    candidate: str
    baseline: str
    kind: str
    comparisons: int
    """Size of the family for which p is corrected."""
    judge: Measure | None = None
    """The metric that was tested in its place: one which orders nets alike."""
    level: float = ALPHA
    """What the corrected p has to be below."""
    holds_for: str = ""
    """`these-images` or `new-images`, beside new seeds; empty where no test images judge."""
    sizes: tuple[int, int]
    """Numbers of seeds of the candidate and of the baseline that were measured."""
    difference: Difference | None = None
    """In units of the metric, candidate - baseline."""
    relative: Estimate | None = None
    """The same as a share of the baseline's mean; None where that is 0, or next to nothing, where a share of the metric
    means nothing, and where that is so of another difference by the same metric."""
    seeds_won: float | None = None
    """Share of the seed pairs in which the candidate is better; ties count half."""
    p_corrected: float | None = None
    band: float | None = None
    """Half width of the band of practical equivalence, in units of the metric."""
    seeds: tuple[int, ...] = ()
    """The seeds by which the two are paired; none where they are not."""
    needed: int | None = None
    """About how many seeds would decide, in all; at least how many where p is None; None where none are missing, or
    where 10,000 would not be enough."""
    reason: str = ""
    """Code of why it is undecided or not measured; empty otherwise."""
    lacking: str = ""
    """Label of the one that was not measured."""
    images: ImageVerdict | None = None

    @property
    def known(self) -> Difference:
        """The difference, of a verdict that has one.

        Raises:
            ValueError: it has none.
        """
        if self.difference is None:
            raise ValueError(f"no difference: {self.reason}")
        return self.difference
