"""Candidates that were tuned on the screen: verdicts untuned and tuned side by side, and the best after some trials."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aecli.comparison.telling.digits import amount
from aecli.comparison.telling.tuning_words import (
    NOT_TUNED,
    base_words,
    budget_lines,
    curve_words,
    diverged_lines,
    heading,
    leader_words,
    shown_trials,
    value_words,
)
from aecli.comparison.telling.verdict_words import shown_difference, verdict_words
from aecli.comparison.verdicts.tuned_group import TunedGroup
from aecli.comparison.verdicts.verdict import Verdict
from aecli.console.printing import say, show
from aecli.console.tables import table

if TYPE_CHECKING:
    from rich.text import Text


def show_tuning(tuned: TunedGroup, verdicts: Sequence[Verdict], *, explain: bool) -> None:
    """What was tuned, how that changed the verdicts by each metric, and the curve over the trials.

    Args:
        tuned: the candidates.
        verdicts: with the tuned values.
        explain: tell every untuned verdict with what it rests on.
    """
    say(f"{heading(tuned)}:")
    for metric in dict.fromkeys(verdict.metric.name for verdict in tuned.verdicts) or [""]:
        of_metric = [one for one in verdicts if one.metric.name == metric]
        show(table("", *verdict_columns(tuned, metric, of_metric), text_columns=2, leaves=(3, 5)))
    trials = shown_trials(len(tuned.points))
    heads = [f"best {tuned.objective}", *(f"{number} trial{'s' * (number > 1)}" for number in trials)]
    curves: list[list[str | Text]] = [
        [row.label, *(curve_words(row, number) for number in trials)] for row in tuned.rows
    ]
    show(table("", heads, curves))
    for line in (leader_words(tuned), *diverged_lines(tuned), *budget_lines(tuned)):
        say(line)
    for verdict in tuned.verdicts if explain else ():
        say(f"  untuned, {verdict_words(verdict)}")


def verdict_columns(
    tuned: TunedGroup, metric: str, verdicts: Sequence[Verdict]
) -> "tuple[list[str], list[list[str | Text]]]":
    """The heads and rows of the verdicts by one metric, untuned and tuned."""
    before = {one.candidate: one for one in tuned.verdicts if one.metric.name == metric}
    after = {one.candidate: one for one in verdicts}
    heads = [f"by {metric}" if metric else "config", "tuned to", f"untuned{base_words(tuned)}", "difference"]
    rows: list[list[str | Text]] = [
        [
            row.label,
            value_words(row.tuned) or NOT_TUNED,
            *(cells(before.get(row.label)) if row.label in before or not row.diverged else ["diverged", "-"]),
            *cells(after.get(row.label)),
        ]
        for row in tuned.rows
    ]
    return [*heads, "tuned", "difference"], rows


def cells(verdict: Verdict | None) -> list[str]:
    """A verdict and its difference; of the baseline a dash each."""
    if verdict is None or verdict.difference is None:
        return [verdict.kind if verdict else "-", "-"]
    shown, unit = shown_difference(verdict)
    return [verdict.kind, amount(shown.mean, unit, signed=True)]
