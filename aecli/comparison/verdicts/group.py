"""What a comparison found: one group of candidates for each data set, with its verdicts and findings."""

from collections.abc import Sequence
from dataclasses import dataclass

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.evidence.run_record import LeftOut, RunRecord
from aecli.comparison.statistics.looks import Level
from aecli.comparison.verdicts.best_set import BestSet
from aecli.comparison.verdicts.lint import Finding
from aecli.comparison.verdicts.tuned_group import TunedGroup
from aecli.comparison.verdicts.untrained import UntrainedRow, untrained_rows
from aecli.comparison.verdicts.verdict import Verdict


@dataclass(frozen=True, kw_only=True)
class Group:
    """The candidates that were trained and judged on the same data."""

    data: str
    """The data in words."""
    data_sha256: str | None
    factors: tuple[str, ...]
    """Keys in which the configs differ."""
    candidates: tuple[Candidate, ...]
    metrics: tuple[Measure, ...]
    """What the candidates are judged by; the first one ranks them."""
    baseline: Candidate
    was_chosen: bool
    """The baseline is the best by the first metric, and nobody named it."""
    verdicts: tuple[Verdict, ...]
    findings: tuple[Finding, ...]
    best: BestSet
    """By the first metric."""
    look: Level = Level()
    """At which level the verdicts are given, in view of looks at fewer seeds."""
    tuned: TunedGroup | None = None
    """What tuning changed; None where nothing was tuned."""

    @property
    def runs(self) -> list[RunRecord]:
        """All runs that count."""
        return [run for candidate in self.candidates for run in candidate.runs]

    def untrained(self, measures: Sequence[Measure]) -> list[UntrainedRow]:
        """Predictors that need no training, apart where candidates were trained on different images."""
        return untrained_rows(self.candidates, measures)


@dataclass(frozen=True)
class Comparison:
    """One group for each data set; never ranked together."""

    groups: tuple[Group, ...]
    left_out: tuple[LeftOut, ...]
    rope: Rope
