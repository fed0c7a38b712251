"""Predictors that need no training beside the candidates: each one's own, and one row for each training set."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aecli.comparison.evidence.baseline_numbers import baseline_rows
from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.statistics.intervals import Estimate, mean_interval
from aecli.comparison.verdicts.ranking import estimate_of
from aecli.runs.standing import Standing, find_standing

SAME = 1e-6
"""Numbers of the same training set on different machines differ by less, as a share."""
DATA = "data."
"""What the factors begin with that may change the training set."""

BySeed = dict[tuple[str, str], dict[int, float]]
"""(baseline, name of a measure) -> seed -> its number."""


@dataclass(frozen=True)
class UntrainedRow:
    """One predictor, fitted to the training set that some candidates share."""

    label: str
    numbers: Mapping[str, Estimate]
    """Name of a measure -> mean over the training sets, of which there are several where the seed chooses the images
    that are held out."""
    settings: Mapping[str, str]
    """What tells these candidates' data from that of others; empty where nothing in the configs does."""
    candidates: tuple[str, ...]
    """Labels; empty where the predictor is the same for all."""


def numbers_by_seed(candidate: Candidate, measures: Sequence[Measure]) -> BySeed:
    """The predictors that the candidate's own runs measured."""
    found: BySeed = {}
    for run in candidate.runs:
        for label, numbers in baseline_rows(run, measures).items():
            for name, value in numbers.items():
                found.setdefault((label, name), {})[run.seed] = value
    return found


def untrained_rows(candidates: Sequence[Candidate], measures: Sequence[Measure]) -> list[UntrainedRow]:
    """The predictors, apart where the candidates were trained on different images: no row mixes two of these."""
    sets: list[tuple[list[Candidate], BySeed]] = []
    for candidate in candidates:
        numbers = numbers_by_seed(candidate, measures)
        for members, known in sets:
            if is_same_set(candidate, numbers, members[0], known):
                members.append(candidate)
                for key, by_seed in numbers.items():
                    known.setdefault(key, {}).update(by_seed)
                break
        else:
            sets.append(([candidate], numbers))
    everyone = [label for _, known in sets for label in dict.fromkeys(label for label, _ in known)]
    about_data = [data_settings(members[0]) for members, _ in sets]
    is_told = len({tuple(settings.items()) for settings in about_data}) == len(sets)
    rows = []
    for label in dict.fromkeys(everyone):
        for (members, known), settings in zip(sets, about_data, strict=True):
            values = {name: by_seed for (one, name), by_seed in known.items() if one == label}
            if values:
                is_for_all = everyone.count(label) == 1
                rows.append(
                    UntrainedRow(
                        label,
                        {
                            name: mean_interval(list(dict.fromkeys(by_seed.values())))
                            for name, by_seed in values.items()
                        },
                        settings if is_told and not is_for_all else {},
                        () if is_for_all else tuple(member.label for member in members),
                    )
                )
    return rows


def data_settings(candidate: Candidate) -> dict[str, str]:
    """What sets a candidate apart in its data."""
    return {key: text for key, text in candidate.settings.items() if key.startswith(DATA)}


def is_same_set(one: Candidate, numbers: BySeed, other: Candidate, known: BySeed) -> bool:
    """Whether two were trained on the same images, as far as the same seed shows; else whether their configs say so."""
    pairs = [
        (by_seed[seed], known[key][seed])
        for key, by_seed in numbers.items()
        for seed in by_seed
        if seed in known.get(key, {})
    ]
    if pairs:
        return all(math.isclose(a, b, rel_tol=SAME) for a, b in pairs)
    return one.config.get("data") == other.config.get("data")


def own_baselines(candidate: Candidate, measure: Measure) -> dict[str, float]:
    """Baseline -> its number, the mean over the candidate's own runs."""
    numbers = numbers_by_seed(candidate, [measure])
    return {label: mean_interval(list(by_seed.values())).mean for (label, _), by_seed in numbers.items()}


def standing_of(candidate: Candidate, measure: Measure) -> Standing | None:
    """The candidate's mean beside its own baselines; None where nobody can say who is better, or nothing is known."""
    estimate, baselines = estimate_of(candidate, measure), own_baselines(candidate, measure)
    if estimate is None or measure.better is None or not baselines:
        return None
    return find_standing(estimate.mean, baselines, better=measure.better)
