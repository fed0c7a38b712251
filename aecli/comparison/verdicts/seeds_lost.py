"""The rule of the lint about seeds that a config lost."""

from collections.abc import Iterator, Sequence

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.lost_seeds import lost_by
from aecli.comparison.statistics.collapse import most_that_collapse
from aecli.comparison.verdicts.scene import Facts, Scene


def lost_seeds(scene: Scene) -> Iterator[Facts]:
    """Trainings of a candidate diverged, or its numbers are not finite; by the first metric that lost some."""
    found = {}
    for one in scene.candidates:
        lost = max((lost_by(one, metric) for metric in scene.metrics), key=len, default=())
        if lost:
            tried = len({*one.seeds, *lost})
            found[one.label] = (lost, tried, most_that_collapse(len(lost), tried))
    if found:
        yield {"lost": found}


def cannot_exclude(candidates: Sequence[Candidate]) -> tuple[int, float]:
    """The fewest seeds of any candidate that has several, and the share that may collapse though none of these did."""
    tried = min((len(one.seeds) for one in candidates if len(one.seeds) > 1), default=0)
    return tried, most_that_collapse(0, tried)
