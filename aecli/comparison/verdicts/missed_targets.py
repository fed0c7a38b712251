"""Candidates whose weight was to buy a number and did not: they stand elsewhere than their labels say."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.run_record import RunRecord
from aecli.runs.bought import targets_of


def missed_targets(candidates: Sequence[Candidate]) -> Iterator[Mapping[str, Any]]:
    """Label -> the seeds whose target was not reached, where there are any."""
    missed = {one.label: [run.seed for run in one.runs if misses(run)] for one in candidates}
    if any(missed.values()):
        yield {"missed": {label: seeds for label, seeds in missed.items() if seeds}}


def misses(run: RunRecord) -> bool:
    """Whether a run says that it did not reach one of its targets."""
    return any(one.get("is_reached") is False for _, one in targets_of(run.head))
