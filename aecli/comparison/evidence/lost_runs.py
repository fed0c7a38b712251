"""Runs that came to no end, put with the candidates whose seeds they are; configs of which nothing else is left.

A seed is lost that diverged, failed, or is not finished, and that no complete run of the same config has.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aecli.comparison.evidence.candidates import DIVERGED, Candidate
from aecli.comparison.evidence.conditions import meets, read_condition
from aecli.comparison.evidence.datasets import split_by_data
from aecli.comparison.evidence.labels import make_labels
from aecli.comparison.evidence.read_run import parse_config, read_file
from aecli.comparison.evidence.run_record import LeftOut, RunRecord
from aecli.comparison.evidence.settings import choose_factors, identity, spell_settings
from aecli.comparison.evidence.tuned_config import without_tuned
from aecli.comparison.evidence.tunings import set_apart
from aecli.config.yaml_source import MAX_BYTES
from aecli.runs.folder import RunFolder
from aecli.text import each, printable


@dataclass(frozen=True)
class GoneConfig:
    """A config of which every run diverged."""

    label: str
    seeds: tuple[int, ...]


def read_lost(
    left_out: Sequence[LeftOut], runs: Sequence[RunRecord], where: str | Sequence[str] = ()
) -> list[RunRecord]:
    """The runs that came to no end and would be judged; see `read_all_lost`."""
    return judged_among(read_all_lost(left_out, runs, where), runs)


def read_all_lost(
    left_out: Sequence[LeftOut], runs: Sequence[RunRecord], where: str | Sequence[str] = ()
) -> list[RunRecord]:
    """The runs that came to no end: of those left out, what meets the conditions.

    Args:
        left_out: folders that cannot be compared.
        runs: the complete ones, which tell what a condition means.
        where: conditions on the config.
    """
    read = [read_unfinished(one) for one in left_out if one.kind in ("failed", "unfinished")]
    lost = [run for run in read if run is not None]
    conditions = [read_condition(text, runs) for text in each(where)] if lost else []
    return [run for run in lost if all(meets(run, condition) for condition in conditions)]


def judged_among(lost: Sequence[RunRecord], runs: Sequence[RunRecord]) -> list[RunRecord]:
    """Those of the lost runs that would be judged: not those that tried points of a tuning."""
    if not set_apart(lost).tunings:
        return list(lost)
    paths = {run.path for run in lost}
    return [run for run in set_apart([*runs, *lost]).judged if run.path in paths]


def read_unfinished(one: LeftOut) -> RunRecord | None:
    """A run that has no numbers; None where its config cannot be read."""
    folder = RunFolder(one.path)
    try:
        config = parse_config(read_file(folder.config, MAX_BYTES + 1), folder.config.name)
        return None if config is None else RunRecord(folder, config, {}, folder.read_status(), {})
    except OSError:
        return None


def of_same_data(lost: Sequence[RunRecord], key: str, groups: int) -> list[RunRecord]:
    """Those of the lost runs that belong to one of so many data sets; where nothing is known, to the only one."""
    split = split_by_data(lost)
    unknown = [run for run in lost if run.data_sha256 is None] if groups == 1 else []
    own = split.get(key, [])
    return own + [run for run in unknown if run not in own]


def add_lost(
    candidates: Sequence[Candidate], lost: Sequence[RunRecord]
) -> tuple[list[Candidate], tuple[GoneConfig, ...]]:
    """The candidates with the runs that they lost, and the configs of which every run diverged."""
    by_config: dict[str, dict[int, RunRecord]] = {}
    for run in lost:
        seeds = by_config.setdefault(identity(without_tuned(run.config, run.tuned)), {})
        if run.seed not in seeds or run.status.get("status") == DIVERGED:
            seeds[run.seed] = run
    if not by_config:
        return list(candidates), ()
    keys = [identity(without_tuned(one.config, one.tuned)) for one in candidates]
    found = []
    for key, one in zip(keys, candidates, strict=True):
        own = by_config.pop(key, {})
        found.append(replace(one, lost=tuple(own[seed] for seed in sorted(own.keys() - set(one.seeds)))))
    gone = {key: own for key, own in by_config.items() if all(is_diverged(run) for run in own.values())}
    return found, name_gone(found, gone)


def is_diverged(run: RunRecord) -> bool:
    """Whether training diverged."""
    return run.status.get("status") == DIVERGED


def name_gone(candidates: Sequence[Candidate], gone: dict[str, dict[int, RunRecord]]) -> tuple[GoneConfig, ...]:
    """Labels for configs that are no candidates, by what sets them apart from those that are."""
    if not gone:
        return ()
    configs = {f"{at}": without_tuned(one.config, one.tuned) for at, one in enumerate(candidates)}
    for key, own in gone.items():
        first = next(iter(own.values()))
        configs[key] = without_tuned(first.config, first.tuned)
    rows = spell_settings(list(configs.values()), choose_factors(list(configs.values())))
    settings = {
        key: {factor: printable(text) for factor, text in row.items()} for key, row in zip(configs, rows, strict=True)
    }
    labels = make_labels(settings, configs)
    return tuple(GoneConfig(labels[key], tuple(sorted(own))) for key, own in gone.items())
