"""One place for trials on a Ray cluster, as seen from the sweep, and how a run comes home from it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from aecli.errors import AecliError
from aecli.runs.folder import RunFolder
from aecli.sweep.engines.messages import EpochDone, TrialDone, TrialEvent
from aecli.sweep.engines.train_trial import outcome_of_error
from aecli.sweep.planning.trial import Trial
from aecli.sweep.record.archive import unpack

if TYPE_CHECKING:
    from ray import ObjectRef
    from ray.actor import ActorHandle


@dataclass(eq=False)
class Place:
    """One actor, and what it is doing."""

    actor: "ActorHandle"
    call: "ObjectRef | None"
    """The answer that is waited for; None while it has nothing to do."""
    is_ready: bool = False
    is_shared: bool = False
    runs: str = ""
    """Where it makes its runs, on its node."""
    trial: Trial | None = None
    earlier: str | None = None
    """The name of the run folder that its trial goes on with."""


def bring_home(place: Place, event: TrialEvent, runs: Path) -> TrialEvent:
    """An event of a place as seen from here: the run of a trial that ended is among the others."""
    if isinstance(event, EpochDone):
        return event
    outcome, earlier = event.outcome, place.earlier
    place.trial, place.earlier = None, None
    try:
        folder = runs / Path(outcome.run).name if outcome.run else None
        if event.archive is not None:
            folder = unpack(event.archive, runs, earlier)
            correct_reason(folder, place.runs, runs)
    except AecliError as error:
        return TrialDone(outcome_of_error(outcome.digest, error, None))
    reason = outcome.reason.replace(place.runs, str(runs))
    return TrialDone(replace(outcome, run=str(folder) if folder else None, reason=reason))


def correct_reason(folder: Path, there: str, here: Path) -> None:
    """Let the status name the place where the run is now, so that its advice can be followed."""
    run = RunFolder(folder)
    status = run.read_status()
    if there in (status.get("reason") or ""):
        run.write_status(status["status"], reason=status["reason"].replace(there, str(here)))
