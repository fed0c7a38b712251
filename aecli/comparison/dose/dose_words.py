"""A dose-response in plain English: what each goal allows to say, and what became of each promise."""

from collections.abc import Sequence

from aecli.comparison.dose.cliff_words import answer_words, cliff_words, saturation_words
from aecli.comparison.dose.dose import DoseResponse, GroupResponse
from aecli.comparison.dose.doses import DoseGroup
from aecli.comparison.dose.promise_answers import most_zeros, regularizer_of
from aecli.comparison.dose.promises import who_makes_zeros
from aecli.comparison.dose.responses import GoalResponse
from aecli.comparison.dose.steps import LOST, NO_WORSE, DoseStep, may_lose
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.telling.digits import amount
from aecli.comparison.telling.needed_words import number_words
from aecli.comparison.telling.verdict_words import shown_difference
from aecli.comparison.verdicts.verdict import BETTER, UNDECIDED
from aecli.text import counted, several


def heading(found: DoseResponse, one: GroupResponse) -> str:
    """What is looked at: `regularization.l1.weight on mnist, 10,000 test images: 5 doses, 40 runs`."""
    group = one.group
    settings = f" ({group.settings})" if group.settings else ""
    return f"{found.key} on {group.data}{settings}: {len(group.doses)} doses, {counted(len(group.runs), 'run')}"


def response_words(response: GoalResponse, rope: Rope) -> str:
    """`test.mse: free up to 1e-04, equivalent to 0; cliff between 0.0001 and 0.001; saturated above 1`."""
    parts = [free_words(response, rope), cliff_words(response)]
    if response.saturation:
        parts.append(saturation_words(response))
    if response.is_flat:
        lowest, highest = response.steps[0].label, response.steps[-1].label
        whether = "only smaller doses, and 0, can tell whether that is no effect or all of it"
        parts.append(f"flat from {lowest} to {highest}: {whether}")
    return f"{response.metric.name}: {'; '.join(parts)}"


def free_words(response: GoalResponse, rope: Rope) -> str:
    """Up to which dose it is free, and how far that is open."""
    steps = response.steps
    first = steps[1]
    parts = []
    if response.free:
        end = response.at(response.free) + 1
        largest = ", the largest dose" if end == len(steps) else ""
        how = how_free(steps[1:end], steps[0].label, rope.on(response.metric.scale))
        parts.append(f"free up to {response.free}{largest} ({how})")
    elif not response.open_to:
        parts.append(f"free at no dose: {first.label} is {step_words(first)}")
    if response.open_to:
        needed = needed_words(steps[: response.at(response.open_to) + 1])
        parts.append(f"no loss shown up to {response.open_to}, but undecided ({needed})")
    parts += [f"{one.label} is not free: {step_words(one)}" for one in steps[2:] if one.kind == LOST]
    if response.gone:
        parts.append(f"not free from {response.gone[0]} on: every run diverged at {several(response.gone)}")
    return ", ".join(parts)


def how_free(steps: Sequence[DoseStep], reference: str, band: str) -> str:
    """What all of the free doses are, the weakest word for them."""
    kinds = {step.kind for step in steps}
    if NO_WORSE in kinds:
        loses = any(may_lose(step) for step in steps if step.kind == NO_WORSE)
        return f"not worse than {reference}" + (f" by {band}" if loses else "")
    if kinds == {BETTER}:
        return f"better than {reference}"
    return f"equivalent to {reference}" + (" or better" if BETTER in kinds else "")


def step_words(step: DoseStep) -> str:
    """`worse, +3.1 %`."""
    if step.kind == LOST:
        return f"without seed{'s' * (len(step.broken) > 1)} {several(step.broken)}, which diverged or have no number"
    if step.verdict is None or step.verdict.difference is None:
        return step.kind
    shown, unit = shown_difference(step.verdict)
    return f"{step.kind}, {amount(shown.mean, unit, signed=True)}"


def needed_words(steps: Sequence[DoseStep]) -> str:
    """How many seeds would decide about those of some doses that are undecided."""
    undecided = [step.verdict for step in steps if step.kind == UNDECIDED and step.verdict]
    return f"{number_words(undecided)} would decide"


def zeros_words(group: DoseGroup, key: str) -> str:
    """That what shrinks weights makes no exact zeros; empty for what promises them, and where nobody counted."""
    most = most_zeros(group, key)
    if most is None:
        return ""
    found = "none at any dose" if most == 0 else f"at most {most * 100:.2g} % of the weights"
    shrinks = f"{regularizer_of(key)} shrinks weights and sets none to zero"
    return f"exact zeros: {found}; {shrinks}: that is what {who_makes_zeros()} is for"


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
