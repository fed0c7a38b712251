"""How far a sweep is, read from its folder by anyone at any time."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aecli.errors import UsageError
from aecli.files.json_files import read_json
from aecli.runs.folder import RunFolder
from aecli.sweep.planning.trial import label_of
from aecli.sweep.record.changed_data import changed_data_of
from aecli.sweep.record.claims import Claims
from aecli.sweep.record.outcome import COMPLETED, INTERRUPTED, OUTDATED, PRUNED, PRUNED_WHY
from aecli.sweep.record.run_index import DONE, RunIndex, best_of
from aecli.sweep.record.sweep_folder import SweepFolder, open_sweep_folder

KEYS = {"digest", "seed", "changes"}
"""Of a trial in plan.json."""


@dataclass(frozen=True)
class TrialState:
    """One trial now."""

    label: str
    kind: str
    """waiting | running | completed | interrupted | failed | diverged | pruned | outdated"""
    run: str | None = None
    epoch: int | None = None
    epochs: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class SweepState:
    """A sweep now."""

    folder: SweepFolder
    status: str
    trials: tuple[TrialState, ...]
    strangers: int
    """Run folders that belong to no trial of the plan, such as those of an earlier plan."""
    expected: int
    """How many trials there will be; a search knows only those that it has come to."""

    @property
    def counts(self) -> dict[str, int]:
        """How many trials there are of each kind."""
        counts: dict[str, int] = {}
        for trial in self.trials:
            counts[trial.kind] = counts.get(trial.kind, 0) + 1
        return counts

    def plain(self) -> dict[str, Any]:
        """As data for JSON."""
        return {
            "schema": 1,
            "sweep": str(self.folder.path),
            "status": self.status,
            "counts": {"trials": len(self.trials), **self.counts},
            "expected": self.expected,
            "runs_of_no_trial": self.strangers,
            "trials": [vars(trial) for trial in self.trials],
        }


def read_sweep(path: Path) -> SweepState:
    """The state of a sweep.

    Raises:
        UsageError: the folder is no sweep, or its plan is damaged.
    """
    folder = open_sweep_folder(path)
    plan = read_json(folder.plan)
    trials = plan.get("trials") if plan else None
    if not isinstance(trials, list) or not all(isinstance(trial, dict) and trial.keys() >= KEYS for trial in trials):
        raise UsageError(f"{folder.plan}: is damaged; the command that began the sweep writes it anew")
    index = RunIndex(folder)
    index.refresh()
    runs = index.by_digest()
    states = tuple(state_of(trial, runs.get(trial["digest"], [])) for trial in trials)
    known = {trial["digest"] for trial in trials}
    strangers = sum(len(held) for digest, held in runs.items() if digest not in known)
    expected = plan.get("expected") if plan else None
    status, is_outdated = status_of(folder), any(state.kind == OUTDATED for state in states)
    return SweepState(
        folder,
        status=OUTDATED if is_outdated and status == COMPLETED else status,
        trials=states,
        strangers=strangers,
        expected=expected if isinstance(expected, int) else len(trials),
    )


def status_of(folder: SweepFolder) -> str:
    """The sweep's status; of several processes on it the last one may have written its end while another goes on."""
    if folder.claims.is_dir() and Claims(folder.claims).anybody_works():
        return "running"
    return str(folder.read_status().get("status") or "unknown")


def state_of(trial: dict[str, Any], runs: list[RunFolder]) -> TrialState:
    """One trial's state from its run folders."""
    label = label_of(trial["changes"], trial["seed"])
    run, kind = best_of(runs)
    if run is None:
        return TrialState(label, "waiting")
    status = run.read_status()
    if kind == INTERRUPTED and str(status.get("reason") or "").startswith(PRUNED_WHY):
        kind = PRUNED
    reason = "the same sweep goes on with it" if kind == INTERRUPTED else str(status.get("reason") or "")
    if kind in (*DONE, PRUNED, INTERRUPTED) and (changed := changed_data_of(run)):
        kind, reason = OUTDATED, changed
    return TrialState(
        label, kind, run=str(run.path), epoch=status.get("epoch"), epochs=status.get("epochs"), reason=reason
    )
