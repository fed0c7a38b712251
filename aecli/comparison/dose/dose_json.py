"""A dose-response as JSON."""

from aecli.comparison.dose.dose import DoseResponse, GroupResponse
from aecli.comparison.dose.dose_notes import note_lines
from aecli.comparison.dose.dose_words import response_words, zeros_words
from aecli.comparison.dose.promise_answers import PromiseAnswer
from aecli.comparison.dose.responses import GoalResponse
from aecli.comparison.evidence.rope import Rope
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
        "promises": [answer_json(answer) for answer in one.answers],
        "exact_zeros": zeros_words(group, found.key) or None,
        "notes": note_lines(one, found.key),
    }


def response_json(response: GoalResponse, rope: Rope) -> dict[str, object]:
    """How one goal moves."""
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
            }
            for step in response.steps
        ],
        "free": dose_at(response, response.free),
        "no_loss_shown": dose_at(response, response.open_to),
        "cliff": response.cliff
        and {
            "after": dose_at(response, response.cliff.before),
            "from": dose_at(response, response.cliff.start),
            "shown_from": dose_at(response, response.cliff.shown),
        },
        "saturated_above": dose_at(response, response.saturated),
        "words": response_words(response, rope),
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
        "source": answer.source or None,
        "command": answer.command or None,
    }
