"""Runs folded over seeds: one candidate for each config, with its values by seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aecli.comparison.evidence.labels import make_labels
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.evidence.settings import choose_factors, identity, spell_settings
from aecli.comparison.evidence.tuned_config import without_tuned
from aecli.text import printable

DIVERGED, NULL = "diverged", "null"
"""Why a number of a seed is lost, where the config is to blame."""


@dataclass(frozen=True)
class Candidate:
    """One config, trained with one or more seeds."""

    label: str
    """What sets it apart from the others, in few characters; unique among them."""
    settings: Mapping[str, str]
    """Factor -> its value as text."""
    runs: tuple[RunRecord, ...]
    """One for each seed, in the order of the seeds."""
    duplicates: tuple[RunRecord, ...] = ()
    """Older runs of a seed that is there already: they would count one draw twice."""
    _values: dict[str, dict[int, float]] = field(default_factory=dict, repr=False, compare=False)
    lost: tuple[RunRecord, ...] = ()
    """Runs of other seeds that came to no end, one for each seed; see `lost_runs`."""

    @property
    def config(self) -> dict[str, Any]:
        """The config, with the first of the seeds."""
        return self.runs[0].config

    @property
    def tuned(self) -> tuple[str, ...]:
        """Keys of the config whose values were tuned for this candidate."""
        return self.runs[0].tuned

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds, rising."""
        return tuple(run.seed for run in self.runs)

    def values(self, measure: Measure) -> dict[int, float]:
        """Seed -> the measure, where it was measured."""
        if measure.name not in self._values:
            read = {run.seed: measure.value(run) for run in self.runs}
            self._values[measure.name] = {seed: value for seed, value in read.items() if value is not None}
        return self._values[measure.name]

    def lost_seeds(self, measure: Measure) -> dict[int, str]:
        """Seed -> why the measure is lost, in the order of the seeds: the status of its run, or `null`."""
        found = {run.seed: str(run.status.get("status")) for run in self.lost}
        known = self.values(measure)
        found |= {run.seed: NULL for run in self.runs if run.seed not in known and is_null(run, measure)}
        return dict(sorted(found.items()))

    def broken_seeds(self, measure: Measure) -> list[int]:
        """Those of them that the config itself lost: training diverged, or the measure is no finite number."""
        return [seed for seed, why in self.lost_seeds(measure).items() if why in (DIVERGED, NULL)]


def is_null(run: RunRecord, measure: Measure) -> bool:
    """Whether a measure without a value stands in the summary all the same, as null or as something not finite."""
    return measure.read is None and measure.value(run) is None and measure.path[-1] in run.part(measure.path[:-1])


def fold(runs: Sequence[RunRecord]) -> tuple[list[str], list[Candidate]]:
    """Put runs that differ only in the seed, and in what was tuned for each, together.

    Of two runs with the same config and the same seed the later one counts.

    Returns: the factors, that is the keys in which the candidates differ, and the candidates in the order of their
        first runs.
    """
    groups: dict[str, dict[int, RunRecord]] = {}
    doubles: dict[str, list[RunRecord]] = {}
    for run in runs:
        key = identity(without_tuned(run.config, run.tuned))
        seeds = groups.setdefault(key, {})
        older, seeds[run.seed] = sorted((seeds.get(run.seed, run), run), key=lambda one: one.started)
        if older is not seeds[run.seed]:
            doubles.setdefault(key, []).append(older)
    if not groups:
        return [], []
    firsts = {key: next(iter(seeds.values())) for key, seeds in groups.items()}
    configs = {key: without_tuned(run.config, run.tuned) for key, run in firsts.items()}
    factors = choose_factors(list(configs.values()))
    rows = spell_settings(list(configs.values()), factors)
    settings = {
        key: {factor: printable(text) for factor, text in row.items()} for key, row in zip(configs, rows, strict=True)
    }
    labels = make_labels(settings, configs)
    candidates = [
        Candidate(labels[key], settings[key], tuple(seeds[seed] for seed in sorted(seeds)), tuple(doubles.get(key, ())))
        for key, seeds in groups.items()
    ]
    return factors, candidates
