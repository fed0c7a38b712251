"""Runs of a sweep that tunes by the point whose values they have, whatever they were made for."""

from collections.abc import Iterable, Mapping, Sequence

from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.evidence.settings import identity
from aecli.comparison.evidence.tunings import Place, TuningRecord, folder_of

AtPoint = tuple[Place, int]
"""A cell of a sweep, and the number of a point."""


def runs_at_points(
    runs: Iterable[RunRecord], tunings: Mapping[str, TuningRecord], known: Sequence[RunRecord]
) -> dict[AtPoint, list[RunRecord]]:
    """The runs of each cell at each point: those that tried it, and those of fresh seeds that have the same values.

    Args:
        runs: of which those are sorted that belong to a sweep that tunes.
        tunings: folder -> its record.
        known: runs among which are those that tried the points; a point that none of them tried has no runs.
    """
    if not tunings:
        return {}
    places: dict[tuple[str, str], AtPoint] = {}
    for run in known:
        folder, digest = folder_of(run), str(run.status.get("config_sha256"))
        number = tunings[folder].roles.get(digest, (None,))[0] if folder in tunings else None
        if number is not None and (point := tunings[folder].cells[number].points.get(digest)) is not None:
            places[folder, identity(run.config)] = ((folder, number), point)
    found: dict[AtPoint, list[RunRecord]] = {}
    for run in runs:
        folder = folder_of(run)
        if folder in tunings and (place := places.get((folder, identity(run.config)))):
            found.setdefault(place, []).append(run)
    return found
