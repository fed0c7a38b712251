"""How far a sweep is, in the process that does it: what waits, what has its end, and how often each was tried."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from aecli.runs.folder import RunFolder
from aecli.sweep.planning.trial import Trial
from aecli.sweep.record.outcome import FAILED, TrialOutcome
from aecli.sweep.record.run_index import DONE, results
from aecli.sweep.record.sweep_folder import SweepFolder
from aecli.sweep.sources import Source


@dataclass
class SweepProgress:
    """How far a sweep is."""

    source: Source
    trials: dict[str, Trial] = field(default_factory=dict)
    outcomes: dict[str, TrialOutcome] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)
    waiting: list[Trial] = field(default_factory=list)
    mishaps: int = 0
    """Trials in a row that failed because of the machine."""

    @property
    def failed(self) -> list[tuple[Trial, TrialOutcome]]:
        """The trials without a good end."""
        return [
            (self.trials[digest], outcome)
            for digest, outcome in self.outcomes.items()
            if not self.source.accepts(outcome)
        ]

    @property
    def done(self) -> int:
        """How many trials have their end."""
        return len(self.outcomes) + self.source.spared

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do."""
        return len(self.outcomes) >= len(self.trials) and not self.source.has_more()

    @property
    def counts(self) -> dict[str, int]:
        """How many trials there are of each kind."""
        counts = {"trials": len(self.trials)}
        for outcome in self.outcomes.values():
            counts[outcome.kind] = counts.get(outcome.kind, 0) + 1
        return counts

    def enrol(self, trials: Sequence[Trial]) -> None:
        """Take up trials that have to be trained."""
        self.trials |= {trial.digest: trial for trial in trials}
        self.waiting += trials

    def note(self, outcome: TrialOutcome) -> None:
        """A trial has its end."""
        self.outcomes[outcome.digest] = outcome
        self.mishaps = self.mishaps + 1 if outcome.kind == FAILED and outcome.is_machine else 0
        self.source.tell(outcome)


def look(progress: SweepProgress, folder: SweepFolder) -> None:
    """Read what there is on disk: what has a result, and what waits."""
    progress.enrol(progress.source.begin())
    progress.outcomes = progress.source.ended
    unknown = [trial for trial in progress.trials.values() if trial.digest not in progress.outcomes]
    for digest, (run, status) in results(folder, unknown).items():
        if status in DONE:
            progress.note(outcome_of_run(digest, run, status))
    progress.waiting = [trial for trial in unknown if trial.digest not in progress.outcomes]


def outcome_of_run(digest: str, run: RunFolder, status: str) -> TrialOutcome:
    """What a run folder says of its trial."""
    return TrialOutcome(digest, status, str(run.path), str(run.read_status().get("reason") or ""))
