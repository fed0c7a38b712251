"""Frontiers that were read where a number is equal, as plain data for JSON."""

from typing import Any

from aecli.comparison.evidence.strengths import spell_dose
from aecli.comparison.telling.formats.json_data import SCHEMA, estimate_json, finding_json, verdict_json
from aecli.comparison.telling.point_words import frontier_words, outside_words
from aecli.comparison.verdicts.at_point import Frontier, PointComparison, PointGroup
from aecli.comparison.verdicts.ranking import estimate_of


def point_json(found: PointComparison) -> dict[str, Any]:
    """The same as plain data for JSON."""
    return {
        "schema": SCHEMA,
        "at": {"metric": found.at.name, "value": found.value},
        "rope": str(found.rope),
        "judged_by": [one.name for one in found.metrics],
        "groups": [group_json(found, group) for group in found.groups],
        "left_out": [{"path": str(one.path), "kind": one.kind, "reason": one.reason} for one in found.left_out],
    }


def group_json(found: PointComparison, group: PointGroup) -> dict[str, Any]:
    """One data set."""
    judged = group.group
    return {
        "data": group.data,
        "frontiers": [frontier_json(one, found, group) for one in group.frontiers],
        "outside": [
            {"label": one.family.label, "range": one.range and list(one.range), "words": outside_words(one, found)}
            for one in group.outside
        ],
        "diverged": {
            one.family.label: {spell_dose(dose): list(seeds) for dose, seeds in one.diverged.items()}
            for one in (*group.frontiers, *group.outside)
            if one.diverged
        },
        "gone": {one.label: list(one.seeds) for one in group.gone},
        "baseline": judged.baseline.label if judged else None,
        "baseline_was_chosen": judged.was_chosen if judged else None,
        "verdicts": [verdict_json(one) for one in judged.verdicts] if judged else [],
        "findings": [finding_json(one) for one in judged.findings] if judged else [],
    }


def frontier_json(one: Frontier, found: PointComparison, group: PointGroup) -> dict[str, Any]:
    """One frontier: its points, and what was read."""
    family = one.family
    return {
        "label": family.label,
        "strength": family.key,
        "settings": dict(family.settings),
        "points": [
            {
                "dose": dose,
                "runs": [str(run.path) for run in candidate.runs],
                **{metric.name: estimate_json(estimate_of(candidate, metric)) for metric in (found.at, *found.metrics)},
            }
            for dose, candidate in zip(family.doses, family.candidates, strict=True)
        ],
        "range": one.range and list(one.range),
        "read": {
            metric: {
                str(seed): {"value": reading.value, "below": reading.below, "above": reading.above}
                for seed, reading in by_seed.items()
            }
            for metric, by_seed in one.readings.items()
        },
        "short": list(one.short),
        "words": frontier_words(one, found, group),
    }
