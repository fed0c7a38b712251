"""What the rules of the lint look at, and what they yield."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.lost_runs import GoneConfig
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.run_record import LeftOut, RunRecord
from aecli.comparison.statistics.looks import Level
from aecli.comparison.verdicts.tuned_group import TunedGroup

Facts = Mapping[str, Any]
"""What a rule found, by names that are the parameters of the function that tells it."""


@dataclass(frozen=True)
class Scene:
    """What the rules look at."""

    factors: Sequence[str]
    candidates: Sequence[Candidate]
    baseline: Candidate
    metrics: Sequence[Measure]
    left_out: Sequence[LeftOut]
    other_data: Sequence[str] = ()
    """What other runs of the comparison were judged on."""
    rests_on: Sequence[int] = ()
    """The number of seeds of each verdict, of the candidate that has fewer where they are not paired."""
    look: Level = Level()
    """Which look at a growing sweep this is."""
    tuned: TunedGroup | None = None
    """What tuning changed; None where nothing was tuned."""
    gone: Sequence[GoneConfig] = ()
    """Configs of which every run diverged."""

    @property
    def runs(self) -> list[RunRecord]:
        """All runs that count."""
        return [run for candidate in self.candidates for run in candidate.runs]
