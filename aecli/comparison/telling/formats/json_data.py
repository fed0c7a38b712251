"""A comparison as plain data for JSON, versioned."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.statistics.intervals import Estimate
from aecli.comparison.telling.basis_words import basis_words
from aecli.comparison.telling.finding_words import tell
from aecli.comparison.telling.table import Row, Table
from aecli.comparison.telling.untrained_words import row_words
from aecli.comparison.telling.verdict_words import reason_words, verdict_words
from aecli.comparison.verdicts.group import Comparison, Group
from aecli.comparison.verdicts.lint import Finding
from aecli.comparison.verdicts.matrix import Matrix, make_matrix
from aecli.comparison.verdicts.ranking import estimate_of
from aecli.comparison.verdicts.tuned_group import TunedGroup
from aecli.comparison.verdicts.untrained import own_baselines
from aecli.comparison.verdicts.verdict import Verdict

SCHEMA = 1
"""Version of the JSON."""


def as_json(comparison: Comparison, tables: Sequence[Table], *, matrix: bool = False) -> dict[str, Any]:
    """The comparison as plain data, versioned; `aecli docs comparing` documents it."""
    groups = []
    for group, table in zip(comparison.groups, tables, strict=True):
        groups.append(group_json(group, table) | ({"matrix": matrix_json(make_matrix(group))} if matrix else {}))
    return {
        "schema": SCHEMA,
        "rope": str(comparison.rope),
        "groups": groups,
        "left_out": [{"path": str(one.path), "kind": one.kind, "reason": one.reason} for one in comparison.left_out],
    }


def group_json(group: Group, table: Table) -> dict[str, Any]:
    """One data set."""
    shown = table.measures
    return {
        "data": {"name": group.data, "sha256": group.data_sha256},
        "factors": list(group.factors),
        "metrics": {one.name: one.better for one in dict.fromkeys([*group.metrics, *shown])},
        "judged_by": [one.name for one in group.metrics],
        "baseline": group.baseline.label,
        "baseline_was_chosen": group.was_chosen,
        "rows": [row_json(row, table) for row in table.rows],
        "candidates": [candidate_json(candidate, [*group.metrics, *shown]) for candidate in group.candidates],
        "baselines": {
            row_words(row) if row.candidates else row.label: {
                name: estimate.mean for name, estimate in row.numbers.items()
            }
            for row in group.untrained(shown)
        },
        "verdicts": [verdict_json(verdict) for verdict in group.verdicts],
        "best": {place: list(labels) for place, labels in asdict(group.best).items()},
        "rests_on": basis_words(group),
        **({"tuned": tuned_json(group.tuned)} if group.tuned else {}),
        "findings": [finding_json(one) for one in group.findings],
    }


def tuned_json(tuned: TunedGroup) -> dict[str, Any]:
    """What was tuned, the verdicts without it, and the best number of the objective after 1, 2, ... trials."""
    rows = {
        row.label: {"tuned": row.tuned, "untuned": row.untuned, "at_edge": row.at_edge, "curve": row.curve}
        | ({"untuned_diverged": row.diverged} if row.diverged else {})
        for row in tuned.rows
    }
    return {
        "objective": tuned.objective,
        "points": tuned.points,
        "seeds": tuned.seeds,
        "candidates": rows,
        "untuned_verdicts": [verdict_json(verdict) for verdict in tuned.verdicts],
        "leaders": tuned.leaders,
        "budgets": [
            {
                "trials": one.trials,
                "verdicts": [verdict_json(verdict) for verdict in one.fresh],
                "verdicts_of_tuning_seeds": [verdict_json(verdict) for verdict in one.tuning],
            }
            for one in tuned.budgets
        ],
    }


def finding_json(finding: Finding) -> dict[str, str]:
    """One finding, told."""
    what, forbids = tell(finding)
    return {"code": finding.code, "what": what, "forbids": forbids}


def matrix_json(matrix: Matrix) -> dict[str, Any]:
    """Label -> metric -> mean, regret, and whether the loss judges itself."""
    return {
        label: {
            metric.name: {"mean": cell.estimate and cell.estimate.mean, "regret": cell.regret, "is_own": cell.is_own}
            for metric, cell in zip(matrix.metrics, cells, strict=True)
        }
        for label, cells in matrix.rows
    }


def row_json(row: Row, table: Table) -> dict[str, Any]:
    """A row as it is shown, in the order in which it is."""
    cells = {}
    for key, cell in zip(table.keys, row.cells, strict=True):
        cells[key] = estimate_json(cell.estimate) if cell.estimate else cell.text
    return {"kind": row.kind, "label": row.label, "cells": cells}


def candidate_json(candidate: Candidate, measures: Sequence[Measure]) -> dict[str, Any]:
    """A candidate with its runs and every value by seed."""
    numbers = {}
    for one in measures:
        if (told := estimate_json(estimate_of(candidate, one))) is not None:
            by_seed = {str(seed): value for seed, value in candidate.values(one).items()}
            numbers[one.name] = told | {"by_seed": by_seed}
    return {
        "label": candidate.label,
        "settings": dict(candidate.settings),
        "seeds": list(candidate.seeds),
        "runs": [str(run.path) for run in candidate.runs],
        "duplicates": [str(run.path) for run in candidate.duplicates],
        "metrics": numbers,
        "baselines": {one.name: own_baselines(candidate, one) for one in dict.fromkeys(measures)},
    }


def estimate_json(estimate: Estimate | None) -> dict[str, Any] | None:
    """Mean and 95 % interval."""
    return (
        None
        if estimate is None
        else {"mean": estimate.mean, "low": estimate.low, "high": estimate.high, "n": estimate.n}
    )


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """One verdict with everything it rests on."""
    difference, images = verdict.difference, verdict.images
    return {
        "metric": verdict.metric.name,
        "candidate": verdict.candidate,
        "baseline": verdict.baseline,
        "verdict": verdict.kind,
        "difference": estimate_json(difference.estimate) if difference else None,
        "relative": estimate_json(verdict.relative),
        "scale": verdict.metric.scale,
        "paired": difference.paired if difference else None,
        "p": difference.p if difference else None,
        "p_corrected": verdict.p_corrected,
        "level": verdict.level,
        "test": difference.test if difference else None,
        "judged_by": verdict.judge.name if verdict.judge else verdict.metric.name,
        "holds_for": verdict.holds_for,
        "comparisons": verdict.comparisons,
        "seeds_won": verdict.seeds_won,
        "band": verdict.band,
        "seeds": list(verdict.seeds),
        "needed_seeds": verdict.needed,
        "needed_seeds_low": verdict.needed_range[0],
        "needed_seeds_high": verdict.needed_range[1],
        "reason": reason_words(verdict),
        "images": images
        and {
            "these_nets": images.kind,
            "quantity": images.quantity,
            "difference": estimate_json(images.difference),
            "wins": images.wins,
        },
        "words": verdict_words(verdict),
    }
