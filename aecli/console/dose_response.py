"""A dose-response on the screen: the answer of every goal, what became of the promise, then a table for each goal."""

from typing import TYPE_CHECKING

from aecli.comparison.dose.dose import DoseResponse
from aecli.comparison.dose.dose_notes import note_lines
from aecli.comparison.dose.dose_words import dropped_lines, heading, promise_lines, response_words
from aecli.comparison.dose.responses import GoalResponse
from aecli.comparison.dose.steps import LOST, NO_WORSE, REFERENCE, DoseStep
from aecli.comparison.telling.digits import amount, interval_words, short_p, show_estimate
from aecli.comparison.telling.verdict_words import shown_difference
from aecli.console.comparison import VERDICT_COLOURS
from aecli.console.printing import COLOURS, show
from aecli.console.recommendation import tell_line
from aecli.console.tables import Table, table

if TYPE_CHECKING:
    from rich.text import Text

STYLES = {**VERDICT_COLOURS, NO_WORSE: "cyan", REFERENCE: "dim", LOST: COLOURS["warning"]}


def show_dose_response(found: DoseResponse) -> None:
    """Everything, one group after the other."""
    for one in found.groups:
        tell_line(heading(found, one), len(found.key), "bold")
        if not one.responses:
            tell_line("no goal was measured at two doses; aecli evaluate RUN --suite sparsity measures more")
        for response in one.responses:
            tell_line(response_words(response, found.rope), len(response.metric.name), "bold")
        lines = promise_lines(found, one)
        if lines:
            tell_line("did it do what its name promises?")
        for line in lines:
            tell_line(f"  {line}")
        for note in note_lines(one, found.key):
            tell_line(note, len(note.partition(":")[0]), COLOURS["warning"])
        for response in one.responses:
            show(draw_table(response))
    for line in dropped_lines(found):
        tell_line(line)


def draw_table(response: GoalResponse) -> Table:
    """The doses of one goal; where the screen is too narrow, p leaves first, then the interval."""
    heads = ["dose", response.metric.title, "seeds", "difference", "verdict", "95 % interval", "p"]
    return table("", heads, [step_row(step) for step in response.steps], leaves=(6, 5, 2, 3, 4))


def step_row(step: DoseStep) -> "list[str | Text]":
    """The cells of one dose."""
    from rich.text import Text

    cells = [step.label, show_estimate(step.estimate, step.estimate.n), str(step.estimate.n)]
    word = Text(step.kind, STYLES[step.kind])
    if step.verdict is None or step.verdict.difference is None:
        return [*cells, "", word, "", ""]
    verdict = step.verdict
    shown, unit = shown_difference(verdict)
    interval = "" if shown.low is None else interval_words(shown, unit)
    return [
        *cells,
        amount(shown.mean, unit, signed=True),
        word,
        interval,
        "" if verdict.p_corrected is None else short_p(verdict.p_corrected),
    ]
