"""What tuning changed: verdicts with the base's own values beside those with tuned ones, and what more trials gave."""

from collections.abc import Mapping
from typing import Any

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.evidence.settings import flatten
from aecli.comparison.evidence.tunings import Apart, TunedCell, TuningRecord
from aecli.comparison.verdicts.decide import reach_verdicts
from aecli.comparison.verdicts.scene import Scene
from aecli.comparison.verdicts.tuned_group import TunedGroup, TunedRow


def judge_tuning(scene: Scene, apart: Apart, rope: Rope, *, was_chosen: bool) -> TunedGroup | None:
    """What tuning changed for the candidates of a scene; None where none of them was tuned."""
    cells = {candidate.label: places_of(candidate, apart)[0] for candidate in scene.candidates if candidate.tuned}
    if not cells:
        return None
    record = apart.tunings[next(iter(cells.values()))[0]]
    untuned = [made for candidate in scene.candidates if (made := untuned_candidate(candidate, apart)) is not None]
    baseline = next((one for one in untuned if one.label == scene.baseline.label), None)
    verdicts = reach_verdicts(untuned, baseline, scene.metrics, rope, was_chosen=was_chosen) if baseline else []
    configs = {one.label: flatten(one.config) for one in untuned}
    return TunedGroup(
        keys=record.keys,
        objective=record.objective,
        better=record.better,
        seeds=record.seeds,
        points=record.points,
        rows=tuple(
            tuned_row(label, apart.tunings[folder], number, configs.get(label, {}))
            for label, (folder, number) in cells.items()
        ),
        verdicts=tuple(verdicts),
    )


def places_of(candidate: Candidate, apart: Apart) -> list[tuple[str, int]]:
    """The cells that the runs of a candidate come from: one, unless several sweeps are compared."""
    return list(dict.fromkeys(apart.places[str(run.path)] for run in candidate.runs if str(run.path) in apart.places))


def untuned_candidate(candidate: Candidate, apart: Apart) -> Candidate | None:
    """The same candidate with the base's own values; None where it has no such runs, or was not tuned."""
    seeds: dict[int, RunRecord] = {}
    for place in places_of(candidate, apart):
        seeds = {run.seed: run for run in apart.untuned.get(place, ())} | seeds
    runs = tuple(seeds[seed] for seed in sorted(seeds))
    return Candidate(candidate.label, candidate.settings, runs) if runs and candidate.tuned else None


def tuned_row(label: str, record: TuningRecord, number: int, config: Mapping[str, Any]) -> TunedRow:
    """What a candidate was tuned to."""
    cell = record.cells[number]
    tuned = {} if cell.chosen is None else record.points[cell.chosen]
    return TunedRow(
        label=label,
        tuned=tuned,
        untuned={key: config[key] for key in record.keys if key in config},
        at_edge=tuple(key for key in tuned if is_edge(record, cell, key)),
        curve=tuple(record.best(cell, trials) for trials in range(1, len(record.points) + 1)),
    )


def is_edge(record: TuningRecord, cell: TunedCell, key: str) -> bool:
    """Whether the chosen value of a key is the lowest or the highest of those that were tried; words have no order."""
    values = [point[key] for point in record.points if key in point]
    if cell.chosen is None or len(set(map(str, values))) < 2 or not all(map(is_number, values)):
        return False
    return record.points[cell.chosen].get(key) in (min(values), max(values))


def is_number(value: object) -> bool:
    """Whether values of its kind have an order."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)
