"""A dose-response in plain English, and as JSON."""

from collections.abc import Sequence
from typing import Any

from aecli.comparison.dose.dose import FREE, NO_WORSE, DoseResponse, GroupResponse, Response, Step
from aecli.comparison.dose.promises import Answer, zeros_words
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.statistics.intervals import Estimate
from aecli.comparison.telling.digits import amount, interval_words, show_estimate
from aecli.comparison.telling.formats.json_data import estimate_json, verdict_json
from aecli.comparison.telling.verdict_words import shown_difference
from aecli.comparison.verdicts.verdict import BETTER, NOT_MEASURED, UNDECIDED
from aecli.text import counted

SCHEMA = 1
"""Version of the JSON."""


def heading(found: DoseResponse, one: GroupResponse) -> str:
    """What is looked at: `regularization.l1.weight on mnist, 10,000 test images: 5 doses, 40 runs`."""
    group = one.group
    settings = f" ({group.settings})" if group.settings else ""
    return f"{found.key} on {group.data}{settings}: {len(group.doses)} doses, {counted(len(group.runs), 'run')}"


def response_words(response: Response, rope: Rope) -> str:
    """`test.mse: free up to 1e-04, equivalent to 0; cliff between 0.0001 and 0.001`."""
    return f"{response.metric.name}: {free_words(response, rope)}; {cliff_words(response)}"


def free_words(response: Response, rope: Rope) -> str:
    """Up to which dose it is free, and how far that is open."""
    steps, reference = response.steps, response.steps[0].label
    first = steps[1]
    parts = []
    if response.free:
        end = [step.label for step in steps].index(response.free) + 1
        parts.append(
            f"free up to {response.free}{', the largest dose' if end == len(steps) else ''} ({how_free(steps[1:end], reference, rope.on(response.metric.scale))})"
        )
    elif first.kind not in (*FREE, UNDECIDED) or (response.cliff and response.cliff.start == first.label):
        parts.append(f"free at no dose: {first.label} is {step_words(first)}")
    if response.open_to:
        end = [step.label for step in steps].index(response.open_to) + 1
        parts.append(f"no loss shown up to {response.open_to}, but undecided ({needed_words(steps[:end])})")
    return ", ".join(parts)


def how_free(steps: Sequence[Step], reference: str, band: str) -> str:
    """What all of the free doses are, the weakest word for them."""
    kinds = {step.kind for step in steps}
    if NO_WORSE in kinds:
        may_lose = any(step.worst > 0 for step in steps if step.kind == NO_WORSE)
        return f"not worse than {reference}" + (f" by {band}" if may_lose else "")
    if kinds == {BETTER}:
        return f"better than {reference}"
    return f"equivalent to {reference}" + (" or better" if BETTER in kinds else "")


def step_words(step: Step) -> str:
    """`worse, +3.1 %`."""
    shown, unit = shown_difference(step.verdict)
    return f"{step.kind}, {amount(shown.mean, unit, signed=True)}"


def cliff_words(response: Response) -> str:
    """Between which two doses it is lost, and whether that is shown."""
    cliff, largest = response.cliff, response.steps[-1]
    if cliff is None:
        return f"no cliff up to {largest.label}"
    between = f"between {cliff.before} and {cliff.start}"
    if cliff.shown == cliff.start:
        return f"cliff {between}"
    if cliff.shown:
        return f"what looks like a cliff {between}, shown from {cliff.shown} on"
    behind = response.steps[[step.label for step in response.steps].index(cliff.start) :]
    return f"what looks like a cliff {between}, but is not shown ({needed_words(behind)})"


def needed_words(steps: Sequence[Step]) -> str:
    """How many seeds would decide about those of some doses that are undecided."""
    undecided = [step.verdict for step in steps if step.kind == UNDECIDED]
    needed = [verdict.needed for verdict in undecided]
    if None in needed:
        return "no number of seeds up to 10,000 would decide"
    least = "at least" if any(verdict.p_holm is None for verdict in undecided) else "about"
    return f"{least} {max(needed)} seeds would decide"


def answer_words(answer: Answer) -> str:
    """`yes at 0.01: more exact zeros in the matrices: 0.61 ±0.02, and 0 at 0; difference +0.61 (+0.59 to +0.63)`."""
    if answer.kind == NOT_MEASURED:
        more = f" (and so for {answer.lacking - 1} more)" if answer.lacking > 1 else ""
        return f"{answer.promise}: not measured" + (
            f"; measure it with: {answer.command}{more}" if answer.command else ""
        )
    numbers = f"{plain_estimate(answer.at_dose)}, against {plain_estimate(answer.at_reference)} at {answer.reference}"
    difference = answer.difference
    if difference is not None and difference.low is not None:
        numbers += (
            f"; difference {amount(difference.mean, signed=True)}, 95 % interval {interval_words(difference, '')}"
        )
    elif answer.kind == UNDECIDED:
        numbers += "; a single seed has no spread"
    source = ", mean over its last epoch" if answer.source.endswith("metrics.jsonl") else ""
    return f"{answer.promise}, at {answer.dose}: {answer.kind} ({numbers}; {answer.source}{source})"


def plain_estimate(estimate: Estimate) -> str:
    """A mean with half its interval; 0 as 0."""
    return "0" if estimate.mean == 0 and not estimate.half_width else show_estimate(estimate, estimate.n)


def promise_lines(found: DoseResponse, one: GroupResponse) -> list[str]:
    """Every answer, a promise that was not measured once; then that shrinking makes no zeros."""
    lines = list(dict.fromkeys(map(answer_words, one.answers)))
    zeros = zeros_words(one.group, found.key)
    return lines + ([zeros] if zeros else [])


def dropped_lines(found: DoseResponse) -> list[str]:
    """Runs that are of no use here."""
    lines = []
    settings, runs = found.lonely
    if settings:
        lines.append(f"left out: {counted(runs, 'run')} with a single dose ({counted(settings, 'other setting')})")
    if found.undosed:
        lines.append(f"left out: {counted(found.undosed, 'run')} without a number for {found.key}")
    if found.left_out:
        lines.append(
            f"left out: {counted(len(found.left_out), 'folder')} that cannot be compared; aecli compare names them"
        )
    return lines


def as_json(found: DoseResponse) -> dict[str, Any]:
    """A dose-response as plain data, versioned."""
    return {
        "schema": SCHEMA,
        "key": found.key,
        "rope": str(found.rope),
        "groups": [group_json(found, one) for one in found.groups],
        "single_doses": {"settings": found.lonely[0], "runs": found.lonely[1]},
        "without_number": found.undosed,
        "left_out": [{"path": str(one.path), "kind": one.kind, "reason": one.reason} for one in found.left_out],
    }


def group_json(found: DoseResponse, one: GroupResponse) -> dict[str, Any]:
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
        "notes": list(one.notes),
    }


def response_json(response: Response, rope: Rope) -> dict[str, Any]:
    """How one goal moves."""
    doses = {step.label: step.dose for step in response.steps}
    cliff = response.cliff
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
        "free": doses.get(response.free),
        "no_loss_shown": doses.get(response.open_to),
        "cliff": cliff
        and {"after": doses[cliff.before], "from": doses[cliff.start], "shown_from": doses.get(cliff.shown)},
        "words": response_words(response, rope),
    }


def answer_json(answer: Answer) -> dict[str, Any]:
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
