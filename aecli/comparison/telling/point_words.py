"""Frontiers that were read where a number is equal, in plain English."""

from collections.abc import Iterator, Sequence
from typing import Any

from aecli.comparison.evidence.labels import quoted
from aecli.comparison.evidence.strengths import spell_dose
from aecli.comparison.telling.digits import show_estimate
from aecli.comparison.telling.finding_words import finding_words
from aecli.comparison.telling.verdict_words import verdict_words
from aecli.comparison.verdicts.at_point import Frontier, PointComparison, PointGroup, as_candidate
from aecli.comparison.verdicts.ranking import estimate_of
from aecli.text import counted, several


def point_lines(found: PointComparison) -> list[str]:
    """Everything, one data set after the other."""
    return [line for group in found.groups for line in group_lines(found, group)]


def group_lines(found: PointComparison, group: PointGroup) -> Iterator[str]:
    """One data set: what each frontier has there, who does not reach it, the verdicts, and the findings."""
    yield f"{group.data}, read at {found.at.name} = {found.value:g}:"
    for one in group.frontiers:
        yield f"  {frontier_words(one, found, group)}"
    for one in group.outside:
        yield f"  {outside_words(one, found)}"
    yield from lost_lines(group)
    if group.group is None:
        reach = "one reaches" if group.frontiers else "none reaches"
        yield f"no verdict: {reach} it; choose a value that several reach, or train other doses"
        return
    for verdict in group.group.verdicts:
        yield verdict_words(verdict)
    for finding in group.group.findings:
        yield finding_words(finding)


def frontier_words(one: Frontier, found: PointComparison, group: PointGroup) -> str:
    """`activity_l1: code.l0 41.2 ±1.3, 4 seeds, read between weight 0.01 and 0.03`."""
    values = []
    for metric in found.metrics:
        estimate = estimate_of(as_candidate(one), measure_there(metric.name, group)) if group.group else None
        if estimate is None:
            own = [reading.value for reading in one.readings[metric.name].values()]
            values.append(f"{metric.name} {sum(own) / len(own):.4g}" if own else f"{metric.name} not measured")
        else:
            values.append(f"{metric.name} {show_estimate(estimate, estimate.n)}")
    seeds = {seed for by_seed in one.readings.values() for seed in by_seed}
    reach = "does not reach it" if len(one.short) == 1 else "do not reach it"
    short = f"; {numbered(one.short)} {reach}" if one.short else ""
    return f"{quoted(one.family.label)}: {', '.join(values)}, {counted(len(seeds), 'seed')}, {where_words(one)}{short}"


def lost_lines(group: PointGroup) -> Iterator[str]:
    """Which points of the frontiers are missing because training diverged there."""
    for one in (*group.frontiers, *group.outside):
        key = one.family.key.rpartition(".")[2]
        at = [
            f"{f'at {key} {spell_dose(dose)} ' if key else ''}with {numbered(seeds)}"
            for dose, seeds in one.diverged.items()
        ]
        if at:
            yield f"  {quoted(one.family.label)} diverged {several(at)}"
    for gone in group.gone if group.group is None else ():  # else a finding tells it
        yield f"  {quoted(gone.label)} is on no frontier: it diverged with {numbered(gone.seeds)}"


def numbered(seeds: Sequence[int]) -> str:
    """`seed 3`, `seeds 0, 1`."""
    return f"seed{'s' * (len(seeds) > 1)} {several(seeds)}"


def measure_there(name: str, group: PointGroup) -> Any:
    """The measure of a name that reads the frontiers."""
    return next(one for one in group.group.metrics if one.name == name) if group.group else None


def where_words(one: Frontier) -> str:
    """Between which doses it was read."""
    below, above = one.doses_read or (0.0, 0.0)
    key = one.family.key.rpartition(".")[2] or "the only dose"
    if below == above:
        return f"at {key} {spell_dose(below)}" if one.family.key else "at its only dose"
    return f"read between {key} {spell_dose(below)} and {spell_dose(above)}"


def outside_words(one: Frontier, found: PointComparison) -> str:
    """Why a family is not among them: it was not measured, or its range does not hold the value."""
    name = quoted(one.family.label)
    if one.range is None:
        return f"{name} does not count: {found.at.name} was not measured"
    low, high = one.range
    doses = [spell_dose(dose) for dose in one.family.doses]
    key = one.family.key.rpartition(".")[2]
    trained = f"{key} {doses[0]} to {doses[-1]}" if len(doses) > 1 else "its only dose"
    why = "in no single seed is it on both sides" if low <= found.value <= high else "nothing is read beyond"
    flat = "" if one.saturated is None else f"; saturated above {key} {spell_dose(one.saturated)}"
    return f"{name} does not count: its {found.at.name} is {low:.4g} to {high:.4g} at {trained}, and {why}{flat}"
