"""A comparison, whole: what was asked, which runs, which candidates, what they measured, the verdicts, and the lint."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from aecli.comparison.evidence.candidates import Candidate, fold
from aecli.comparison.evidence.collect import collect, garbage_collection_paused
from aecli.comparison.evidence.conditions import find_baseline, require_baseline, select_runs
from aecli.comparison.evidence.datasets import describe_others, name_data, split_by_data
from aecli.comparison.evidence.lookup import find_judge
from aecli.comparison.evidence.lost_runs import add_lost, judged_among, of_same_data, read_all_lost
from aecli.comparison.evidence.measures import DEFAULT_METRIC, Measure
from aecli.comparison.evidence.rope import Rope, parse_rope
from aecli.comparison.evidence.tunings import set_apart
from aecli.comparison.statistics.intervals import mean_interval
from aecli.comparison.verdicts.best_set import find_best_set
from aecli.comparison.verdicts.decide import reach_verdicts
from aecli.comparison.verdicts.group import Comparison, Group
from aecli.comparison.verdicts.lint import lint
from aecli.comparison.verdicts.looks import level_of_runs
from aecli.comparison.verdicts.ranking import best_candidate
from aecli.comparison.verdicts.scene import Scene
from aecli.comparison.verdicts.tuning import Made, judge_tuning
from aecli.text import each


@garbage_collection_paused()
def compare(
    paths: str | Path | Sequence[str | Path],
    *,
    metrics: str | Sequence[str] = (DEFAULT_METRIC,),
    baseline: str | None = None,
    rope: str = "1%",
    where: str | Sequence[str] = (),
) -> Comparison:
    """Compare finished runs.

    Args:
        paths: a run folder, a folder of runs, a sweep folder or a glob, or several.
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
    selected = select_runs(collected.runs, where)
    apart = set_apart(selected)
    runs = apart.judged
    measures = tuple(find_judge(name, runs) for name in dict.fromkeys(each(metrics)))
    split = split_by_data(runs)
    names = name_data(split)
    all_lost = read_all_lost(collected.left_out, collected.runs, where)
    lost = judged_among(all_lost, collected.runs)
    folded = {key: fold(members) for key, members in split.items()}
    if baseline:
        require_baseline(baseline, [candidates for _, candidates in folded.values()], runs)
    groups = []
    for key, members in split.items():
        factors, candidates = folded[key]
        candidates, gone = add_lost(candidates, of_same_data(lost, key, len(split)))
        named = find_baseline(baseline, candidates) if baseline else None
        candidates = sorted(candidates, key=lambda candidate: rank_key(candidate, measures[0]))
        scene = Scene(
            factors=factors,
            candidates=candidates,
            baseline=named or best_candidate(candidates, measures[0]),
            metrics=measures,
            left_out=collected.left_out,
            other_data=describe_others(split, key),
            look=level_of_runs(members),
            gone=gone,
        )
        made = Made(apart, selected, all_lost, collected.runs)
        tuned = judge_tuning(scene, made, band, was_chosen=named is None)
        scene = replace(scene, tuned=tuned)
        data = (names[key], members[0].data_sha256)
        groups.append(make_group(scene, data, band, was_chosen=named is None))
    return Comparison(tuple(groups), collected.left_out, band)


def make_group(scene: Scene, data: tuple[str, str | None], rope: Rope, *, was_chosen: bool) -> Group:
    """Judge the candidates of one data set.

    Args:
        scene: what is compared, the baseline among it, before there are verdicts.
        data: in words, and its SHA-256.
        rope: band of practical equivalence.
        was_chosen: the baseline is the best one, and nobody named it.
    """
    level = scene.look.level
    verdicts = reach_verdicts(
        scene.candidates,
        scene.baseline,
        scene.metrics,
        rope,
        was_chosen=was_chosen,
        level=level,
        next_level=scene.look.after,
    )
    metric = scene.metrics[0]
    of_first = [verdict for verdict in verdicts if verdict.metric == metric]
    known = (scene.baseline, of_first) if was_chosen else None
    rests_on = [verdict.difference.estimate.n for verdict in verdicts if verdict.difference]
    return Group(
        data=data[0],
        data_sha256=data[1],
        factors=tuple(scene.factors),
        candidates=tuple(scene.candidates),
        metrics=tuple(scene.metrics),
        baseline=scene.baseline,
        was_chosen=was_chosen and bool(scene.baseline.values(scene.metrics[0])),
        verdicts=tuple(verdicts),
        findings=tuple(lint(replace(scene, rests_on=rests_on))),
        best=find_best_set(scene.candidates, metric, rope, level=level, known=known),
        tuned=scene.tuned,
        look=scene.look,
    )


def rank_key(candidate: Candidate, metric: Measure) -> tuple[bool, float]:
    """Best mean first, what was not measured last."""
    values = list(candidate.values(metric).values())
    return (not values, metric.loss_like(mean_interval(values).mean) if values else 0.0)
