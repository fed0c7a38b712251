"""A comparison, whole: what was asked, which runs, which candidates, what they measured, the verdicts, and the lint."""

from collections.abc import Sequence
from pathlib import Path

from aecli.comparison.evidence.candidates import Candidate, fold
from aecli.comparison.evidence.collect import collect, garbage_collection_paused
from aecli.comparison.evidence.conditions import WHERE, find_baseline, read_condition, select_runs
from aecli.comparison.evidence.datasets import describe_others, name_data, split_by_data
from aecli.comparison.evidence.lookup import find_measure, refuse_objective
from aecli.comparison.evidence.measures import DEFAULT_METRIC, Measure
from aecli.comparison.evidence.rope import Rope, parse_rope
from aecli.comparison.evidence.run_record import LeftOut, RunRecord
from aecli.comparison.statistics.intervals import mean_interval
from aecli.comparison.verdicts.decide import reach_verdicts
from aecli.comparison.verdicts.group import Comparison, Group
from aecli.comparison.verdicts.lint import Scene, lint
from aecli.comparison.verdicts.ranking import best_candidate
from aecli.errors import UsageError
from aecli.registry import unknown_name
from aecli.text import printable


@garbage_collection_paused()
def compare(
    paths: Sequence[str | Path],
    *,
    metrics: Sequence[str] = (DEFAULT_METRIC,),
    baseline: str | None = None,
    rope: str = "1%",
    where: Sequence[str] = (),
) -> Comparison:
    """Compare finished runs.

    Args:
        paths: run folders, folders of runs, sweep folders, globs.
        metrics: names of what the candidates are judged by; the first one ranks them.
        baseline: a run folder, a condition such as `loss.name=mse`, or the label of a row; the best by the first metric
            if not given.
        rope: band of practical equivalence, `1%` of the baseline or a number in units of the metric.
        where: conditions on the config that runs have to meet.

    Returns: the candidates of each data set with verdicts and lint.

    Raises:
        UsageError: no run can be compared, a metric was not measured in any of them, its direction is not known, the
            baseline is not among them, or a condition cannot be read.
    """
    band = parse_rope(rope)
    collected = collect(paths)
    runs = select_runs(collected.runs, where)
    measures = tuple(find_measure(name, runs) for name in dict.fromkeys(metrics))
    for measure in measures:
        if measure.better is None:
            raise UsageError(
                f"{measure.name}: nobody knows whether more or less of it is better, so it cannot judge; show it with --columns"
            )
        refuse_objective(measure, runs)
    split = split_by_data(runs)
    names = name_data(split)
    folded = {key: fold(members) for key, members in split.items()}
    if baseline and not any(find_baseline(baseline, candidates) for _, candidates in folded.values()):
        if WHERE.match(baseline):
            read_condition(baseline, runs, "--baseline")
        labels = dict.fromkeys(candidate.label for _, candidates in folded.values() for candidate in candidates)
        raise UsageError(f"--baseline {unknown_name(printable(baseline), labels, 'rows')}")
    groups = [
        make_group(
            members[0],
            names[key],
            *folded[key],
            measures,
            baseline,
            band,
            collected.left_out,
            describe_others(split, key),
        )
        for key, members in split.items()
    ]
    return Comparison(tuple(groups), collected.left_out, band)


def make_group(
    example: RunRecord,
    data: str,
    factors: list[str],
    candidates: list[Candidate],
    measures: tuple[Measure, ...],
    baseline: str | None,
    rope: Rope,
    left_out: tuple[LeftOut, ...],
    other_data: Sequence[str],
) -> Group:
    """Judge the candidates of one data set."""
    named = find_baseline(baseline, candidates) if baseline else None
    candidates = sorted(candidates, key=lambda candidate: rank_key(candidate, measures[0]))
    chosen = named or best_candidate(candidates, measures[0], len(measures))
    verdicts = reach_verdicts(candidates, chosen, measures, rope, was_chosen=named is None)
    rests_on = [verdict.difference.estimate.n for verdict in verdicts if verdict.difference]
    findings = lint(Scene(factors, candidates, chosen, measures, left_out, other_data, rests_on))
    return Group(
        data,
        example.data_sha256,
        tuple(factors),
        tuple(candidates),
        measures,
        chosen,
        named is None and bool(chosen.values(measures[0])),
        tuple(verdicts),
        tuple(findings),
    )


def rank_key(candidate: Candidate, metric: Measure) -> tuple[bool, float]:
    """Best mean first, what was not measured last."""
    values = list(candidate.values(metric).values())
    return (not values, metric.loss_like(mean_interval(values).mean) if values else 0.0)
