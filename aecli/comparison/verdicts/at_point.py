"""Candidates where they buy the same: frontiers over a strength, read where one number is equal, and judged there.

Penalties in different units cannot be compared by their weights. Each family of configs that differ in one strength is
a curve; it is read for each seed by itself, within the doses that were trained, and what is read is judged like any
other number.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from aecli.comparison.evidence.candidates import DIVERGED, Candidate, fold
from aecli.comparison.evidence.collect import collect, garbage_collection_paused
from aecli.comparison.evidence.conditions import find_baseline, require_baseline, select_runs
from aecli.comparison.evidence.datasets import describe_others, name_data, split_by_data
from aecli.comparison.evidence.families import Family, sort_families
from aecli.comparison.evidence.lookup import find_judge
from aecli.comparison.evidence.lost_runs import GoneConfig, add_lost, of_same_data, read_lost
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.operating_point import parse_at
from aecli.comparison.evidence.rope import Rope, parse_rope
from aecli.comparison.evidence.run_record import LeftOut, RunRecord
from aecli.comparison.evidence.tunings import set_apart
from aecli.comparison.statistics.interpolation import Point, Reading, read_at
from aecli.comparison.statistics.saturation import find_saturated
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
    diverged: Mapping[float, Sequence[int]] = field(default_factory=dict)
    """Dose -> the seeds with which its training diverged."""
    saturated: float | None = None
    """The dose above which the number does not move any more; None where it does."""

    @property
    def doses_read(self) -> tuple[float, float] | None:
        """The doses between which it was read, of all seeds and metrics; None where it was not."""
        found = [one for by_seed in self.readings.values() for one in by_seed.values()]
        return (min(one.below for one in found), max(one.above for one in found)) if found else None


@dataclass(frozen=True)
class PointGroup:
    """One data set."""

    data: str
    data_sha256: str | None
    every: tuple[Frontier, ...]
    group: Group | None
    """The verdicts there; None where fewer than two frontiers reach it."""
    gone: tuple[GoneConfig, ...] = ()
    """Configs of which every run diverged: they are on no frontier."""

    @property
    def frontiers(self) -> tuple[Frontier, ...]:
        """Those that reach the number in some seed."""
        return tuple(one for one in self.every if one.doses_read)

    @property
    def outside(self) -> tuple[Frontier, ...]:
        """Those that do not."""
        return tuple(one for one in self.every if not one.doses_read)


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
    runs = set_apart(select_runs(collected.runs, where)).judged
    measures = tuple(find_judge(name, runs) for name in dict.fromkeys(each(metrics)))
    point, value = parse_at(at, runs, measures)
    split = split_by_data(runs)
    names = name_data(split)
    lost = read_lost(collected.left_out, collected.runs, where)
    groups, rows = [], []
    for key, members in split.items():
        folded, gone = add_lost(fold(members)[1], of_same_data(lost, key, len(split)))
        factors, families = sort_families(folded)
        frontiers = [trace(family, point, value, measures, band) for family in families]
        inside = [one for one in frontiers if one.doses_read]
        there = readable(inside, measures)
        candidates = sorted((as_candidate(one) for one in inside), key=lambda one: rank_key(one, there[0]))
        rows.append(candidates)
        data, group = (names[key], members[0].data_sha256), None
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
                gone=gone,
            )
            group = make_group(scene, data, band, was_chosen=named is None)
        groups.append(PointGroup(*data, every=tuple(frontiers), group=group, gone=gone))
    if baseline:
        require_baseline(baseline, rows, runs)
    return PointComparison(
        at=point, value=value, metrics=measures, groups=tuple(groups), left_out=collected.left_out, rope=band
    )


def trace(family: Family, at: Measure, value: float, metrics: Sequence[Measure], rope: Rope) -> Frontier:
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
    means = [(dose, one.values(at)) for dose, one in zip(family.doses, family.candidates, strict=True)]
    known = [(dose, math.fsum(values.values()) / len(values)) for dose, values in means if values]
    flat = find_saturated([mean for _, mean in known], partial(rope.half_width, scale=at.scale))
    return Frontier(
        family=family,
        saturated=None if flat is None else known[flat][0],
        range=(min(numbers), max(numbers)) if numbers else None,
        readings=readings,
        short=tuple(short),
        diverged={
            dose: seeds
            for dose, one in zip(family.doses, family.candidates, strict=True)
            if (seeds := [run.seed for run in one.lost if run.status.get("status") == DIVERGED])
        },
    )


def as_candidate(frontier: Frontier) -> Candidate:
    """A frontier as one candidate: of each seed that reaches the number the run just above it stands for it."""
    family = frontier.family
    by_dose = dict(zip(family.doses, family.candidates, strict=True))
    above = {seed: one.above for by_seed in frontier.readings.values() for seed, one in by_seed.items()}
    runs = [run for seed, dose in sorted(above.items()) for run in by_dose[dose].runs if run.seed == seed]
    lost = {run.seed: run for one in family.candidates for run in one.lost if run.seed not in above}
    return Candidate(
        label=family.label,
        settings=family.settings,
        runs=tuple(runs),
        lost=tuple(lost[seed] for seed in sorted(lost)),
    )


def readable(frontiers: Sequence[Frontier], metrics: Sequence[Measure]) -> list[Measure]:
    """The metrics, each of which gives what was read in place of what a run has."""
    read = [partial(value_read, readings_by_path(frontiers, metric.name)) for metric in metrics]
    return [replace(metric, read=function) for metric, function in zip(metrics, read, strict=True)]


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
