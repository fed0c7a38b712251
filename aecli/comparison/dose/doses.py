"""Runs sorted by the dose of one setting, everything else equal; what is dose 0, and what is no dose at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.conditions import is_number
from aecli.comparison.evidence.datasets import describe_data, split_by_data
from aecli.comparison.evidence.labels import make_labels
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.evidence.settings import (
    NOWHERE,
    as_text,
    choose_factors,
    flatten,
    identity,
    keyed,
    look_up,
    spell_settings,
)
from aecli.config.yaml_source import parse
from aecli.errors import AecliError, UsageError
from aecli.registry import unknown_name
from aecli.text import printable

SWITCHED = ("regularization", "loss", "data.corruption", "data.contamination")
"""Parts of a config without which the dose of what they hold is 0."""
STRENGTHS = ("weight", "p", "share", "std")
"""Parameters that are 0 where their part is missing. Without k_sparse there is no k, and 0 would be the opposite."""
TRAIN_SIZE = "data.train_size"
FEWEST = 2
"""Doses without which nothing responds to anything."""


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

    @property
    def runs(self) -> list[RunRecord]:
        """All runs that count."""
        return [run for candidate in self.candidates for run in candidate.runs]


@dataclass(frozen=True)
class Sorted:
    """Runs by dose, and how many of them are of no use here."""

    groups: tuple[DoseGroup, ...]
    lonely: tuple[int, int]
    """Other settings with a single dose, and their runs."""
    undosed: int
    """Runs in which the key is missing, or has no number."""


def sort_doses(runs: Sequence[RunRecord], key: str) -> Sorted:
    """Sort runs into groups that differ in nothing but the key and the seed.

    Raises:
        UsageError: the key does not exist, has no numbers, or nowhere two of them with everything else equal.
    """
    check_key(runs, key)
    zips = {folder: zipped_with(folder, key) for folder in dict.fromkeys(run.path.parent.parent for run in runs)}
    found: dict[tuple[str, str], list[tuple[float, RunRecord]]] = {}
    without: dict[tuple[str, str], list[RunRecord]] = {}
    bases: dict[tuple[str, str], str] = {}
    undosed = 0
    for data, members in split_by_data(runs).items():
        for run in members:
            dose = dose_of(run, key)
            base = identity(drop_term(run.config, key)) if has_zero(key) else ""
            if dose is not None:
                at = (data, identity(without_dose(run, key, zips)))
                found.setdefault(at, []).append((dose, run))
                bases[at] = base
            elif has_zero(key) and flatten(run.config).get(key, NOWHERE) is NOWHERE:
                without.setdefault((data, base), []).append(run)
            else:
                undosed += 1
    groups = {
        at: members + [(0.0, run) for run in without.get((at[0], bases[at]), [])] for at, members in found.items()
    }
    several = {at: members for at, members in groups.items() if len({dose for dose, _ in members}) >= FEWEST}
    used = {id(run) for members in several.values() for _, run in members}
    alone = [members for at, members in groups.items() if at not in several]
    alone += [[(0.0, run) for run in members] for members in without.values()]
    alone = [members for members in alone if not any(id(run) in used for _, run in members)]
    if not several:
        raise UsageError(why_none(runs, key, groups))
    lonely = {id(run) for members in alone for _, run in members}
    return Sorted(make_groups(several, key, zips), (len(alone), len(lonely)), undosed)


def check_key(runs: Sequence[RunRecord], key: str) -> None:
    """Refuse what is no dose.

    Raises:
        UsageError: the key does not exist, is the seed, or has no number in any of the runs.
    """
    flats = [flatten(run.config) for run in runs]
    values = [flat[key] for flat in flats if key in flat]
    numbers = dict.fromkeys(
        name for flat in flats for name, value in flat.items() if is_number(value) and name != "seed"
    )
    if not values and all(look_up(run.config, key) is None for run in runs):
        raise UsageError(f"--key {unknown_name(printable(key), numbers, 'keys with numbers')}")
    if key == "seed":
        raise UsageError("--key seed: seeds are what a dose is repeated with, and no dose")
    if not any(dose_of(run, key) is not None for run in runs):
        moves = any(isinstance(value, Mapping) for value in values)
        what = (
            "changes while training"
            if moves
            else f"is no number here, but {as_text(values[0])}"
            if values
            else "has parts, and is no number"
        )
        raise UsageError(f"--key {key}: {printable(what)}; keys with numbers: {', '.join(numbers)}")


def dose_of(run: RunRecord, key: str) -> float | None:
    """The number a run's config has for the key; a train_size of null is all images there are. None where there is none."""
    value = flatten(run.config).get(key, NOWHERE)
    if key == TRAIN_SIZE and value is None:
        images = run.data.get("images")
        value = images.get("train") if isinstance(images, dict) else None
    return float(value) if is_number(value) else None


def has_zero(key: str) -> bool:
    """Whether runs without what the key belongs to have a dose of 0.

    Example:
        >>> has_zero("regularization.l1.weight"), has_zero("regularization.k_sparse.k"), has_zero("loss.delta")
        (True, False, False)
    """
    section = next((one for one in SWITCHED if key.startswith(f"{one}.")), None)
    if section is None:
        return False
    parts = key.removeprefix(f"{section}.").split(".")
    return parts[-1] in STRENGTHS and len(parts) == (1 if section.startswith("data.") else 2)


def drop_term(config: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The config without what the key belongs to: without l1, for `regularization.l1.weight`."""
    rest = drop(config, key.split(".")[:-1])
    loss = rest.get("loss")
    return {**rest, "loss": loss[0]} if isinstance(loss, list) and len(loss) == 1 else rest


def drop(part: Any, keys: Sequence[str]) -> Any:
    """A part of a config without what is at some keys; an item of a list is found by its name, as `flatten` does.

    Example:
        >>> drop({"regularization": [{"name": "l1", "weight": 1e-7}], "seed": 0}, ["regularization", "l1", "weight"])
        {'regularization': [{'name': 'l1'}], 'seed': 0}
    """
    head, rest = keys[0], keys[1:]
    is_list = isinstance(part, list) and all(isinstance(item, Mapping) and "name" in item for item in part)
    if not is_list and not isinstance(part, Mapping):
        return part
    items = (keyed(part) if is_list else part).items()
    kept = {
        name: drop(value, rest) if rest and name == head else value for name, value in items if rest or name != head
    }
    return list(kept.values()) if is_list else kept


def zipped_with(folder: Path, key: str) -> tuple[str, ...]:
    """What the sweep in a folder moves together with a key, so that each dose means one value of it; by its sweep.yaml."""
    try:
        asked = parse((folder / "sweep.yaml").read_text(encoding="utf-8"), "sweep.yaml").data
    except (OSError, ValueError, AecliError):
        return ()
    lists = asked.get("zip") if isinstance(asked, dict) else None
    doses = lists.get(key) if isinstance(lists, dict) else None
    if not isinstance(doses, list) or len({str(dose) for dose in doses}) < len(doses):
        return ()
    return tuple(other for other in lists if other != key)


def without_dose(run: RunRecord, key: str, zips: Mapping[Path, Sequence[str]]) -> Any:
    """A run's config without the dose and what moves with it."""
    config: Any = run.config
    for one in (key, *zips.get(run.path.parent.parent, ())):
        config = drop(config, one.split("."))
    return config


def make_groups(
    found: Mapping[Any, Sequence[tuple[float, RunRecord]]], key: str, zips: Mapping[Path, Sequence[str]]
) -> tuple[DoseGroup, ...]:
    """Groups with one candidate for each dose."""
    configs = {at: without_dose(members[0][1], key, zips) for at, members in found.items()}
    factors = choose_factors(list(configs.values()))
    rows = spell_settings(list(configs.values()), factors)
    settings = {
        at: {factor: printable(text) for factor, text in row.items()} for at, row in zip(configs, rows, strict=True)
    }
    labels = make_labels(settings, configs) if factors else dict.fromkeys(found, "")
    groups = []
    for at, members in found.items():
        doses = sorted({dose for dose, _ in members})
        candidates = [make_candidate(key, dose, [run for own, run in members if own == dose]) for dose in doses]
        together = dict.fromkeys(other for _, run in members for other in zips.get(run.path.parent.parent, ()))
        groups.append(
            DoseGroup(describe_data(members[0][1]), labels[at], tuple(doses), tuple(candidates), tuple(together))
        )
    return tuple(groups)


def make_candidate(key: str, dose: float, runs: Sequence[RunRecord]) -> Candidate:
    """The runs of one dose, one for each seed; of two with the same seed the later one counts."""
    seeds: dict[int, RunRecord] = {}
    older = []
    for run in sorted(runs, key=lambda one: one.started):
        older += [seeds[run.seed]] if run.seed in seeds else []
        seeds[run.seed] = run
    text = spell_dose(dose)
    return Candidate(text, {key: text}, tuple(seeds[seed] for seed in sorted(seeds)), tuple(older))


def spell_dose(dose: float) -> str:
    """A dose in few characters, and never rounded.

    Example:
        >>> spell_dose(0.0), spell_dose(1e-05), spell_dose(60000.0), spell_dose(0.123456789)
        ('0', '1e-05', '60000', '0.123456789')
    """
    if dose.is_integer() and abs(dose) < 1e9:
        return str(int(dose))
    text = f"{dose:g}"
    return text if float(text) == dose else repr(dose)


def why_none(runs: Sequence[RunRecord], key: str, groups: Mapping[Any, Sequence[tuple[float, RunRecord]]]) -> str:
    """Why there is nothing to respond to a dose: there is only one, or something else differs with it."""
    doses = sorted({dose for members in groups.values() for dose, _ in members})
    if len(doses) < FEWEST:
        zero = ", and no run without it is like them in everything else" if has_zero(key) else ""
        return f"--key {key}: all runs have {spell_dose(doses[0])}{zero}; train another dose, for example with: aecli sweep"
    others = [one for one in choose_factors([drop(run.config, key.split(".")) for run in runs])]
    return f"--key {key}: no two doses with everything else equal; what differs with it: {', '.join(others) or 'the data'}; choose runs with --where"
