"""From differences to a verdict: better, worse, equivalent, or undecided.

- equivalent: the whole 95 % interval lies within the band of practical equivalence, also in view of how uncertain the
  band is where it is a share of the baseline's mean;
- better or worse: the corrected p-value is below 0.05 and the interval leaves out 0;
- undecided: anything else, and then with the number of seeds that would decide.

The family of the correction is every candidate against the baseline for every metric asked for. Where the baseline is
the best one by these very numbers, all pairs count, since looking for the best is comparing them all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.statistics.correction import family_of, holm
from aecli.comparison.statistics.differences import Difference, compare_pairs, edges_of_band
from aecli.comparison.statistics.intervals import ALPHA, Estimate, mean_interval
from aecli.comparison.statistics.pairing import fewest_seeds
from aecli.comparison.statistics.relative import relative_difference
from aecli.comparison.statistics.sample_size import seeds_to_decide
from aecli.comparison.verdicts.image_by_image import compare_images
from aecli.comparison.verdicts.verdict import (
    BAND_UNCERTAIN,
    BETTER,
    EQUIVALENT,
    INCLUDES_0,
    NEVER_MEASURED,
    NO_COMMON_SEED,
    NO_FINITE_NUMBER,
    NOT_MEASURED,
    ONE_COMMON_SEED,
    ONE_SEED_EACH,
    P_CORRECTED,
    P_TOO_LARGE,
    TOO_FEW_SEEDS,
    UNDECIDED,
    WORSE,
    Verdict,
)
from aecli.components.evaluation.scales import RATIO


@dataclass(frozen=True, kw_only=True)
class Tested:
    """One comparison of the family: a candidate against the baseline by one metric, before there is a verdict."""

    metric: Measure
    candidate: Candidate
    baseline: Candidate
    difference: Difference | None
    """None where there is none."""
    comparisons: int
    """Size of the family."""
    p_holm: float | None = None
    """The p-value of the difference, corrected; None with a single pair."""
    smallest_holm: float | None = None
    """The corrected p-value below which no data of these sizes can go."""


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
    family = family_of(len(candidates), len(metrics), was_chosen=was_chosen)
    pairs = [
        Tested(
            metric=metric,
            candidate=other,
            baseline=baseline,
            difference=compare_pairs(other.values(metric), baseline.values(metric), family),
            comparisons=family,
        )
        for metric in metrics
        for other in candidates
        if other is not baseline
    ]
    return in_one_unit([reach_verdict(pair, rope) for pair in correct(pairs, family)])


def in_one_unit(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The same, without shares by a metric of which one difference is no share: a column does not mix two units."""
    mixed = {one.metric.name for one in verdicts if one.difference is not None and one.relative is None}
    return [replace(one, relative=None) if one.metric.name in mixed else one for one in verdicts]


def correct(pairs: Sequence[Tested], family: int) -> list[Tested]:
    """The same with p-values that are corrected for the family."""
    tested = [(at, pair.difference.smallest_p, pair.difference.p) for at, pair in enumerate(pairs) if pair.difference]
    known = [(at, least, p) for at, least, p in tested if p is not None]
    p_holm, smallest_holm = (holm([row[column] for row in known], family) for column in (2, 1))
    corrected = list(pairs)
    for (at, _, _), p, least in zip(known, p_holm, smallest_holm, strict=True):
        corrected[at] = replace(pairs[at], p_holm=p, smallest_holm=least)
    return corrected


def reach_verdict(pair: Tested, rope: Rope) -> Verdict:
    """The verdict on one candidate by one metric."""
    metric, difference = pair.metric, pair.difference
    ours, theirs = pair.candidate.values(metric), pair.baseline.values(metric)
    verdict = Verdict(
        metric=metric,
        candidate=pair.candidate.label,
        baseline=pair.baseline.label,
        kind=UNDECIDED,
        comparisons=pair.comparisons,
        sizes=(len(ours), len(theirs)),
        difference=difference,
        p_holm=pair.p_holm,
        seeds=tuple(sorted(ours.keys() & theirs.keys())) if difference and difference.paired else (),
    )
    if not ours or not theirs:
        who = pair.candidate if not ours else pair.baseline
        reason = NO_FINITE_NUMBER if has_no_number(who, metric) else NEVER_MEASURED
        return replace(verdict, kind=NOT_MEASURED, reason=reason, lacking=who.label)
    if difference is None:
        return replace(verdict, reason=NO_COMMON_SEED, needed=fewest_seeds(pair.comparisons))
    band = rope.half_width(mean_interval([theirs[seed] for seed in verdict.seeds or theirs]).mean, metric.scale)
    verdict = replace(
        verdict,
        band=band,
        relative=share_of(difference, ours, theirs, pair.comparisons) if metric.scale == RATIO else None,
        p_better=difference.superiority if metric.better == "lower" else 1 - difference.superiority,
    )
    if pair.p_holm is None or pair.smallest_holm is None:
        runs = (run_of(one, verdict.seeds[0]) for one in (pair.candidate, pair.baseline))
        reason = ONE_SEED_EACH if verdict.sizes == (1, 1) else ONE_COMMON_SEED
        verdict = replace(verdict, images=compare_images(metric, *runs))
        return replace(verdict, reason=reason, needed=fewest_seeds(pair.comparisons))
    has_edges = rope.is_relative and metric.scale == RATIO
    edges = edges_of_band(ours, theirs, rope.size, pair.comparisons) if has_edges else None
    kind = kind_of(metric, difference.estimate, band, pair.p_holm, edges)
    if kind != UNDECIDED:
        return replace(verdict, kind=kind)
    needed = find_needed(difference, band, pair.comparisons, edges)
    return replace(verdict, needed=needed, reason=reason_of(difference, band, pair.smallest_holm))


def share_of(
    difference: Difference, ours: Mapping[int, float], theirs: Mapping[int, float], comparisons: int
) -> Estimate | None:
    """The difference as a share of the baseline's mean; None where that is no number.

    The verdict rests on the difference itself. Where the interval of the share disagrees with that of the difference on
    0, the latter is shown in its place, divided by the baseline's mean.
    """
    relative = relative_difference(ours, theirs, comparisons)
    own = difference.estimate
    if relative is None or leaves_out_0(relative) == leaves_out_0(own):
        return relative
    seeds = sorted(ours.keys() & theirs.keys()) if difference.paired else theirs
    mean = abs(mean_interval([theirs[seed] for seed in seeds]).mean)
    if own.low is None or own.high is None:
        return Estimate(own.mean / mean, own.n)
    return Estimate(own.mean / mean, own.n, own.low / mean, own.high / mean)


def run_of(candidate: Candidate, seed: int) -> RunRecord:
    """The candidate's run with a seed."""
    return next(run for run in candidate.runs if run.seed == seed)


def has_no_number(candidate: Candidate, metric: Measure) -> bool:
    """Whether a metric without a value stands in the summary all the same, as null or as something not finite."""
    return metric.read is None and any(metric.path[-1] in run.part(metric.path[:-1]) for run in candidate.runs)


def leaves_out_0(estimate: Estimate) -> bool:
    """Whether 0 is outside an interval; where there is none, whether the mean is not 0."""
    low, high = estimate.ends
    return not low <= 0 <= high


def kind_of(metric: Measure, estimate: Estimate, band: float, p: float, edges: tuple[Estimate, Estimate] | None) -> str:
    """The verdict's word: the rules on top of this file."""
    low, high = estimate.ends
    is_certain = edges is None or edges[0].ends[0] >= 0 >= edges[1].ends[1] or low == 0 == high
    if -band <= low and high <= band and is_certain:
        return EQUIVALENT
    if p < ALPHA and leaves_out_0(estimate):
        return BETTER if metric.loss_like(estimate.mean) < 0 else WORSE
    return UNDECIDED


def find_needed(
    difference: Difference, band: float, comparisons: int, edges: tuple[Estimate, Estimate] | None
) -> int | None:
    """About how many seeds would decide, in all, more than there are; None if more than 10,000."""
    estimate, sd, widening = difference.estimate, difference.sd or 0.0, 1.0
    if edges and estimate.half_width:
        widening = max(edge.half_width or 0.0 for edge in edges) / estimate.half_width
    needed = seeds_to_decide(estimate.mean, sd, band, comparisons, edge_sd=sd * widening, is_paired=difference.paired)
    return needed if needed is None else max(needed, estimate.n + 1)


def reason_of(difference: Difference, band: float, smallest_holm: float) -> str:
    """What kept the rules from deciding."""
    low, high = difference.estimate.ends
    if smallest_holm >= ALPHA:
        return TOO_FEW_SEEDS
    if -band <= low and high <= band:
        return BAND_UNCERTAIN
    if low <= 0 <= high:
        return INCLUDES_0
    return P_TOO_LARGE if difference.p is not None and difference.p >= ALPHA else P_CORRECTED
