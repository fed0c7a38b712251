"""A comparison, whole: what was asked, which runs, which candidates, what they measured, the verdicts, and the lint."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aecli.comparison.evidence.candidates import Candidate, fold
from aecli.comparison.evidence.collect import LeftOut, RunRecord, collect, garbage_collection_paused
from aecli.comparison.evidence.conditions import WHERE, find_baseline, read_condition, select_runs
from aecli.comparison.evidence.measures import DEFAULT_METRIC, Measure, baseline_rows, find_measure
from aecli.comparison.evidence.settings import exact, names_of
from aecli.comparison.statistics.statistics import mean_interval
from aecli.comparison.verdicts.lint import Finding, Scene, lint
from aecli.comparison.verdicts.verdict import Rope, Verdict, best_candidate, judge_all, parse_rope
from aecli.errors import UsageError
from aecli.registry import unknown_name
from aecli.text import counted, printable


@dataclass(frozen=True)
class Group:
    """The candidates that were trained and judged on the same data."""

    data: str
    """The data in words."""
    data_sha256: str | None
    factors: tuple[str, ...]
    """Keys in which the configs differ."""
    candidates: tuple[Candidate, ...]
    metrics: tuple[Measure, ...]
    """What the candidates are judged by; the first one ranks them."""
    baseline: Candidate
    was_chosen: bool
    """The baseline is the best by the first metric, and nobody named it."""
    verdicts: tuple[Verdict, ...]
    findings: tuple[Finding, ...]

    @property
    def runs(self) -> list[RunRecord]:
        """All runs that count."""
        return [run for candidate in self.candidates for run in candidate.runs]

    def baseline_rows(self, measures: Sequence[Measure]) -> dict[str, dict[str, float]]:
        """Predictors that need no training: label -> measure -> number, the mean over the runs that have it."""
        collected: dict[str, dict[str, list[float]]] = {}
        for run in self.runs:
            for label, numbers in baseline_rows(run, measures).items():
                for name, value in numbers.items():
                    collected.setdefault(label, {}).setdefault(name, []).append(value)
        return {
            label: {name: mean_interval(values).mean for name, values in row.items()}
            for label, row in collected.items()
        }


@dataclass(frozen=True)
class Comparison:
    """One group for each data set; never ranked together."""

    groups: tuple[Group, ...]
    left_out: tuple[LeftOut, ...]
    rope: Rope


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
    verdicts = judge_all(candidates, chosen, measures, rope, was_chosen=named is None)
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


def split_by_data(runs: Sequence[RunRecord]) -> dict[str, list[RunRecord]]:
    """Runs by what they were judged on: the content of the data, its scaling, and the number of test images."""
    split: dict[str, list[RunRecord]] = {}
    for run in runs:
        images = run.data.get("images")
        judged_on = (
            run.data.get("sha256"),
            run.data.get("scaling"),
            images.get("test") if isinstance(images, dict) else None,
        )
        split.setdefault(exact(judged_on), []).append(run)
    return split


def describe_data(run: RunRecord) -> str:
    """`mnist, 10,000 test images`."""
    name = run.data.get("dataset")
    images = run.data.get("images")
    test = images.get("test") if isinstance(images, dict) else None
    return f"{printable(name or 'data that environment.json does not name')}" + (
        f", {test:,} test images" if isinstance(test, int) else ""
    )


def name_data(split: Mapping[str, Sequence[RunRecord]]) -> dict[str, str]:
    """The data of each group in words, with the beginning of its digest, and its scaling, where others have the same words."""
    names = {key: describe_data(runs[0]) for key, runs in split.items()}
    for more in (
        lambda run: f"SHA-256 {(run.data_sha256 or 'unknown')[:8]}",
        lambda run: f"scaling {exact(run.data.get('scaling'))}",
    ):
        shared = {name for name, number in Counter(names.values()).items() if number > 1}
        names = {
            key: f"{name} ({printable(more(split[key][0]))})" if name in shared else name for key, name in names.items()
        }
    return names


def describe_others(split: Mapping[str, Sequence[RunRecord]], own: str) -> list[str]:
    """`mnist, 10,000 test images (SHA-256 fe4f6dc3, 5 runs)` for the data of each other group."""
    return [
        f"{describe_data(runs[0])} (SHA-256 {(runs[0].data_sha256 or 'unknown')[:8]}, {counted(len(runs), 'run')})"
        for key, runs in split.items()
        if key != own
    ]


def refuse_objective(measure: Measure, runs: Sequence[RunRecord]) -> None:
    """The objectives of different losses are different quantities.

    Raises:
        UsageError: it is the training objective, and the runs do not share one.
    """
    if measure.name != "objective":
        return
    objectives = {exact([run.config["loss"], run.config["regularization"]]) for run in runs}
    if len(objectives) > 1:
        losses = sorted({" + ".join(names_of(run.config["loss"])) for run in runs})
        raise UsageError(
            f"objective: these runs minimized {len(objectives)} different objectives ({printable(', '.join(losses))}), whose values are "
            "different quantities, so neither can be ranked by the other; use a neutral metric such as mse, mae or ssim"
        )
