"""From differences to a verdict: better, worse, equivalent, or undecided.

- equivalent: the whole 95 % interval lies within the band of practical equivalence, also in view of how uncertain the band
  is where it is a share of the baseline's mean;
- better or worse: the corrected p-value is below 0.05 and the interval leaves out 0;
- undecided: anything else, and then with the number of seeds that would decide.

The family of the correction is every candidate against the baseline for every metric asked for. Where the baseline is the
best one by these very numbers, all pairs count, since looking for the best is comparing them all.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.collect import RunRecord
from aecli.comparison.evidence.measures import DECIBEL, RATIO, Measure
from aecli.comparison.statistics.relative import relative_difference
from aecli.comparison.statistics.sample_size import seeds_to_decide
from aecli.comparison.statistics.statistics import (
    ALPHA,
    NO_SPREAD,
    Difference,
    Estimate,
    compare_pairs,
    edges_of_band,
    fewest_seeds,
    holm,
    mean_difference,
    mean_interval,
)
from aecli.errors import UsageError
from aecli.lazy import np
from aecli.text import printable

BETTER, WORSE, EQUIVALENT, UNDECIDED, NOT_MEASURED = "better", "worse", "equivalent", "undecided", "not measured"


@dataclass(frozen=True)
class Rope:
    """The band of practical equivalence: differences within it do not matter in practice."""

    size: float
    is_relative: bool

    def half_width(self, baseline_mean: float, scale: str = RATIO) -> float:
        """Half the band's width, in units of the metric: 1 % is also 1 % of the squared error in decibels, and one point."""
        if not self.is_relative or scale not in (RATIO, DECIBEL):
            return self.size
        return 10 * math.log10(1 + self.size) if scale == DECIBEL else self.size * abs(baseline_mean)

    def on(self, scale: str) -> str:
        """It as it is meant on the scale of a metric.

        Example:
            >>> Rope(0.01, True).on("ratio"), Rope(0.01, True).on("dB"), Rope(0.01, True).on("points")
            ('1 %', '0.0432 dB', '0.01')
        """
        if self.is_relative and scale == RATIO:
            return str(self)
        return f"{self.half_width(1.0, scale):.3g} {scale if scale == DECIBEL else ''}".strip()

    def __str__(self) -> str:
        return f"{self.size * 100:g} %" if self.is_relative else f"{self.size:g}"


def parse_rope(text: str) -> Rope:
    """`1%` of the baseline's mean, or `0.0001` in units of the metric.

    Raises:
        UsageError: it is neither, or not above 0.
    """
    match = re.fullmatch(r"\s*(\d*\.?\d+(?:[eE][-+]?\d+)?)\s*(%?)\s*", text)
    size = float(match[1]) / (100 if match[2] else 1) if match else 0.0
    if not 0 < size < math.inf:
        raise UsageError(
            f'--rope "{printable(text)}": write a share of the baseline such as 1%, or a number above 0 in units of the metric'
        )
    return Rope(size, bool(match[2]))


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


def judge_all(
    candidates: Sequence[Candidate], baseline: Candidate, metrics: Sequence[Measure], rope: Rope, *, was_chosen: bool
) -> list[Verdict]:
    """Judge every other candidate against the baseline by every metric.

    Args:
        candidates: all of them, the baseline among them.
        baseline: what they are compared with.
        metrics: with a known direction.
        rope: band of practical equivalence.
        was_chosen: the baseline is the best by these numbers, so all pairs belong to the family.

    Returns: verdicts, metric by metric, in the order of the candidates.
    """
    others = [candidate for candidate in candidates if candidate is not baseline]
    family = family_of(len(candidates), len(metrics), was_chosen=was_chosen)
    found = [
        (metric, other, compare_pairs(other.values(metric), baseline.values(metric), family))
        for metric in metrics
        for other in others
    ]
    tested = [difference for _, _, difference in found if has_p(difference)]
    corrected = zip(
        holm([one.p for one in tested], family), holm([one.smallest_p for one in tested], family), strict=True
    )
    return [
        judge(
            metric, other, baseline, difference, *(next(corrected) if has_p(difference) else (None, None)), family, rope
        )
        for metric, other, difference in found
    ]


def family_of(candidates: int, metrics: int, *, was_chosen: bool) -> int:
    """How many comparisons there are: all pairs where the baseline was chosen, else one for each of the others."""
    pairs = candidates * (candidates - 1) // 2 if was_chosen else candidates - 1
    return max(pairs * metrics, 1)


def has_p(difference: Difference | None) -> bool:
    """Whether there were enough values for a test."""
    return difference is not None and difference.p is not None


def judge(
    metric: Measure,
    candidate: Candidate,
    baseline: Candidate,
    difference: Difference | None,
    p_holm: float | None,
    smallest_holm: float | None,
    comparisons: int,
    rope: Rope,
) -> Verdict:
    """The verdict on one candidate by one metric.

    Args:
        metric: with a known direction.
        candidate: who is judged.
        baseline: what it is compared with.
        difference: between the two; None where there is none.
        p_holm: its p-value, corrected; None with a single pair.
        smallest_holm: the corrected p-value below which no data of these sizes can go.
        comparisons: size of the family.
        rope: band of practical equivalence.
    """
    ours, theirs = candidate.values(metric), baseline.values(metric)
    seeds = tuple(sorted(ours.keys() & theirs.keys())) if difference and difference.paired else ()
    verdict = Verdict(
        metric,
        candidate.label,
        baseline.label,
        UNDECIDED,
        difference,
        None,
        None,
        p_holm,
        comparisons,
        None,
        seeds,
        None,
        "",
    )
    if not ours or not theirs:
        who = candidate if not ours else baseline
        what = "is no finite number" if has_no_number(who, metric) else "was not measured"
        return replace(verdict, kind=NOT_MEASURED, reason=f"{metric.name} {what} for {who.label}")
    if difference is None:
        return replace(
            verdict, reason="no common seed, and a single value has no spread", needed=fewest_seeds(comparisons)
        )
    reference = mean_interval([theirs[seed] for seed in seeds or theirs]).mean
    band = rope.half_width(reference, metric.scale)
    superiority = difference.superiority if metric.better == "lower" else 1 - difference.superiority
    relative = relative_difference(ours, theirs, comparisons) if metric.scale == RATIO else None
    if relative and leaves_out_0(relative) != leaves_out_0(difference.estimate):
        relative = None
    verdict = replace(verdict, band=band, relative=relative, p_better=superiority)
    if p_holm is None:
        images = compare_images(metric, run_of(candidate, seeds[0]), run_of(baseline, seeds[0]))
        who = "one seed each" if len(ours) == len(theirs) == 1 else "a single common seed"
        return replace(
            verdict,
            images=images,
            reason=f"{who} says nothing about the spread over seeds",
            needed=fewest_seeds(comparisons),
        )
    edges = edges_of_band(ours, theirs, rope.size, comparisons) if rope.is_relative and metric.scale == RATIO else None
    kind = kind_of(metric, difference.estimate, band, p_holm, edges)
    if kind != UNDECIDED:
        return replace(verdict, kind=kind)
    sizes = f"{len(seeds)} seeds" if seeds else f"{len(ours)} and {len(theirs)} seeds"
    return replace(verdict, needed=find_needed(verdict, edges), reason=why_undecided(verdict, sizes, smallest_holm))


def run_of(candidate: Candidate, seed: int) -> RunRecord:
    """The candidate's run with a seed."""
    return next(run for run in candidate.runs if run.seed == seed)


def has_no_number(candidate: Candidate, metric: Measure) -> bool:
    """Whether a metric without a value stands in the summary all the same, as null or as something that is not finite."""
    return metric.read is None and any(metric.path[-1] in run.part(metric.path[:-1]) for run in candidate.runs)


def leaves_out_0(estimate: Estimate) -> bool:
    """Whether 0 is outside an interval; where there is none, whether the mean is not 0."""
    return not estimate.low <= 0 <= estimate.high if estimate.low is not None else estimate.mean != 0


def kind_of(metric: Measure, estimate: Estimate, band: float, p: float, edges: tuple[Estimate, Estimate] | None) -> str:
    """The verdict's word: the rules on top of this file."""
    is_certain = edges is None or edges[0].low >= 0 >= edges[1].high or estimate.low == 0 == estimate.high
    if -band <= estimate.low and estimate.high <= band and is_certain:
        return EQUIVALENT
    if p < ALPHA and leaves_out_0(estimate):
        return BETTER if metric.loss_like(estimate.mean) < 0 else WORSE
    return UNDECIDED


def find_needed(verdict: Verdict, edges: tuple[Estimate, Estimate] | None) -> int | None:
    """About how many seeds would decide, in all, more than there are; None if more than 10,000."""
    difference, estimate = verdict.difference, verdict.difference.estimate
    widening = max(edge.half_width for edge in edges) / estimate.half_width if edges and estimate.half_width else 1.0
    needed = seeds_to_decide(
        estimate.mean,
        difference.sd,
        verdict.band,
        verdict.comparisons,
        edge_sd=difference.sd * widening,
        is_paired=difference.paired,
    )
    return needed if needed is None else max(needed, estimate.n + 1)


def why_undecided(verdict: Verdict, sizes: str, smallest_holm: float) -> str:
    """What kept the rules from deciding."""
    difference, estimate, many = verdict.difference, verdict.difference.estimate, verdict.comparisons > 1
    if smallest_holm >= ALPHA:
        held = f", and {verdict.comparisons} comparisons are corrected for" if many else ""
        return f"{sizes} cannot decide better or worse: no p-value below {difference.smallest_p:.3g} is possible{held}"
    if -verdict.band <= estimate.low and estimate.high <= verdict.band:
        return "the interval fits into the band, but the band, a share of the baseline's mean, is itself too uncertain"
    if estimate.low <= 0 <= estimate.high:
        return "the interval includes 0"
    if difference.p >= ALPHA:
        return f"the interval leaves out 0, but p = {difference.p:.3g} is not below {ALPHA}"
    return f"p = {difference.p:.3g} is not below {ALPHA} after the correction for {verdict.comparisons} comparisons"


def compare_images(metric: Measure, candidate: RunRecord, baseline: RunRecord) -> ImageVerdict | None:
    """Compare two nets on every test image; None where their errors of single images are not both there."""
    quantity = metric.per_image
    ours, theirs = (read_per_image(run.folder.per_image, quantity) for run in (candidate, baseline))
    if ours is None or theirs is None or ours.shape != theirs.shape or len(ours) < 2:
        return None
    differences = ours - theirs if quantity != "ssim" else theirs - ours  # as errors: smaller is better
    difference = mean_interval(differences)
    wins = float(np.mean(differences < 0) + np.mean(differences == 0) / 2)
    kind = UNDECIDED
    if difference.high < 0 or difference.low > 0:
        kind = BETTER if difference.mean < 0 else WORSE
    return ImageVerdict(kind, difference, quantity, wins)


def read_per_image(path: Path, quantity: str | None) -> "np.ndarray | None":
    """One quantity of per_image.npz, (N,); None if it is not there or cannot be read."""
    if quantity is None:
        return None
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            values = arrays[quantity]
    except (
        Exception
    ):  # whatever zipfile, zlib and numpy raise about a file that is missing, damaged or no array of numbers
        return None
    return (
        values.astype(float) if values.ndim == 1 and values.dtype.kind in "fiu" and np.isfinite(values).all() else None
    )


def best_candidate(candidates: Sequence[Candidate], metric: Measure, metrics: int = 1) -> Candidate:
    """Whom no other beats over the seeds on which a verdict on the two would rest; where there is no such one, the best mean.

    A candidate with one seed only where no other has more, one without the metric where none has it.

    Args:
        candidates: all of them.
        metric: with a known direction.
        metrics: how many they are judged by; part of the size of the family, which decides on the seeds.
    """
    measured = [candidate for candidate in candidates if candidate.values(metric)]
    pool = [candidate for candidate in measured if len(candidate.values(metric)) > 1] or measured
    family = family_of(len(candidates), metrics, was_chosen=True)

    def beats(one: Candidate, other: Candidate) -> bool:
        ours, theirs = one.values(metric), other.values(metric)
        rounding = NO_SPREAD * max(map(abs, theirs.values()))
        return metric.loss_like(mean_difference(ours, theirs, family)) < -rounding

    if not pool:
        return candidates[0]
    best = pool[0]
    for one in pool:  # who beats all others beats whoever is the best when it is reached
        best = one if beats(one, best) else best
    if not any(beats(one, best) for one in pool):
        return best
    return min(pool, key=lambda one: metric.loss_like(mean_interval(list(one.values(metric).values())).mean))
