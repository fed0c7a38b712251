"""A dose-response as JSON."""

from aecli.comparison.dose.dose import DoseResponse, GroupResponse
from aecli.comparison.dose.dose_notes import note_lines
from aecli.comparison.dose.dose_words import response_words, zeros_words
from aecli.comparison.dose.promise_answers import PromiseAnswer
from aecli.comparison.dose.responses import GoalResponse
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.statistics.losses import Loss
from aecli.comparison.telling.formats.json_data import estimate_json, verdict_json

SCHEMA = 1
"""Version of the JSON."""


def dose_json(found: DoseResponse) -> dict[str, object]:
    """A dose-response as plain data, versioned."""
    return {
        "schema": SCHEMA,
        "key": found.key,
        "rope": str(found.rope),
        "groups": [dose_group_json(found, one) for one in found.groups],
        "single_doses": {"settings": found.lonely[0], "runs": found.lonely[1]},
        "without_number": found.undosed,
        "left_out": [{"path": str(one.path), "kind": one.kind, "reason": one.reason} for one in found.left_out],
    }


def dose_group_json(found: DoseResponse, one: GroupResponse) -> dict[str, object]:
    """One group."""
    group = one.group
    return {
        "data": group.data,
        "settings": group.settings,
        "doses": [
            {"dose": dose, "seeds": list(candidate.seeds), "runs": [str(run.path) for run in candidate.runs]}
            for dose, candidate in zip(group.doses, group.candidates, strict=True)
        ],
        "goals": [response_json(response, found.rope) for response in one.responses],
        "doses_without_a_run": [
            {"dose": dose, "diverged_seeds": list(gone.seeds)}
            for dose, gone in zip(group.gone_doses, group.gone, strict=True)
        ],
        "promises": [answer_json(answer) for answer in one.answers],
        "exact_zeros": zeros_words(group, found.key) or None,
        "notes": note_lines(one, found.key),
    }


def response_json(response: GoalResponse, rope: Rope) -> dict[str, object]:
    """How one goal moves."""
    saturated = response.saturation
    return {
        "metric": response.metric.name,
        "better": response.metric.better,
        "reference": response.steps[0].dose,
        "doses": [
            {
                "dose": step.dose,
                "estimate": estimate_json(step.estimate),
                "kind": step.kind,
                "verdict": step.verdict and verdict_json(step.verdict),
                "loss": step.loss and loss_json(step.loss, response),
                "lost_seeds": list(step.broken),
            }
            for step in response.steps
        ],
        "free": dose_at(response, response.free),
        "no_loss_shown": dose_at(response, response.open_to),
        **cliff_json(response),
        "saturated_above": dose_at(response, saturated.label if saturated else None),
        "saturation_shown": saturated.is_shown if saturated else None,
        "goals_corrected_for": response.curves,
        "words": response_words(response, rope),
    }


def cliff_json(response: GoalResponse) -> dict[str, object]:
    """A cliff that is shown, one that may be, and whether it is open; with what each dose is held against."""
    cliffs = response.cliffs
    return {
        "cliff": cliffs.found
        and {"after": dose_at(response, cliffs.found.before), "from": dose_at(response, cliffs.found.start)},
        "cliff_may_start_at": dose_at(response, cliffs.may_start),
        "cliff_excluded": not cliffs.found and not cliffs.is_open,
        "cliff_above": cliffs.limit,
        "cliff_unit": "share of the reference" if cliffs.is_share else "difference",
    }


def loss_json(loss: Loss, response: GoalResponse) -> dict[str, object]:
    """What a dose loses, above 0 where it is worse; p is one-sided, for a loss above the limit of a cliff."""
    p = loss.p_above(response.cliffs.limit)
    return {
        **(estimate_json(loss.estimate) or {}),
        "confidence": 1 - loss.alpha,
        "p_above_limit": p,
        "p_above_limit_corrected": None if p is None else min(1.0, p * response.curves),
        "family": {"goals": response.curves, "doses": len(response.steps) - 1, "doses_by": "fixed sequence"},
    }


def dose_at(response: GoalResponse, label: str | None) -> float | None:
    """The dose of a label; None where there is none."""
    return None if label is None else response.steps[response.at(label)].dose


def answer_json(answer: PromiseAnswer) -> dict[str, object]:
    """What became of one promise at one dose."""
    return {
        "promise": answer.promise,
        "answer": answer.kind,
        "dose": float(answer.dose),
        "reference": float(answer.reference),
        "at_dose": estimate_json(answer.at_dose),
        "at_reference": estimate_json(answer.at_reference),
        "difference": estimate_json(answer.difference),
        "p_corrected": answer.p_corrected,
        "answers_corrected_for": answer.answers,
        "lost_seeds": list(answer.broken),
        "source": answer.source or None,
        "command": answer.command or None,
    }
