"""What a search found, and how to go on: fresh seeds for its winner, since the best of many is partly the luckiest."""

import itertools
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from aecli.config.yaml_source import dump
from aecli.errors import known
from aecli.files.json_files import write_json
from aecli.files.writing import write_text
from aecli.runs.folder import RunFolder
from aecli.sweep.planning.objectives import measured_by, metric_of
from aecli.sweep.record.outcome import DIVERGED, FAILED
from aecli.sweep.search.optimism import Optimism, optimism_of_best
from aecli.sweep.search.search_source import SearchSource
from aecli.sweep.search.study import COMPLETE, PRUNED
from aecli.sweep.search.tried import REFUSED
from aecli.text import shell_word

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

FRESH_SEEDS = 10
BEST = 5


@dataclass(frozen=True)
class CompletedSetting:
    """One setting that was tried to its end."""

    number: int
    """In the order of trying, from 0."""
    changes: dict[str, object]
    values: tuple[float, ...]
    """One for each objective."""
    runs: tuple[Path, ...]
    """One for each seed."""
    fresh: Path | None = None
    """A sweep that trains it with fresh seeds."""


@dataclass(frozen=True)
class SearchResult:
    """What a search came to."""

    objectives: tuple[str, ...]
    counts: dict[str, int]
    """How many settings ended in which way."""
    best: tuple[CompletedSetting, ...]
    """The best few, best first; with several objectives the Pareto front."""
    optimism: Optimism | None
    """What being the best of so many is worth by itself; None with several objectives."""

    @property
    def is_front(self) -> bool:
        """Whether there are several objectives."""
        return len(self.objectives) > 1

    def plain(self) -> dict[str, object]:
        """As data for JSON."""
        best = [
            {
                "number": one.number,
                "values": dict(zip(self.objectives, one.values, strict=True)),
                "changes": one.changes,
                "runs": [str(run) for run in one.runs],
                "fresh_seeds": one.fresh and str(one.fresh),
            }
            for one in self.best
        ]
        optimism = self.optimism and vars(self.optimism)
        return {"objectives": list(self.objectives), "counts": self.counts, "luck": optimism, "best": best}


def conclude_search(name: str, source: SearchSource) -> SearchResult:
    """Write search.json, and a sweep with fresh seeds for the winner or for each member of the front.

    Args:
        name: of the sweep.
        source: the search, ended.
    """
    with source.claims.locked():
        source.refresh()
        is_front = len(source.search.objective) > 1
        completed = [completed_setting(source, one) for one in first_of_each(source)]
        shown = completed if is_front else completed[:BEST]
        offered = len(shown) if is_front else 1
        best = tuple(offer(name, source, one, is_front) if index < offered else one for index, one in enumerate(shown))
        found = SearchResult(
            tuple(source.search.objective), counts(source), best, None if is_front else optimism_of(source, completed)
        )
        write_json(
            source.folder.path / "search.json",
            {"schema": 1, "sampler": source.search.sampler, **found.plain(), "trials": table(source)},
        )
    return found


def optimism_of(source: SearchSource, completed: list[CompletedSetting]) -> Optimism:
    """What being the best setting is worth by itself."""
    name = metric_of(source.search.objective[0])
    values = [[measured_by(RunFolder(run)).get(name) for run in one.runs] for one in completed]
    stopped = sum(tried.state == PRUNED for tried in source.tried.values())
    complete = [[value for value in one if value is not None] for one in values if None not in one]
    return optimism_of_best(complete, len(completed) + stopped)


def first_of_each(source: SearchSource) -> list["FrozenTrial"]:
    """The completed trials of the study, best first, each setting once."""
    seen: list[int] = []
    for one in source.study.best():
        first = min(known(source.numbers[one.number]).numbers)
        if first not in seen:
            seen.append(first)
    by_number = {one.number: one for one in source.study.trials()}
    return [by_number[number] for number in seen]


def completed_setting(source: SearchSource, one: "FrozenTrial") -> CompletedSetting:
    """A completed trial of the study."""
    tried = known(source.numbers[one.number])
    runs = tuple(source.folder.runs / run for run in tried.runs if run)
    return CompletedSetting(one.number, tried.changes, tuple(one.values), runs)


def offer(name: str, source: SearchSource, one: CompletedSetting, is_front: bool) -> CompletedSetting:
    """The same with a sweep of its config with seeds that the search has not seen."""
    if not one.runs or not (one.runs[0] / "config.yaml").is_file():
        return one
    path = source.folder.path / (f"winner-{one.number}.yaml" if is_front else "winner.yaml")
    used = set(source.seeds)
    seeds = list(itertools.islice((seed for seed in itertools.count() if seed not in used), FRESH_SEEDS))
    sweep = {
        "name": f"{name[: 64 - len(path.stem) - 1]}-{path.stem}",
        "base": (one.runs[0] / "config.yaml").relative_to(source.folder.path).as_posix(),
        "seeds": seeds,
    }
    head = (
        f"# aecli sweep --config {shell_word(path)}\n# Setting {one.number} of a search, "
        "with seeds that the search has not seen: numbers without the luck of the best.\n"
    )
    write_text(path, head + dump(sweep))
    return replace(one, fresh=path)


def counts(source: SearchSource) -> dict[str, int]:
    """How many settings ended in which way; one that came again counts each time."""
    found = {"tried": source.count}
    for one in source.study.trials():
        kind = end_of(one)
        found[kind] = found.get(kind, 0) + 1
    return found


def end_of(one: "FrozenTrial") -> str:
    """How a trial of the study ended, in the words of runs."""
    if one.state.name in (COMPLETE, PRUNED):
        return one.state.name.lower().replace("complete", "completed")
    kind = one.user_attrs.get("kind")
    return kind if kind in (REFUSED, DIVERGED, FAILED) else "failed" if one.state.is_finished() else "unfinished"


def table(source: SearchSource) -> list[dict[str, object]]:
    """Every trial of the study, as data for JSON."""
    rows = []
    for one in source.study.trials():
        tried = source.numbers[one.number]
        row = {"number": one.number, "kind": end_of(one), "values": one.values if one.state.name == COMPLETE else None}
        row |= {"changes": tried.changes if tried else None, "runs": tried.runs if tried else []}
        rows.append(row | {"reason": one.user_attrs.get("reason") or None})
    return rows
