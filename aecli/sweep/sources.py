"""Where the trials of a sweep come from: a plan that is fixed, or a search that goes by what came out before."""

from dataclasses import dataclass
from typing import Protocol

from aecli.runs.folder import RunFolder
from aecli.sweep.planning.trial import Trial
from aecli.sweep.record.outcome import COMPLETED, TrialOutcome


class Source(Protocol):
    """Where trials come from: a plan that is fixed, or a search that goes by what came out before."""

    def accepts(self, outcome: TrialOutcome) -> bool:
        """Whether the end of a trial is no failure."""

    @property
    def total(self) -> int:
        """How many trials there will be."""

    @property
    def spared(self) -> int:
        """How many of them turned out not to be needed."""

    @property
    def ended(self) -> dict[str, TrialOutcome]:
        """Trials whose end is known from elsewhere than their run folders."""

    def begin(self) -> list[Trial]:
        """The trials that are known at the start."""

    def has_more(self) -> bool:
        """Whether `more` may give others."""

    def more(self) -> list[Trial]:
        """Further trials, for a worker that is free; none if there are none."""

    def known(self, trial: Trial, run: RunFolder | None) -> TrialOutcome | None:
        """What has become of a trial that was just claimed, if it needs no training any more."""

    def epoch(self, digest: str, epoch: int, metrics: dict[str, float]) -> bool:
        """A trial finished an epoch; whether to stop it."""

    def tell(self, outcome: TrialOutcome) -> None:
        """A trial ended."""


@dataclass(frozen=True)
class PlanSource:
    """A plan: every trial is known from the start."""

    trials: tuple[Trial, ...]
    spared: int = 0

    def accepts(self, outcome: TrialOutcome) -> bool:
        """Only a run that is complete."""
        return outcome.kind == COMPLETED

    @property
    def total(self) -> int:
        """All trials."""
        return len(self.trials)

    @property
    def ended(self) -> dict[str, TrialOutcome]:
        """Nothing: the run folders say it."""
        return {}

    def begin(self) -> list[Trial]:
        """All trials."""
        return list(self.trials)

    def has_more(self) -> bool:
        """No."""
        return False

    def more(self) -> list[Trial]:
        """None."""
        return []

    def known(self, trial: Trial, run: RunFolder | None) -> TrialOutcome | None:
        """Nothing but what the run folders say."""

    def epoch(self, digest: str, epoch: int, metrics: dict[str, float]) -> bool:
        """Never stop one."""
        return False

    def tell(self, outcome: TrialOutcome) -> None:
        """Nothing depends on it."""
