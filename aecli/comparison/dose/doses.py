"""Runs sorted by the dose of one setting, everything else equal; what is dose 0, and what is no dose at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aecli.comparison.dose.dose_keys import check_key, dose_of, is_absent
from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.datasets import describe_data, split_by_data
from aecli.comparison.evidence.labels import make_labels
from aecli.comparison.evidence.lost_runs import GoneConfig, is_diverged, of_same_data
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.evidence.settings import choose_factors, identity, spell_settings
from aecli.comparison.evidence.strengths import drop, drop_term, has_zero, spell_dose
from aecli.config.yaml_source import MAX_BYTES, parse
from aecli.errors import AecliError, UsageError
from aecli.files.reading import read_bytes
from aecli.text import printable

FEWEST = 2
"""Doses without which nothing responds to anything."""

Setting = str
"""The data, and what else was chosen: two JSON texts, one after the other."""
DosedRun = tuple[float, RunRecord]
Zips = Mapping[Path, Sequence[str]]
"""Sweep folder -> the keys that its `zip` moves together with the dose."""


@dataclass(frozen=True)
class DoseGroup:
    """The doses of one setting, everything else but the seed being equal."""

    data: str
    """The data in words."""
    settings: str
    """What sets it apart from the other groups; empty where there is no other."""
    doses: tuple[float, ...]
    """Rising."""
    candidates: tuple[Candidate, ...]
    """One for each dose, labelled with it."""
    moves_with: tuple[str, ...] = ()
    """Keys that a sweep's `zip` moves together with the dose: part of it, and not told apart from it."""
    gone: tuple[GoneConfig, ...] = ()
    """Doses at which every run diverged."""
    gone_doses: tuple[float, ...] = ()
    """The same as numbers, rising."""

    @property
    def runs(self) -> list[RunRecord]:
        """All runs that count."""
        return [run for candidate in self.candidates for run in candidate.runs]


@dataclass(frozen=True)
class SortedRuns:
    """Runs by dose, and how many of them are of no use here."""

    groups: tuple[DoseGroup, ...]
    lonely: tuple[int, int]
    """Other settings with a single dose, and their runs."""
    undosed: int
    """Runs in which the key is missing, or has no number."""


@dataclass
class PlacedRuns:
    """Runs by what else was chosen, while they are read."""

    dosed: dict[Setting, list[DosedRun]] = field(default_factory=dict)
    bases: dict[Setting, Setting] = field(default_factory=dict)
    """Setting of dosed runs -> the same without what the key belongs to, where runs of dose 0 are looked up."""
    without: dict[Setting, list[RunRecord]] = field(default_factory=dict)
    undosed: int = 0


def sort_doses(runs: Sequence[RunRecord], key: str, lost: Sequence[RunRecord] = ()) -> SortedRuns:
    """Sort runs into groups that differ in nothing but the key and the seed.

    Args:
        runs: complete ones.
        key: of the dose.
        lost: runs that came to no end, which are no candidates but are told beside those of their dose.

    Raises:
        UsageError: the key does not exist, has no numbers, or nowhere two of them with everything else equal.
    """
    check_key(runs, key)
    zips = {folder: zipped_with(folder, key) for folder in dict.fromkeys(run.path.parent.parent for run in runs)}
    placed, broken = place_runs(runs, key, zips, runs), place_runs(lost, key, zips, runs)
    groups = {
        at: members + [(0.0, run) for run in placed.without.get(placed.bases[at], [])]
        for at, members in placed.dosed.items()
    }
    usable = {at: members for at, members in groups.items() if len({dose for dose, _ in members}) >= FEWEST}
    if not usable:
        raise UsageError(why_none(runs, key, groups))
    alone = [[run for _, run in members] for at, members in groups.items() if at not in usable]
    used = [run for members in usable.values() for _, run in members]
    lonely = count_lonely([*alone, *placed.without.values()], used)
    lost_at = {
        at: broken.dosed.get(at, []) + [(0.0, run) for run in broken.without.get(placed.bases[at], [])] for at in usable
    }
    return SortedRuns(groups=make_groups(usable, lost_at, key, zips), lonely=lonely, undosed=placed.undosed)


def place_runs(runs: Sequence[RunRecord], key: str, zips: Zips, complete: Sequence[RunRecord]) -> PlacedRuns:
    """Put runs together that differ in nothing but the dose and the seed; apart, those without what the key is of."""
    placed = PlacedRuns()
    split = split_by_data(complete)
    for data in split:
        for run in split[data] if runs is complete else of_same_data(runs, data, len(split)):
            dose = dose_of(run, key)
            base = data + identity(drop_term(run.config, key)) if has_zero(key) else ""
            if dose is not None:
                at = data + identity(without_dose(run, key, zips))
                placed.dosed.setdefault(at, []).append((dose, run))
                placed.bases[at] = base
            elif has_zero(key) and is_absent(run, key):
                placed.without.setdefault(base, []).append(run)
            else:
                placed.undosed += 1
    return placed


def count_lonely(alone: Sequence[Sequence[RunRecord]], used: Sequence[RunRecord]) -> tuple[int, int]:
    """Settings of which no run is used, and their runs."""
    known = {id(run) for run in used}
    unused = [members for members in alone if not any(id(run) in known for run in members)]
    return len(unused), len({id(run) for members in unused for run in members})


def zipped_with(folder: Path, key: str) -> tuple[str, ...]:
    """What a sweep moves together with a key, so that each dose means one value of it; by its sweep.yaml."""
    try:
        text = read_bytes(folder / "sweep.yaml", MAX_BYTES, below=folder).decode()
        asked = parse(text, "sweep.yaml").data
    except (OSError, ValueError, AecliError):
        return ()
    lists = asked.get("zip") if isinstance(asked, dict) else None
    doses = lists.get(key) if isinstance(lists, dict) else None
    if not isinstance(lists, dict) or not isinstance(doses, list) or len({str(dose) for dose in doses}) < len(doses):
        return ()
    return tuple(other for other in lists if other != key)


def without_dose(run: RunRecord, key: str, zips: Zips) -> dict[str, object]:
    """A run's config without the dose and what moves with it."""
    config: dict[str, object] = run.config
    for one in (key, *zips.get(run.path.parent.parent, ())):
        config = drop(config, one.split("."))
    return config


def make_groups(
    found: Mapping[Setting, Sequence[DosedRun]], lost: Mapping[Setting, Sequence[DosedRun]], key: str, zips: Zips
) -> tuple[DoseGroup, ...]:
    """Groups with one candidate for each dose."""
    configs = {at: without_dose(members[0][1], key, zips) for at, members in found.items()}
    factors = choose_factors(list(configs.values()))
    rows = spell_settings(list(configs.values()), factors)
    settings = {
        at: {factor: printable(text) for factor, text in row.items()} for at, row in zip(configs, rows, strict=True)
    }
    labels = make_labels(settings, configs) if factors else dict.fromkeys(found, "")
    return tuple(make_group(members, lost[at], labels[at], key=key, zips=zips) for at, members in found.items())


def make_group(members: Sequence[DosedRun], lost: Sequence[DosedRun], label: str, *, key: str, zips: Zips) -> DoseGroup:
    """One group."""
    doses = sorted({dose for dose, _ in members})
    candidates = [make_candidate(key, dose, runs_at(members, dose), runs_at(lost, dose)) for dose in doses]
    ended = {dose: runs_at(lost, dose) for dose in sorted({dose for dose, _ in lost} - set(doses))}
    gone = {dose: runs for dose, runs in ended.items() if all(is_diverged(run) for run in runs)}
    together = dict.fromkeys(other for _, run in members for other in zips.get(run.path.parent.parent, ()))
    return DoseGroup(
        data=describe_data(members[0][1]),
        settings=label,
        doses=tuple(doses),
        candidates=tuple(candidates),
        moves_with=tuple(together),
        gone=tuple(GoneConfig(spell_dose(dose), seeds_of(runs)) for dose, runs in gone.items()),
        gone_doses=tuple(gone),
    )


def runs_at(members: Sequence[DosedRun], dose: float) -> list[RunRecord]:
    """The runs of one dose."""
    return [run for own, run in members if own == dose]


def seeds_of(runs: Sequence[RunRecord]) -> tuple[int, ...]:
    """The seeds of some runs, rising, each once."""
    return tuple(sorted({run.seed for run in runs}))


def make_candidate(key: str, dose: float, runs: Sequence[RunRecord], lost: Sequence[RunRecord] = ()) -> Candidate:
    """The runs of one dose, one for each seed; of two with the same seed the later one counts."""
    seeds: dict[int, RunRecord] = {}
    older = []
    for run in sorted(runs, key=lambda one: one.started):
        older += [seeds[run.seed]] if run.seed in seeds else []
        seeds[run.seed] = run
    text = spell_dose(dose)
    return Candidate(
        label=text,
        settings={key: text},
        runs=tuple(seeds[seed] for seed in sorted(seeds)),
        duplicates=tuple(older),
        lost=tuple({run.seed: run for run in sorted(lost, key=is_diverged) if run.seed not in seeds}.values()),
    )


def why_none(runs: Sequence[RunRecord], key: str, groups: Mapping[Setting, Sequence[DosedRun]]) -> str:
    """Why there is nothing to respond to a dose: there is only one, or something else differs with it."""
    doses = sorted({dose for members in groups.values() for dose, _ in members})
    if len(doses) < FEWEST:
        zero = ", and no run without it is like them in everything else" if has_zero(key) else ""
        all_have = f"--key {key}: all runs have {spell_dose(doses[0])}{zero}"
        return f"{all_have}; train another dose, for example with: aecli sweep"
    others = choose_factors([drop(run.config, key.split(".")) for run in runs])
    differs = f"what differs with it: {', '.join(others) or 'the data'}"
    return f"--key {key}: no two doses with everything else equal; {differs}; choose runs with --where"
