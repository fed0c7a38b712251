"""What fewer trials of a tuning would have decided: verdicts at what each candidate's first 1, 2, ... points choose.

Fresh seeds judge where there are any: always at the whole budget and at every smaller one that chooses the same, and
at the others where a former plan, or `curve: true`, trained them. Elsewhere the seeds that tuned are all there is;
they chose what they judge, and two of them decide nothing. Each budget is judged by itself.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.lookup import find_judge
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.evidence.tuned_points import AtPoint
from aecli.comparison.evidence.tunings import Place, TuningRecord
from aecli.comparison.verdicts.decide import reach_verdicts
from aecli.comparison.verdicts.scene import Scene
from aecli.comparison.verdicts.tuned_group import Budget
from aecli.comparison.verdicts.verdict import Verdict
from aecli.errors import UsageError


@dataclass(frozen=True)
class Tried:
    """Candidates that were tuned, with the runs at each point."""

    candidates: Sequence[Candidate]
    cells: Mapping[str, Place]
    """Label -> its cell."""
    tunings: Mapping[str, TuningRecord]
    runs: Mapping[AtPoint, Sequence[RunRecord]]
    lost: Collection[Path]
    """Folders of those of them that came to no end."""

    def record(self, label: str) -> TuningRecord:
        """Of the sweep of a candidate."""
        return self.tunings[self.cells[label][0]]

    def chosen(self, label: str, trials: int) -> int | None:
        """The point that so many trials choose for a candidate."""
        record = self.record(label)
        return record.best_point(record.cells[self.cells[label][1]], trials)

    def at(self, candidate: Candidate, trials: int, *, fresh: bool) -> Candidate | None:
        """A candidate with what so many trials choose, of fresh seeds or of those that tuned; None without a run.

        What the whole budget chooses is the candidate as it is judged.
        """
        label = candidate.label
        record, point = self.record(label), self.chosen(label, trials)
        if point is None:
            return None
        if fresh and point == record.cells[self.cells[label][1]].chosen:
            return candidate
        runs = self.runs.get((self.cells[label], point), ())
        own = {run.seed: run for run in runs if (run.seed not in record.seeds) == fresh and run.path not in self.lost}
        if not own:
            return None
        gone = {run.seed: run for run in runs if (run.seed not in record.seeds) == fresh and run.seed not in own}
        kept, lost = (tuple(one[seed] for seed in sorted(one)) for one in (own, gone))
        return replace(candidate, runs=kept, lost=lost, duplicates=(), _values={})


def judge_budgets(scene: Scene, tried: Tried, rope: Rope, *, was_chosen: bool) -> Iterator[Budget]:
    """The verdicts after 1, 2, ... trials; nothing where the baseline was not tuned."""
    if scene.baseline.label not in tried.cells or len(tried.candidates) < 2:
        return
    record = tried.record(scene.baseline.label)
    metrics = scene.metrics[0], objective_of(record, [run for own in tried.runs.values() for run in own])
    asked: dict[tuple[int | None, ...], tuple[tuple[Verdict, ...], ...]] = {}
    for trials in range(1, max(len(one.points) for one in tried.tunings.values()) + 1):
        points = tuple(tried.chosen(one.label, trials) for one in tried.candidates)
        if points not in asked:
            asked[points] = tuple(
                tuple(judge(scene, tried, trials, metric, rope, fresh=is_fresh, was_chosen=was_chosen))
                for metric, is_fresh in zip(metrics, (True, False), strict=True)
            )
        fresh, tuning = asked[points]
        judged = {one.candidate for one in fresh}
        yield Budget(trials=trials, fresh=fresh, tuning=tuple(one for one in tuning if one.candidate not in judged))


def objective_of(record: TuningRecord, runs: Sequence[RunRecord]) -> Measure | None:
    """What the points were chosen by; None where no run has it."""
    try:
        return find_judge(record.objective, runs)
    except UsageError:
        return None


def judge(
    scene: Scene,
    tried: Tried,
    trials: int,
    metric: Measure | None,
    rope: Rope,
    *,
    fresh: bool,
    was_chosen: bool,
) -> list[Verdict]:
    """The verdicts at one budget, of the candidates that have such runs there."""
    there = [one for candidate in tried.candidates if (one := tried.at(candidate, trials, fresh=fresh))]
    baseline = next((one for one in there if one.label == scene.baseline.label), None)
    if metric is None or baseline is None or len(there) < 2:
        return []
    level = scene.look.level
    found = reach_verdicts(there, baseline, [metric], rope, was_chosen=was_chosen, level=level)
    return [one for one in found if one.difference is not None]
