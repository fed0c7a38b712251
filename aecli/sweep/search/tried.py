"""One setting that a search tried, with its runs, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from aecli.config.yaml_source import Document
from aecli.errors import ConfigError, Problem
from aecli.runs.folder import RunFolder
from aecli.sweep.planning.objectives import TRAIN_S, measured_by, metric_of
from aecli.sweep.planning.trial import Trial
from aecli.sweep.record.outcome import COMPLETED, DIVERGED, FAILED, TrialOutcome
from aecli.sweep.record.outcome import PRUNED as PRUNED_RUN
from aecli.sweep.search.study import COMPLETE, FAIL, PRUNED, RUNNING

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

REFUSED = "refused"
KINDS = {COMPLETE: COMPLETED, PRUNED: PRUNED_RUN}


@dataclass
class Tried:
    """One setting with its runs; the study may have come to it several times."""

    changes: dict[str, object]
    trials: tuple[Trial, ...]
    numbers: list[int]
    """Of the trials of the study."""
    state: str = RUNNING
    values: list[float | None] | None = None
    runs: list[str | None] = field(default_factory=list)
    kind: str = ""
    reason: str = ""
    outcomes: dict[str, TrialOutcome] = field(default_factory=dict)
    """What this process knows of the runs."""
    is_condemned: bool = False
    """The pruner has seen enough."""

    def take(self, one: "FrozenTrial") -> None:
        """Take over what the study says of its end."""
        notes = one.user_attrs
        self.state, self.values, self.runs = one.state.name, one.values, notes.get("runs", [])
        self.kind, self.reason = notes.get("kind", ""), notes.get("reason", "")

    def outcome(self, trial: Trial, runs: Path) -> TrialOutcome:
        """What became of one of the runs, once the setting has ended."""
        name = dict(zip((one.digest for one in self.trials), self.runs, strict=False)).get(trial.digest)
        kind = self.kind or KINDS.get(self.state, FAILED)
        return self.outcomes.get(trial.digest) or TrialOutcome(
            trial.digest, kind, name and str(runs / name), self.reason
        )

    def settle(self, document: Document, objectives: Sequence[str]) -> bool:
        """Take the end of the setting from what its runs came to; one that was stopped is pruned, even if too late.

        Returns: whether it has its end; a machine that failed says nothing about the setting, which stays open.
        """
        outcomes = [self.outcomes[trial.digest] for trial in self.trials]
        if any(outcome.kind == FAILED and outcome.is_machine for outcome in outcomes):
            return False
        bad = [outcome for outcome in outcomes if outcome.kind in (FAILED, DIVERGED)]
        self.runs = [outcome.run and Path(outcome.run).name for outcome in outcomes]
        if bad:
            self.state, self.reason = FAIL, bad[0].reason
            self.kind = FAILED if any(outcome.kind == FAILED for outcome in bad) else DIVERGED
        elif self.is_condemned or any(outcome.kind == PRUNED_RUN for outcome in outcomes):
            self.state = PRUNED
        else:
            self.values = [mean_of(name, outcomes, document) for name in objectives]
            self.state = COMPLETE if None not in self.values else FAIL
        return True


def mean_of(objective: str, outcomes: Sequence[TrialOutcome], document: Document) -> float | None:
    """The mean of an objective over the runs of a setting; None where it is no finite number.

    Raises:
        ConfigError: the runs do not have it at all.
    """
    measured = [measured_by(RunFolder(Path(outcome.run))) for outcome in outcomes if outcome.run]
    if any(metric_of(objective) not in held for held in measured):
        where = document.locate(("search", "objective"))
        there = ", ".join(name if name == TRAIN_S else f"validation.{name}" for name in measured[0])
        message = f"objective {objective}: is not measured on this data; there are {there}"
        raise ConfigError([Problem(where, "search", message)])
    values = [value for held in measured if (value := held[metric_of(objective)]) is not None]
    return sum(values) / len(values) if len(values) == len(measured) else None
