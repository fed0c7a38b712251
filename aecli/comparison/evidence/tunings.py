"""Sweeps that tune: which runs judge with tuned values, which with the base's own, and which only tried points.

Such a sweep leaves `tune.json` beside the folder of its runs; here it is read, never made.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.evidence.settings import identity
from aecli.comparison.evidence.tuned_config import without_tuned
from aecli.files.json_files import read_json
from aecli.runs.stored_values import finite_number, mapping
from aecli.text import printable

TRIED, UNTUNED, JUDGED = "tried", "untuned", "judged"
"""What runs of a cell are for: to try a point, and to be judged with the base's own values or with the tuned ones."""
Place = tuple[str, int]
"""A folder of a sweep, and the number of a cell in it."""


@dataclass(frozen=True)
class TunedCell:
    """One config of a sweep that tunes."""

    values: tuple[tuple[float | None, ...], ...]
    """Of each point the objective by seed, None where it diverged; empty while points are still tried."""
    chosen: int | None
    """The point that was chosen."""
    digests: Mapping[str, Collection[str]]
    """What runs are for -> their digests."""
    points: Mapping[str, int] = field(default_factory=dict)
    """Digest of a run that tried a point -> the point."""

    def mean(self, point: int) -> float | None:
        """What a point came to; None where it was not tried to its end with every seed."""
        values = self.values[point] if point < len(self.values) else ()
        known = [value for value in values if value is not None]
        return sum(known) / len(known) if known and len(known) == len(values) else None


@dataclass(frozen=True)
class TuningRecord:
    """A sweep that tunes, as it tells of itself."""

    objective: str
    """`validation.mse`"""
    better: str
    """lower | higher"""
    seeds: tuple[int, ...]
    points: tuple[Mapping[str, Any], ...]
    """Key -> value, in the order of the trials."""
    cells: tuple[TunedCell, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """What was tuned."""
        return tuple(self.points[0]) if self.points else ()

    @cached_property
    def roles(self) -> dict[str, tuple[int, set[str]]]:
        """Digest of a run -> its cell, and what it is for: two things where the tuned value is the base's own."""
        found: dict[str, tuple[int, set[str]]] = {}
        for number, cell in enumerate(self.cells):
            for role, digests in cell.digests.items():
                for digest in digests:
                    found.setdefault(digest, (number, set()))[1].add(role)
        return found

    def best_point(self, cell: TunedCell, trials: int) -> int | None:
        """The best of the first so many points, the first of equal ones; None where none has a number."""
        means = {point: mean for point in range(trials) if (mean := cell.mean(point)) is not None}
        return (min if self.better == "lower" else max)(means, key=lambda point: means[point]) if means else None

    def best(self, cell: TunedCell, trials: int) -> float | None:
        """The best mean of the first so many points; None where none has one."""
        point = self.best_point(cell, trials)
        return None if point is None else cell.mean(point)


@dataclass(frozen=True)
class Apart:
    """Runs by what they are for."""

    judged: tuple[RunRecord, ...]
    """Those that are compared: with tuned values, and of other sweeps all."""
    untuned: Mapping[Place, tuple[RunRecord, ...]]
    """Cell -> its runs with the base's own values."""
    tunings: Mapping[str, TuningRecord]
    """Folder -> its record."""
    places: Mapping[str, Place]
    """Path of a run with tuned values -> its cell."""


def set_apart(runs: Sequence[RunRecord]) -> Apart:
    """Tell runs that judge from those that were made to tune.

    A sweep of which nothing is tuned yet is compared by what it has: its runs with the base's own values.
    """
    folders = dict.fromkeys(map(folder_of, runs))
    tunings = {folder: found for folder in folders if (found := read_tuning(Path(folder)))}
    if not tunings:
        return Apart(tuple(runs), {}, {}, {})
    judged: list[RunRecord] = []
    untuned: dict[Place, list[RunRecord]] = {}
    places: dict[str, Place] = {}
    foreign: list[RunRecord] = []
    for run in runs:
        folder, digest = folder_of(run), run.status.get("config_sha256")
        role = tunings[folder].roles.get(str(digest)) if folder in tunings else None
        if role is None:
            (foreign if folder in tunings else judged).append(run)
            continue
        number, roles = role
        if UNTUNED in roles:
            untuned.setdefault((folder, number), []).append(run)
        if JUDGED in roles:
            judged.append(replace(run, tuned=tunings[folder].keys))
            places[str(run.path)] = (folder, number)
    judged += of_no_cell(foreign, tunings, runs)
    if not places:
        judged += [run for of_cell in untuned.values() for run in of_cell]
    return Apart(tuple(judged), {place: tuple(of_cell) for place, of_cell in untuned.items()}, tunings, places)


def untuned_among(runs: Iterable[RunRecord], tunings: Mapping[str, TuningRecord]) -> dict[Place, list[RunRecord]]:
    """The runs with the base's own values, by their cells."""
    found: dict[Place, list[RunRecord]] = {}
    for run in runs:
        folder, digest = folder_of(run), str(run.status.get("config_sha256"))
        number, roles = tunings[folder].roles.get(digest, (0, set())) if folder in tunings else (0, set())
        if UNTUNED in roles:
            found.setdefault((folder, number), []).append(run)
    return found


def folder_of(run: RunRecord) -> str:
    """The folder of the sweep that a run is in, if it is in one; also where it was named from within."""
    return str(run.path.absolute().parent.parent)


def of_no_cell(
    foreign: Sequence[RunRecord], tunings: Mapping[str, TuningRecord], runs: Sequence[RunRecord]
) -> list[RunRecord]:
    """Those of the runs without a role that differ from every cell in more than what is tuned: a former plan had them.

    The others tried points that are asked for no more, or judged a value that further points have replaced.
    """
    if not foreign:
        return []
    cells = {cell_key(run, tunings) for run in runs if folder_of(run) in tunings and run not in foreign}
    return [run for run in foreign if cell_key(run, tunings) not in cells]


def cell_key(run: RunRecord, tunings: Mapping[str, TuningRecord]) -> tuple[str, str]:
    """Equal for runs of one sweep that differ only in the seed and in what is tuned."""
    folder = folder_of(run)
    return folder, identity(without_tuned(run.config, tunings[folder].keys))


def read_tuning(folder: Path) -> TuningRecord | None:
    """What a sweep tells of its tuning; None where it has none, or one that is damaged."""
    found = read_json(folder / "tune.json")
    if found is None:
        return None
    points, cells = found.get("points"), found.get("cells")
    if not isinstance(points, list) or not isinstance(cells, list) or not all(map(bool, map(mapping, points))):
        return None
    return TuningRecord(
        objective=printable(found.get("objective")),
        better="higher" if found.get("better") == "higher" else "lower",
        seeds=tuple(seed for seed in listed(found.get("seeds")) if isinstance(seed, int)),
        points=tuple(points),
        cells=tuple(read_cell(mapping(cell), len(points)) for cell in cells),
    )


def read_cell(cell: Mapping[str, object], points: int) -> TunedCell:
    """One cell; of what is damaged nothing is known."""
    chosen = cell.get("chosen")
    values = [tuple(map(finite_number, listed(of_point))) for of_point in listed(cell.get("values"))]
    tried = {str(digest): at for at, one in enumerate(listed(cell.get("tried"))) for digest in listed(one)}
    return TunedCell(
        values=tuple(values),
        chosen=chosen if isinstance(chosen, int) and 0 <= chosen < points else None,
        digests={
            TRIED: list(tried),
            UNTUNED: list(map(str, listed(cell.get("untuned")))),
            JUDGED: list(map(str, listed(cell.get("judged")))),
        },
        points=tried,
    )


def listed(value: object) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []
