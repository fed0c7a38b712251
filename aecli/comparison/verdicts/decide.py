"""From differences to a verdict: better, worse, equivalent, or undecided.

- equivalent: the whole 95 % interval lies within the band of practical equivalence, also in view of how uncertain the band
  is where it is a share of the baseline's mean;
- better or worse: the corrected p-value is below 0.05 and the interval leaves out 0;
- undecided: anything else, and then with the number of seeds that would decide.

The family of the correction is every candidate against the baseline for every metric asked for. Where the baseline is the
best one by these very numbers, all pairs count, since looking for the best is comparing them all.
"""

from collections.abc import Sequence
from dataclasses import replace

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import RATIO, Measure
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.statistics.correction import family_of, holm
from aecli.comparison.statistics.differences import Difference, compare_pairs, edges_of_band
from aecli.comparison.statistics.intervals import ALPHA, Estimate, mean_interval
from aecli.comparison.statistics.pairing import fewest_seeds
from aecli.comparison.statistics.relative import relative_difference
from aecli.comparison.statistics.sample_size import seeds_to_decide
from aecli.comparison.verdicts.image_by_image import compare_images
from aecli.comparison.verdicts.verdict import BETTER, EQUIVALENT, NOT_MEASURED, UNDECIDED, WORSE, Verdict


def reach_verdicts(
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
        reach_verdict(
            metric, other, baseline, difference, *(next(corrected) if has_p(difference) else (None, None)), family, rope
        )
        for metric, other, difference in found
    ]


def has_p(difference: Difference | None) -> bool:
    """Whether there were enough values for a test."""
    return difference is not None and difference.p is not None


def reach_verdict(
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
