"""Candidates where they buy the same: frontiers over a strength, read where one number is equal, and judged there.

Penalties in different units cannot be compared by their weights. Each family of configs that differ in one strength is
a curve; it is read for each seed by itself, within the doses that were trained, and what is read is judged like any
other number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from aecli.comparison.evidence.candidates import Candidate, fold
from aecli.comparison.evidence.collect import collect, garbage_collection_paused
from aecli.comparison.evidence.conditions import find_baseline, require_baseline, select_runs
from aecli.comparison.evidence.datasets import describe_others, name_data, split_by_data
from aecli.comparison.evidence.families import Family, sort_families
from aecli.comparison.evidence.lookup import find_judge
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.operating_point import parse_at
from aecli.comparison.evidence.rope import Rope, parse_rope
from aecli.comparison.evidence.run_record import LeftOut, RunRecord
from aecli.comparison.statistics.interpolation import Point, Reading, read_at
from aecli.comparison.verdicts.compare import make_group, rank_key
from aecli.comparison.verdicts.group import Group
from aecli.comparison.verdicts.looks import level_of_runs
from aecli.comparison.verdicts.ranking import best_candidate
from aecli.comparison.verdicts.scene import Scene
from aecli.text import each


@dataclass(frozen=True)
class Frontier:
    """A family with what it has where the number is as wanted."""

    family: Family
    range: tuple[float, float] | None
    """The smallest and the largest number of all its runs; None where it was not measured."""
    readings: Mapping[str, Mapping[int, Reading]]
    """Metric -> seed -> what was read."""
    short: tuple[int, ...]
    """Seeds whose own curve does not reach the number."""

    @property
    def doses_read(self) -> tuple[float, float] | None:
        """The doses between which it was read, of all seeds and metrics; None where it was not."""
        found = [one for by_seed in self.readings.values() for one in by_seed.values()]
        return (min(one.below for one in found), max(one.above for one in found)) if found else None


@dataclass(frozen=True)
class PointGroup:
    """One data set."""

    data: str
    frontiers: tuple[Frontier, ...]
    """Those that reach the number in some seed."""
    outside: tuple[Frontier, ...]
    """Those that do not."""
    group: Group | None
    """The verdicts there; None where fewer than two frontiers reach it."""


@dataclass(frozen=True)
class PointComparison:
    """Families of configs, judged where one number is equal."""

    at: Measure
    value: float
    metrics: tuple[Measure, ...]
    groups: tuple[PointGroup, ...]
    left_out: tuple[LeftOut, ...]
    rope: Rope


@garbage_collection_paused()
def compare_at(
    paths: str | Path | Sequence[str | Path],
    at: str,
    *,
    metrics: str | Sequence[str],
    baseline: str | None = None,
    rope: str = "1%",
    where: str | Sequence[str] = (),
) -> PointComparison:
    """Compare frontiers where a number is equal.

    Args:
        paths, metrics, baseline, rope, where: see `compare`.
        at: the number and its value, `test.fvu=0.05`.

    Raises:
        UsageError: see `compare`; or `at` is no number with a value, or one of the metrics.
    """
    band = parse_rope(rope)
    collected = collect(paths)
    runs = select_runs(collected.runs, where)
    measures = tuple(find_judge(name, runs) for name in dict.fromkeys(each(metrics)))
    point, value = parse_at(at, runs, measures)
    split = split_by_data(runs)
    names = name_data(split)
    groups, rows = [], []
    for key, members in split.items():
        factors, families = sort_families(fold(members)[1])
        frontiers = [trace(family, point, value, measures) for family in families]
        inside = [one for one in frontiers if one.doses_read]
        read = [partial(value_read, readings_by_path(inside, metric.name)) for metric in measures]
        there = [replace(metric, read=function) for metric, function in zip(measures, read, strict=True)]
        candidates = sorted((as_candidate(one) for one in inside), key=lambda one: rank_key(one, there[0]))
        rows.append(candidates)
        scene = None
        if len(candidates) > 1:
            named = find_baseline(baseline, candidates) if baseline else None
            scene = Scene(
                factors=factors,
                candidates=candidates,
                baseline=named or best_candidate(candidates, there[0]),
                metrics=there,
                left_out=collected.left_out,
                other_data=describe_others(split, key),
                look=level_of_runs(members),
            )
        data = (names[key], members[0].data_sha256)
        groups.append(
            PointGroup(
                data=names[key],
                frontiers=tuple(inside),
                outside=tuple(one for one in frontiers if not one.doses_read),
                group=None if scene is None else make_group(scene, data, band, was_chosen=named is None),
            )
        )
    if baseline:
        require_baseline(baseline, rows, runs)
    return PointComparison(
        at=point, value=value, metrics=measures, groups=tuple(groups), left_out=collected.left_out, rope=band
    )


def trace(family: Family, at: Measure, value: float, metrics: Sequence[Measure]) -> Frontier:
    """Read a family, seed by seed, where a number is as wanted."""
    numbers = [number for one in family.candidates for number in one.values(at).values()]
    readings: dict[str, dict[int, Reading]] = {metric.name: {} for metric in metrics}
    short = []
    for seed in sorted({seed for one in family.candidates for seed in one.seeds}):
        for metric in metrics:
            points = [
                Point(dose, one.values(at)[seed], one.values(metric)[seed])
                for dose, one in zip(family.doses, family.candidates, strict=True)
                if seed in one.values(at) and seed in one.values(metric)
            ]
            found = read_at(points, value) if points else None
            if found is not None:
                readings[metric.name][seed] = found
            elif seed not in short:
                short.append(seed)
    return Frontier(family, (min(numbers), max(numbers)) if numbers else None, readings, tuple(short))


def as_candidate(frontier: Frontier) -> Candidate:
    """A frontier as one candidate: of each seed that reaches the number the run just above it stands for it."""
    family = frontier.family
    by_dose = dict(zip(family.doses, family.candidates, strict=True))
    above = {seed: one.above for by_seed in frontier.readings.values() for seed, one in by_seed.items()}
    runs = [run for seed, dose in sorted(above.items()) for run in by_dose[dose].runs if run.seed == seed]
    return Candidate(label=family.label, settings=family.settings, runs=tuple(runs))


def readings_by_path(frontiers: Sequence[Frontier], metric: str) -> dict[Path, float]:
    """What was read, by the folder of the run that stands for it."""
    found: dict[Path, float] = {}
    for frontier in frontiers:
        for run in as_candidate(frontier).runs:
            if run.seed in frontier.readings[metric]:
                found[run.path] = frontier.readings[metric][run.seed].value
    return found


def value_read(values: Mapping[Path, float], run: RunRecord) -> float | None:
    """What was read for the curve that a run stands for."""
    return values.get(run.path)
