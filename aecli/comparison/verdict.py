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

from aecli.comparison.candidates import Candidate
from aecli.comparison.collect import RunRecord, printable
from aecli.comparison.measures import Measure
from aecli.comparison.sample_size import fewest_seeds, seeds_to_decide
from aecli.comparison.statistics import ALPHA, Difference, Estimate, compare_pairs, edges_of_band, holm, mean_interval
from aecli.errors import UsageError
from aecli.lazy import np

BETTER, WORSE, EQUIVALENT, UNDECIDED, NOT_MEASURED = "better", "worse", "equivalent", "undecided", "not measured"


@dataclass(frozen=True)
class Rope:
    """The band of practical equivalence: differences within it do not matter in practice."""

    size: float
    is_relative: bool

    def half_width(self, baseline_mean: float) -> float:
        """Half the band's width, in units of the metric."""
        return self.size * abs(baseline_mean) if self.is_relative else self.size

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
        raise UsageError(f'--rope "{printable(text)}": write a share of the baseline such as 1%, or a number above 0 in units of the metric')
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
    """The same as a share of the baseline's mean; None where that is 0, or next to nothing."""
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
    pairs = len(candidates) * (len(candidates) - 1) // 2 if was_chosen else len(others)
    family = max(pairs * len(metrics), 1)
    found = [(metric, other, compare_pairs(other.values(metric), baseline.values(metric), family)) for metric in metrics for other in others]
    tested = [difference for _, _, difference in found if has_p(difference)]
    corrected = zip(holm([one.p for one in tested], family), holm([one.smallest_p for one in tested], family), strict=True)
    return [
        judge(metric, other, baseline, difference, *(next(corrected) if has_p(difference) else (None, None)), family, rope)
        for metric, other, difference in found
    ]


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
    verdict = Verdict(metric, candidate.label, baseline.label, UNDECIDED, difference, None, None, p_holm, comparisons, None, seeds, None, "")
    if not ours or not theirs:
        who = candidate.label if not ours else baseline.label
        return replace(verdict, kind=NOT_MEASURED, reason=f"{metric.name} was not measured for {who}")
    if difference is None:
        return replace(verdict, reason="no common seed, and a single value has no spread", needed=fewest_seeds(comparisons))
    reference = mean_interval([theirs[seed] for seed in seeds or theirs]).mean
    band = rope.half_width(reference)
    superiority = difference.superiority if metric.better == "lower" else 1 - difference.superiority
    verdict = replace(verdict, band=band, relative=relative_to(reference, difference.estimate), p_better=superiority)
    if p_holm is None:
        images = compare_images(metric, run_of(candidate, seeds[0]), run_of(baseline, seeds[0]))
        who = "one seed each" if len(ours) == len(theirs) == 1 else "a single common seed"
        return replace(verdict, images=images, reason=f"{who} says nothing about the spread over seeds", needed=fewest_seeds(comparisons))
    edges = edges_of_band(ours, theirs, rope.size) if rope.is_relative else None
    kind = kind_of(metric, difference.estimate, band, p_holm, edges)
    if kind != UNDECIDED:
        return replace(verdict, kind=kind)
    sizes = f"{len(seeds)} seeds" if seeds else f"{len(ours)} and {len(theirs)} seeds"
    return replace(verdict, needed=find_needed(verdict, edges), reason=why_undecided(verdict, sizes, smallest_holm))


def run_of(candidate: Candidate, seed: int) -> RunRecord:
    """The candidate's run with a seed."""
    return next(run for run in candidate.runs if run.seed == seed)


def relative_to(reference: float, estimate: Estimate) -> Estimate | None:
    """A difference as a share of the baseline."""
    if reference == 0:
        return None
    mean, *ends = (None if value is None else value / abs(reference) for value in (estimate.mean, estimate.low, estimate.high))
    return Estimate(mean, estimate.n, *ends) if all(math.isfinite(value) for value in (mean, *ends) if value is not None) else None


def kind_of(metric: Measure, estimate: Estimate, band: float, p: float, edges: tuple[Estimate, Estimate] | None) -> str:
    """The verdict's word: the rules on top of this file."""
    is_certain = edges is None or edges[0].low >= 0 >= edges[1].high or estimate.low == 0 == estimate.high
    if -band <= estimate.low and estimate.high <= band and is_certain:
        return EQUIVALENT
    if p < ALPHA and not estimate.low <= 0 <= estimate.high:
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
    except Exception:  # whatever zipfile, zlib and numpy raise about a file that is missing, damaged or no array of numbers
        return None
    return values.astype(float) if values.ndim == 1 and values.dtype.kind in "fiu" and np.isfinite(values).all() else None


def best_candidate(candidates: Sequence[Candidate], metric: Measure) -> Candidate:
    """The best mean; a candidate with one seed only where no other has more, one without the metric where none has it."""
    measured = [candidate for candidate in candidates if candidate.values(metric)]
    repeated = [candidate for candidate in measured if len(candidate.values(metric)) > 1]
    if not measured:
        return candidates[0]
    return min(repeated or measured, key=lambda one: metric.loss_like(mean_interval(list(one.values(metric).values())).mean))
