"""How often a sweep could be looked at before it came to its present size, as its plan.json tells.

A sweep writes `seeds`, `looks` (planned sizes) and `history` (sizes before it was extended); here they are read, never
made. Runs that belong to no sweep have no history, and are judged at the usual level.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.statistics.looks import Level, level_of
from aecli.files.json_files import read_json
from aecli.runs.stored_values import mapping


def level_of_runs(runs: Iterable[RunRecord]) -> Level:
    """The level at which verdicts on runs are given: the strictest of those of their sweeps."""
    folders = dict.fromkeys(run.path.parent for run in runs)
    levels = [level_of_sweep(folder.parent) for folder in folders if folder.name == "runs"]
    return min(levels, key=lambda one: (one.level, one.is_planned, -one.total), default=Level())


def level_of_sweep(folder: Path) -> Level:
    """The level of a sweep folder; the usual one where there is no history, or none that can be read."""
    plan = read_json(folder / "plan.json")
    if plan is None or not isinstance(seeds := plan.get("seeds"), int):
        return Level()
    return level_of_record(plan, seeds)


def level_of_record(plan: Mapping[str, object], seeds: int) -> Level:
    """The level with so many seeds, by what plan.json says of looks."""
    history = plan.get("history")
    sizes = [mapping(one).get("seeds") for one in history] if isinstance(history, list) else []
    return level_of(whole_numbers(sizes), planned_looks(plan), seeds)


def planned_looks(plan: Mapping[str, object]) -> list[int]:
    """The numbers of seeds at which looks were planned before the first one, rising."""
    planned = plan.get("looks")
    return sorted(set(whole_numbers(planned if isinstance(planned, list) else [])))


def whole_numbers(numbers: Iterable[object]) -> list[int]:
    """The whole numbers above 0 among what a file that anybody may have edited gives."""
    return [number for number in numbers if isinstance(number, int) and not isinstance(number, bool) and number > 0]
