"""What tuning changed: verdicts with the base's own values beside those with tuned ones, and what more trials gave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aecli.comparison.evidence.candidates import DIVERGED, Candidate
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.evidence.settings import flatten
from aecli.comparison.evidence.tuned_points import runs_at_points
from aecli.comparison.evidence.tunings import Apart, Place, TunedCell, TuningRecord, untuned_among
from aecli.comparison.verdicts.budgets import Tried, judge_budgets
from aecli.comparison.verdicts.decide import reach_verdicts
from aecli.comparison.verdicts.scene import Scene
from aecli.comparison.verdicts.tuned_group import TunedGroup, TunedRow


@dataclass(frozen=True)
class Made:
    """All runs of a comparison, of sweeps that tune too."""

    apart: Apart
    complete: Sequence[RunRecord]
    """Those that meet the conditions."""
    lost: Sequence[RunRecord]
    """Those that came to no end."""
    known: Sequence[RunRecord]
    """Every complete one, whatever the conditions."""


def judge_tuning(scene: Scene, made: Made, rope: Rope, *, was_chosen: bool) -> TunedGroup | None:
    """What tuning changed for the candidates of a scene; None where none of them was tuned."""
    apart, level = made.apart, scene.look.level
    tuned = [candidate for candidate in scene.candidates if candidate.tuned]
    cells = {candidate.label: places_of(candidate, apart)[0] for candidate in tuned}
    if not cells:
        return None
    record = max((apart.tunings[folder] for folder, _ in cells.values()), key=lambda one: len(one.points))
    lost = untuned_among(made.lost, apart.tunings)
    untuned = [one for candidate in tuned if (one := untuned_candidate(candidate, apart, lost)) is not None]
    baseline = next((one for one in untuned if one.label == scene.baseline.label), None)
    verdicts = (
        reach_verdicts(untuned, baseline, scene.metrics, rope, was_chosen=was_chosen, level=level) if baseline else []
    )
    configs = {one.label: flatten(one.config) for one in untuned}
    at_points = runs_at_points([*made.complete, *made.lost], apart.tunings, made.known)
    tried = Tried(tuned, cells, apart.tunings, at_points, frozenset(run.path for run in made.lost))
    return TunedGroup(
        keys=record.keys,
        objective=record.objective,
        better=record.better,
        seeds=record.seeds,
        points=record.points,
        rows=tuple(
            tuned_row(
                label,
                apart.tunings[place[0]],
                place[1],
                configs.get(label, {}),
                diverged=[run.seed for run in lost.get(place, ()) if run.status.get("status") == DIVERGED],
                trials=len(record.points),
            )
            for label, place in cells.items()
        ),
        verdicts=tuple(verdicts),
        budgets=tuple(judge_budgets(scene, tried, rope, was_chosen=was_chosen)),
    )


def places_of(candidate: Candidate, apart: Apart) -> list[Place]:
    """The cells that the runs of a candidate come from: one, unless several sweeps are compared."""
    return list(dict.fromkeys(apart.places[str(run.path)] for run in candidate.runs if str(run.path) in apart.places))


def untuned_candidate(
    candidate: Candidate, apart: Apart, lost: Mapping[Place, Sequence[RunRecord]]
) -> Candidate | None:
    """The same candidate with the base's own values; None where it has no such runs, or was not tuned."""
    seeds: dict[int, RunRecord] = {}
    gone: dict[int, RunRecord] = {}
    for place in places_of(candidate, apart):
        seeds = {run.seed: run for run in apart.untuned.get(place, ())} | seeds
        gone = {run.seed: run for run in lost.get(place, ())} | gone
    runs = tuple(seeds[seed] for seed in sorted(seeds))
    left = tuple(gone[seed] for seed in sorted(gone.keys() - seeds.keys()))
    return Candidate(candidate.label, candidate.settings, runs, lost=left) if runs and candidate.tuned else None


def tuned_row(
    label: str,
    record: TuningRecord,
    number: int,
    config: Mapping[str, Any],
    *,
    diverged: Sequence[int] = (),
    trials: int,
) -> TunedRow:
    """What a candidate was tuned to.

    Args:
        label: of the candidate.
        record: of its sweep.
        number: of its cell there.
        config: flat, with the base's own values; empty where no run has them.
        diverged: seeds that diverged with these.
        trials: how many budgets the curve has.
    """
    cell = record.cells[number]
    tuned = {} if cell.chosen is None else record.points[cell.chosen]
    return TunedRow(
        label=label,
        tuned=tuned,
        untuned={key: config[key] for key in record.keys if key in config},
        at_edge=tuple(key for key in tuned if is_edge(record, cell, key)),
        curve=tuple(record.best(cell, budget) for budget in range(1, trials + 1)),
        diverged=tuple(sorted(diverged)),
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
