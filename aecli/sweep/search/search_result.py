"""What a search found, and how to go on: fresh seeds for its winner, since the best of many is partly the luckiest of many."""

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aecli.config.yaml_source import dump
from aecli.runs.files import write_json, write_text
from aecli.runs.folder import RunFolder
from aecli.sweep.engines.work import DIVERGED, FAILED
from aecli.sweep.search.optimism import Luck, luck_of_best
from aecli.sweep.search.search_rules import metric_of
from aecli.sweep.search.search_source import REFUSED, Search, measured_by
from aecli.sweep.search.study import COMPLETE, PRUNED

FRESH_SEEDS = 10
BEST = 5


@dataclass(frozen=True)
class Finding:
    """One setting that was tried to its end."""

    number: int
    """In the order of trying, from 0."""
    changes: dict[str, Any]
    values: tuple[float, ...]
    """One for each objective."""
    runs: tuple[Path, ...]
    """One for each seed."""
    fresh: Path | None = None
    """A sweep that trains it with fresh seeds."""


@dataclass(frozen=True)
class Found:
    """What a search came to."""

    objectives: tuple[str, ...]
    counts: dict[str, int]
    """How many settings ended in which way."""
    best: tuple[Finding, ...]
    """The best few, best first; with several objectives the Pareto front."""
    luck: Luck | None
    """What being the best of so many is worth by itself; None with several objectives."""

    @property
    def is_front(self) -> bool:
        """Whether there are several objectives."""
        return len(self.objectives) > 1

    def plain(self) -> dict[str, Any]:
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
        luck = self.luck and vars(self.luck)
        return {"objectives": list(self.objectives), "counts": self.counts, "luck": luck, "best": best}


def conclude_search(name: str, source: Search) -> Found:
    """Write search.json, and a sweep with fresh seeds for the winner or for each member of the front.

    Args:
        name: of the sweep.
        source: the search, ended.
    """
    with source.claims.locked():
        source.refresh()
        is_front = len(source.search.objective) > 1
        findings = [finding(source, one) for one in first_of_each(source)]
        shown = findings if is_front else findings[:BEST]
        offered = len(shown) if is_front else 1
        best = tuple(offer(name, source, one, is_front) if index < offered else one for index, one in enumerate(shown))
        found = Found(
            tuple(source.search.objective), counts(source), best, None if is_front else luck(source, findings)
        )
        write_json(
            source.folder.path / "search.json",
            {"schema": 1, "sampler": source.search.sampler, **found.plain(), "trials": table(source)},
        )
    return found


def luck(source: Search, findings: list[Finding]) -> Luck:
    """What being the best setting is worth by itself."""
    name = metric_of(source.search.objective[0])
    values = [[measured_by(RunFolder(run)).get(name) for run in one.runs] for one in findings]
    stopped = sum(tried.state == PRUNED for tried in source.tried.values())
    return luck_of_best([one for one in values if None not in one], len(findings) + stopped)


def first_of_each(source: Search) -> list[Any]:
    """The completed trials of the study, best first, each setting once."""
    seen: list[int] = []
    for one in source.study.best():
        first = min(source.numbers[one.number].numbers)
        if first not in seen:
            seen.append(first)
    by_number = {one.number: one for one in source.study.trials()}
    return [by_number[number] for number in seen]


def finding(source: Search, one: Any) -> Finding:
    """A completed trial of the study."""
    tried = source.numbers[one.number]
    runs = tuple(source.folder.runs / run for run in tried.runs if run)
    return Finding(one.number, tried.changes, tuple(one.values), runs)


def offer(name: str, source: Search, one: Finding, is_front: bool) -> Finding:
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
    head = f"# aecli sweep --config {path}\n# Setting {one.number} of a search, with seeds that the search has not seen: numbers without the luck of the best.\n"
    write_text(path, head + dump(sweep))
    return Finding(one.number, one.changes, one.values, one.runs, path)


def counts(source: Search) -> dict[str, int]:
    """How many settings ended in which way; one that came again counts each time."""
    found = {"tried": source.count}
    for one in source.study.trials():
        kind = end_of(one)
        found[kind] = found.get(kind, 0) + 1
    return found


def end_of(one: Any) -> str:
    """How a trial of the study ended, in the words of runs."""
    if one.state.name in (COMPLETE, PRUNED):
        return one.state.name.lower().replace("complete", "completed")
    kind = one.user_attrs.get("kind")
    return kind if kind in (REFUSED, DIVERGED, FAILED) else "failed" if one.state.is_finished() else "unfinished"


def table(source: Search) -> list[dict[str, Any]]:
    """Every trial of the study, as data for JSON."""
    rows = []
    for one in source.study.trials():
        tried = source.numbers[one.number]
        row = {"number": one.number, "kind": end_of(one), "values": one.values if one.state.name == COMPLETE else None}
        row |= {"changes": tried.changes if tried else None, "runs": tried.runs if tried else []}
        rows.append(row | {"reason": one.user_attrs.get("reason") or None})
    return rows
