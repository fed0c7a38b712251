"""Cliffs, saturation, and promises in plain English, each with how uncertain it is."""

import math

from aecli.comparison.dose.cliffs import Cliffs
from aecli.comparison.dose.promise_answers import PromiseAnswer
from aecli.comparison.dose.responses import GoalResponse
from aecli.comparison.dose.steps import DoseStep
from aecli.comparison.statistics.intervals import Estimate
from aecli.comparison.statistics.losses import Loss
from aecli.comparison.statistics.pairing import FEWEST
from aecli.comparison.statistics.sample_size import Seen, range_of_needed
from aecli.comparison.telling.digits import amount, interval_words, p_words, show_estimate
from aecli.comparison.telling.needed_words import span_words
from aecli.comparison.verdicts.verdict import UNDECIDED
from aecli.components.evaluation.scales import DECIBEL
from aecli.text import counted, several


def cliff_words(response: GoalResponse) -> str:
    """`cliff between 1e-06 and 1e-05: 50 % worse (95 % interval 49 % to 51 %, above 10 %)`."""
    cliffs, unit = response.cliffs, unit_of(response)
    limit = amount(cliffs.limit, unit)
    if cliffs.found:
        start = response.steps[response.at(cliffs.found.start)]
        return f"cliff between {cliffs.found.before} and {start.label}: {loss_words(start, unit)}, above {limit})"
    largest = response.steps[-1].label
    if not cliffs.is_open:
        most = max(step.loss.ends[1] for step in response.steps[1:] if step.loss)
        return f"no cliff up to {largest} ({at_most(most, unit)})"
    step = suspect(response)
    if step.loss is None:
        return f"whether there is a cliff is undecided: {step.label} has no difference from {response.steps[0].label}"
    known = f"{loss_words(step, unit)}; a cliff is above {limit})"
    if step.loss.estimate.low is None:
        return f"whether there is a cliff is undecided ({step.label} is {known}"
    note = lost_note(response, step)
    if cliffs.may_start or step.loss.estimate.mean > cliffs.limit:
        return f"may be a cliff: {step.label} is {known}, {note or needed_for(step.loss, cliffs.limit)}"
    return f"a cliff is not excluded: {step.label} is {known}{', ' * bool(note)}{note}"


def needed_for(loss: Loss, limit: float) -> str:
    """How many seeds would tell on which side of the limit a loss is, if the truth is what was seen."""
    n = loss.estimate.n
    seen = Seen(difference=loss.estimate.mean - limit, sd=loss.error * math.sqrt(n), band=0.0, level=loss.alpha)
    needed = range_of_needed(seen, n, loss.degrees)
    return f"{span_words(needed.low, needed.high)} would decide"


def suspect(response: GoalResponse) -> DoseStep:
    """The dose that keeps it open: where a cliff may start, else the one that may lose most."""
    if response.cliffs.may_start:
        return response.steps[response.at(response.cliffs.may_start)]
    unsettled = [one for one in response.steps[1:] if is_unsettled(one, response.cliffs)]
    return max(unsettled, key=lambda one: one.loss.estimate.mean if one.loss else 0.0)


def is_unsettled(step: DoseStep, cliffs: Cliffs) -> bool:
    """Whether it is not excluded that a dose is behind a cliff."""
    return step.loss is None or bool(step.broken) or step.loss.ends[1] >= cliffs.limit


def lost_note(response: GoalResponse, step: DoseStep) -> str:
    """That a dose or the reference lost seeds, which no interval knows of; empty where they did not."""
    lost = [one for one in (step, response.steps[0]) if one.broken]
    who = [f"{one.label} lost seed{'s' * (len(one.broken) > 1)} {several(one.broken)}" for one in lost]
    return f"by the seeds that are left: {', and '.join(who)}" if who else ""


def unit_of(response: GoalResponse) -> str:
    """The unit of losses: per cent, dB, or none."""
    scale = response.metric.scale
    return "%" if response.cliffs.is_share else scale if scale == DECIBEL else ""


def loss_words(step: DoseStep, unit: str) -> str:
    """`50 % worse (95 % interval 49 % to 51 %`, open at the end."""
    if step.loss is None:
        return "not compared ("
    own, confidence = step.loss.estimate, f"{(1 - step.loss.alpha) * 100:.3g} %"
    worse = f"{amount(abs(own.mean), unit)} {'worse' if own.mean >= 0 else 'better'}"
    if own.low is None or own.high is None:
        return f"{worse} by {counted(own.n, 'seed')}, and a claim needs {FEWEST}"
    low, high = (amount(end, unit, signed=own.low < 0) for end in (own.low, own.high))
    return f"{worse} ({confidence} interval {low} to {high}"


def at_most(most: float, unit: str) -> str:
    """`no dose is more than 3 % worse`."""
    return f"no dose is more than {amount(most, unit)} worse" if most > 0 else "no dose is worse"


def saturation_words(response: GoalResponse) -> str:
    """Above which dose nothing more changes, and whether that is shown; empty where there is none."""
    found = response.saturation
    if found is None:
        return ""
    if found.is_shown:
        return f"saturated above {found.label}: larger doses change nothing more"
    return (
        f"may be saturated above {found.label}: the means of larger doses are as good as equal, their intervals wider"
    )


def answer_words(answer: PromiseAnswer) -> str:
    """`more exact zeros in the matrices, at 0.01: yes (0.61 ±0.02, against 0 at 0; difference +0.61, ...)`."""
    if answer.at_dose is None or answer.at_reference is None:
        more = f" (and so for {answer.lacking - 1} more)" if answer.lacking > 1 else ""
        measure = f"; measure it with: {answer.command}{more}" if answer.command else ""
        return f"{answer.promise}: not measured{measure}"
    numbers = f"{plain_estimate(answer.at_dose)}, against {plain_estimate(answer.at_reference)} at {answer.reference}"
    source = ", mean over its last epoch" if answer.source.endswith("metrics.jsonl") else ""
    return (
        f"{answer.promise}, at {answer.dose}: {answer.kind} ({numbers}; {difference_words(answer)}"
        f"{answer.source}{source})"
    )


def difference_words(answer: PromiseAnswer) -> str:
    """The difference with its interval and p, or why there is none; what it ends with leads on."""
    difference, parts = answer.difference, []
    if difference is not None and answer.p_corrected is not None:
        for_all = f" for all {answer.answers} answers" if answer.answers > 1 else ""
        parts.append(
            f"difference {amount(difference.mean, signed=True)}, 95 % interval{for_all} "
            f"{interval_words(difference, '')}, {p_words(answer.p_corrected, answer.answers)}"
        )
    elif answer.kind == UNDECIDED:
        parts.append(f"{counted(min_seeds(answer), 'seed')}, and a claim needs {FEWEST}")
    if answer.broken:
        plural = "s" * (len(answer.broken) > 1)
        parts.append(f"seed{plural} {several(answer.broken)} diverged or have no number, so nothing is claimed")
    return "".join(f"{part}; " for part in parts)


def min_seeds(answer: PromiseAnswer) -> int:
    """The seeds that the difference is of."""
    known = (answer.difference, answer.at_dose, answer.at_reference)
    return min(one.n for one in known if one is not None)


def plain_estimate(estimate: Estimate) -> str:
    """A mean with half its interval; 0 as 0."""
    return "0" if estimate.mean == 0 and not estimate.half_width else show_estimate(estimate, estimate.n)
