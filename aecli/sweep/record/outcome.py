"""What became of a trial, in the words of the run folders, and which of it is an end."""

from dataclasses import dataclass

COMPLETED, FAILED, DIVERGED, INTERRUPTED, PRUNED = "completed", "failed", "diverged", "interrupted", "pruned"
OUTDATED = "outdated"
"""Of a run whose data has changed since; only looking at a sweep tells."""
PRUNED_WHY = "pruned by the search"
"""How the reason of a run begins that a search stopped; in its folder it is interrupted."""


@dataclass(frozen=True)
class TrialOutcome:
    """What became of a trial."""

    digest: str
    kind: str
    run: str | None
    """The run folder."""
    reason: str = ""
    is_machine: bool = False
    """The cause was the machine and not the trial: another try may succeed."""
    is_lost: bool = False
    """The machine itself is gone, with others perhaps, and tells nothing about the trial: it may be tried oftener."""
