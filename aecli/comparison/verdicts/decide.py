"""From differences to a verdict: better, worse, equivalent, or undecided.

- equivalent: the whole interval lies within the band of practical equivalence, also in view of how uncertain the band
  is where it is a share of the baseline's mean; at a confidence that allows for all others of the table;
- better or worse: the corrected p-value is below the level and the interval leaves out 0;
- undecided: anything else, and then with the number of seeds that would decide; so is what the better one owes to seeds
  that it lost, see `lost_seeds`.

The family of the correction is every candidate against the baseline for every metric asked for. Where the baseline is
the best one by these very numbers, all pairs count, since looking for the best is comparing them all. Metrics that
order nets alike, such as mse, rmse and psnr_db, are one test and get one verdict.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aecli.comparison.evidence.candidates import Candidate, is_null
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.statistics.differences import Difference, difference_interval, edges_of_band
from aecli.comparison.statistics.families import compare_family, pairs_of
from aecli.comparison.statistics.intervals import ALPHA, Estimate, mean_interval
from aecli.comparison.statistics.pairing import FEWEST
from aecli.comparison.verdicts.image_by_image import compare_images
from aecli.comparison.verdicts.judges import for_metrics, judge_of
from aecli.comparison.verdicts.lost_seeds import count_lost
from aecli.comparison.verdicts.needed_seeds import find_needed
from aecli.comparison.verdicts.new_images import image_variances, scope_of
from aecli.comparison.verdicts.shares import in_one_unit, leaves_out_0, share_of
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
class Family:
    """What all verdicts of a table have in common."""

    baseline: Candidate
    rope: Rope
    level: float
    """What a corrected p has to be below."""
    comparisons: int
    """How many are corrected for."""
    next_level: float
    """What it will have to be below at the next look, with more seeds."""
    alpha_equivalent: float
    """One minus the confidence of the intervals that have to fit into the band."""


@dataclass(frozen=True, kw_only=True)
class Tested:
    """One comparison of the family: a candidate against the baseline by one metric, before there is a verdict."""

    metric: Measure
    judge: Measure
    """The metric that is tested: that which orders nets alike, where there is one."""
    candidate: Candidate
    difference: Difference | None
    """By the metric; None where there is none."""
    tested: Difference | None
    """By the judge, with a p-value that is corrected for all metrics."""
    holds_for: str


def reach_verdicts(
    candidates: Sequence[Candidate],
    baseline: Candidate,
    metrics: Sequence[Measure],
    rope: Rope,
    *,
    was_chosen: bool,
    level: float = ALPHA,
    next_level: float | None = None,
    tests: int = 1,
) -> list[Verdict]:
    """Judge every other candidate against the baseline by every metric.

    Args:
        candidates: all of them, the baseline among them.
        baseline: what they are compared with.
        metrics: with a known direction.
        rope: band of practical equivalence.
        was_chosen: the baseline is the best by these numbers, so all pairs belong to the family.
        level: what a corrected p-value has to be below; less than 5 % where others were looked at before.
        next_level: what it will have to be below with more seeds; half of that if not given.
        tests: metrics of the family, where some are judged elsewhere.

    Returns: verdicts, metric by metric, in the order of the candidates.
    """
    others = [one for one in candidates if one is not baseline]
    judges = {metric.name: judge_of(metric, candidates) for metric in metrics}
    tests = max(tests, len({one.name for one in judges.values()}))
    count = len(others) * tests
    comparisons = pairs_of(len(candidates)) * tests if was_chosen else count
    family = make_family(baseline, rope, level, count=count, comparisons=comparisons, next_level=next_level)
    found = []
    for metric in metrics:
        judge = judges[metric.name]
        variances = image_variances(judge, others, baseline)
        shown, tested = (
            compare_family(
                [other.values(one) for other in others],
                baseline.values(one),
                was_chosen=was_chosen,
                image_variances=variances if one is judge else None,
            )
            for one in (metric, judge)
        )
        found += [
            Tested(
                metric=metric,
                judge=judge,
                candidate=other,
                difference=tested[at] if metric is judge else shown[at],
                tested=for_metrics(tested[at], tests),
                holds_for=scope_of(judge, other, variances is not None),
            )
            for at, other in enumerate(others)
        ]
    verdicts = (count_lost(reach_verdict(pair, family), pair.candidate, baseline, pair.judge) for pair in found)
    return in_one_unit(list(verdicts))


def make_family(
    baseline: Candidate, rope: Rope, level: float, *, count: int, comparisons: int, next_level: float | None
) -> Family:
    """What all verdicts of a table have in common, of which there are so many by different tests."""
    return Family(
        baseline=baseline,
        rope=rope,
        level=level,
        next_level=next_level or level / 2,
        comparisons=max(comparisons, 1),
        alpha_equivalent=min(1.0, 2 / max(count, 1)) * level,
    )


def reach_verdict(pair: Tested, family: Family) -> Verdict:
    """The verdict on one candidate by one metric."""
    metric, difference, rope = pair.metric, pair.difference, family.rope
    ours, theirs = pair.candidate.values(metric), family.baseline.values(metric)
    verdict = Verdict(
        metric=metric,
        candidate=pair.candidate.label,
        baseline=family.baseline.label,
        kind=UNDECIDED,
        comparisons=family.comparisons,
        level=family.level,
        holds_for=pair.holds_for,
        judge=None if pair.judge is metric else pair.judge,
        sizes=(len(ours), len(theirs)),
        difference=difference,
        p_corrected=pair.tested.p_corrected if pair.tested else None,
        seeds=tuple(sorted(ours.keys() & theirs.keys())) if difference and difference.paired else (),
    )
    if not ours or not theirs:
        who = pair.candidate if not ours else family.baseline
        reason = NO_FINITE_NUMBER if any(is_null(run, metric) for run in who.runs) else NEVER_MEASURED
        return replace(verdict, kind=NOT_MEASURED, reason=reason, lacking=who.label)
    if difference is None or pair.tested is None:
        return replace(verdict, reason=NO_COMMON_SEED, needed=FEWEST, needed_range=(FEWEST, None))
    band = rope.half_width(mean_interval([theirs[seed] for seed in verdict.seeds or theirs]).mean, metric.scale)
    verdict = replace(
        verdict,
        band=band,
        relative=share_of(difference, ours, theirs) if metric.scale == RATIO else None,
        seeds_won=difference.superiority if metric.better == "lower" else 1 - difference.superiority,
    )
    if difference.p is None:
        runs = (run_of(one, verdict.seeds[0]) for one in (pair.candidate, family.baseline))
        reason = ONE_SEED_EACH if verdict.sizes == (1, 1) else ONE_COMMON_SEED
        verdict = replace(verdict, images=compare_images(metric, *runs))
        return replace(verdict, reason=reason, needed=FEWEST, needed_range=(FEWEST, None))
    return decide(verdict, pair, pair.tested, family)


def decide(verdict: Verdict, pair: Tested, tested: Difference, family: Family) -> Verdict:
    """The verdict's word, by the metric that is tested: the rules on top of this file."""
    judge, rope = pair.judge, family.rope
    ours, theirs = pair.candidate.values(judge), family.baseline.values(judge)
    seeds = ours.keys() & theirs.keys() if tested.paired else theirs
    band = rope.half_width(mean_interval([theirs[seed] for seed in sorted(seeds)]).mean, judge.scale)
    has_edges = rope.is_relative and judge.scale == RATIO
    alpha = family.alpha_equivalent
    edges = edges_of_band(ours, theirs, rope.size, alpha) if has_edges else None
    inner = difference_interval(ours, theirs, alpha)
    if tested.p_corrected is not None:
        if is_equivalent(inner, band, edges):
            return replace(verdict, kind=EQUIVALENT)
        if tested.p_corrected < family.level and leaves_out_0(tested.estimate):
            return replace(verdict, kind=BETTER if judge.loss_like(tested.estimate.mean) < 0 else WORSE)
    reason = reason_of(tested, band, inner, family.level)
    if not tested.can_decide:
        return replace(verdict, needed=FEWEST, needed_range=(FEWEST, None), reason=reason)
    at_next = family.next_level
    needed = find_needed(tested, band, edges, level=at_next / family.comparisons, inner=alpha * at_next / family.level)
    return replace(verdict, needed=needed.likely, needed_range=(needed.low, needed.high), reason=reason)


def run_of(candidate: Candidate, seed: int) -> RunRecord:
    """The candidate's run with a seed."""
    return next(run for run in candidate.runs if run.seed == seed)


def is_equivalent(inner: Estimate, band: float, edges: tuple[Estimate, Estimate] | None) -> bool:
    """Whether an interval lies within the band, wherever in view of the edges' own intervals that may end."""
    low, high = inner.ends
    is_certain = edges is None or edges[0].ends[0] >= 0 >= edges[1].ends[1] or low == 0 == high
    return -band <= low and high <= band and is_certain


def reason_of(difference: Difference, band: float, inner: Estimate, level: float) -> str:
    """What kept the rules from deciding."""
    low, high = difference.estimate.ends
    if not difference.can_decide:
        return TOO_FEW_SEEDS
    if -band <= inner.ends[0] and inner.ends[1] <= band:
        return BAND_UNCERTAIN
    if low <= 0 <= high:
        return INCLUDES_0
    return P_TOO_LARGE if difference.p is not None and difference.p >= level else P_CORRECTED
