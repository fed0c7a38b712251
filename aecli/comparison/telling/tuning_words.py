"""Candidates that were tuned, in plain English: to what, what that changed, and what more trials gave."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from aecli.comparison.evidence.labels import quoted, short_keys
from aecli.comparison.evidence.settings import as_text
from aecli.comparison.telling.digits import amount
from aecli.comparison.telling.lists import listing_labels
from aecli.comparison.telling.verdict_words import shown_difference, verdict_words
from aecli.comparison.verdicts.tuned_group import Budget, TunedGroup, TunedRow
from aecli.comparison.verdicts.verdict import Verdict
from aecli.text import counted, several

NOT_TUNED = "no point came to an end"
STAR = "*"
MORE = "curve: true in tune trains fresh seeds for what fewer trials choose, and they judge there too"


def tuning_lines(tuned: TunedGroup | None) -> list[str]:
    """Everything about a tuning, a line each; nothing where nothing was tuned."""
    if tuned is None:
        return []
    rows = (f"{quoted(row.label)} was tuned to {value_words(row.tuned) or NOT_TUNED}" for row in tuned.rows)
    untuned = (f"untuned{base_words(tuned)}, {verdict_words(verdict)}" for verdict in tuned.verdicts)
    return [heading(tuned), *rows, *untuned, *diverged_lines(tuned), leader_words(tuned), *budget_lines(tuned)]


def heading(tuned: TunedGroup) -> str:
    """How it was tuned: `tuned by validation.mse: 6 points of optimization.optimizer.lr (0.0003 to 0.03) x 2 seeds`."""
    keys = several(f"{key}{range_words([point[key] for point in tuned.points if key in point])}" for key in tuned.keys)
    points, seeds = counted(len(tuned.points), "point"), counted(len(tuned.seeds), "seed")
    return f"tuned by {tuned.objective}: {points} of {keys} x {seeds} that judge nothing{other_judges(tuned)}"


def other_judges(tuned: TunedGroup) -> str:
    """What else than the objective judges, for which the candidates were not tuned."""
    metric = tuned.objective.rpartition(".")[2]
    others = dict.fromkeys(one.metric.name for one in tuned.verdicts if one.metric.path[-1] != metric)
    return f"; {several(others)} may ask for other values" if others else ""


def range_words(values: Sequence[Any]) -> str:
    """` (0.0003 to 0.03)` of numbers, of anything else nothing."""
    are_numbers = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values)
    return f" ({as_text(min(values))} to {as_text(max(values))})" if values and are_numbers else ""


def value_words(values: Mapping[str, Any]) -> str:
    """`lr=0.003`."""
    keys = short_keys(list(values))
    return ", ".join(f"{keys[key]}={as_text(value)}" for key, value in values.items())


def base_words(tuned: TunedGroup) -> str:
    """` (lr=0.001)` where all candidates have the same base."""
    told = {value_words(row.untuned) for row in tuned.rows}
    return f" ({told.pop()})" if len(told) == 1 and all(told) else ""


def leader_words(tuned: TunedGroup) -> str:
    """Who would have been the best by the objective after how many trials.

    `the best by validation.mse after 1 and 2 trials: mse; after 3 to 6: huber`
    """
    spans = [
        f"after {first if first == last else f'{first} to {last}'}: {listing_labels(labels) if labels else 'none'}"
        for first, last, labels in leader_spans(tuned.leaders)
    ]
    return f"the best by {tuned.objective} of so many trials, {'; '.join(spans)}"


def leader_spans(leaders: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """(first, last, who) of each run of equal leaders, counted from 1."""
    first = 1
    for at, labels in enumerate(leaders, start=1):
        if at == len(leaders) or leaders[at] != labels:
            yield first, at, labels
            first = at + 1


def diverged_lines(tuned: TunedGroup) -> list[str]:
    """Who diverged with the base's own values: it may have no verdict there, or one on the seeds that are left."""
    return [
        f"untuned{base_words(tuned)}, {quoted(row.label)} diverged with {counted(len(row.diverged), 'seed')}"
        for row in tuned.rows
        if row.diverged
    ]


def budget_lines(tuned: TunedGroup) -> list[str]:
    """The verdict on each candidate after how many trials, under a line that says by what; nothing without any."""
    told = [(budget, verdict) for budget in tuned.budgets for verdict in budget.verdicts.values()]
    if not told:
        return []
    labels = [row.label for row in tuned.rows if any(row.label in budget.verdicts for budget in tuned.budgets)]
    names = {is_fresh(verdict, budget): verdict.metric.name for budget, verdict in told}
    bases = {quoted(verdict.baseline) for _, verdict in told}
    by = [f"by {names[True]} of fresh seeds"] if True in names else []
    if False in names:
        by.append(f"{STAR} by {names[False]} of the {counted(len(tuned.seeds), 'seed')} that tuned")
    lines = [
        f"with what so many trials choose, against {several(bases)} {'; '.join(by)}",
        *(budget_words(tuned, label) for label in labels),
    ]
    lacking = any(not is_fresh(verdict, budget) for budget, verdict in told) or any(
        label not in budget.verdicts for budget in tuned.budgets for label in labels
    )
    return [*lines, MORE] if lacking else lines


def is_fresh(verdict: Verdict, budget: Budget) -> bool:
    """Whether fresh seeds judge."""
    return verdict in budget.fresh


def budget_words(tuned: TunedGroup, label: str) -> str:
    """`huber: after 1 to 3 trials: worse, +58 %; after 4 to 6: better, -3 %`."""
    told = [(budget.trials, spell_budget(budget, label)) for budget in tuned.budgets]
    spans = []
    for text, members in groupby(told, key=lambda one: one[1]):
        trials = [number for number, _ in members]
        at = f"{trials[0]}" if len(trials) == 1 else f"{trials[0]} to {trials[-1]}"
        spans.append(f"after {at}: {text}")
    return f"{quoted(label)} {'; '.join(spans)}"


def spell_budget(budget: Budget, label: str) -> str:
    """`worse, +58 %`, with a star where the seeds that tuned are all there is."""
    verdict = budget.verdicts.get(label)
    if verdict is None:
        return "not judged"
    shown, unit = shown_difference(verdict)
    star = "" if is_fresh(verdict, budget) else STAR
    return f"{verdict.kind}, {amount(shown.mean, unit, signed=True)}{star}"


def shown_trials(trials: int, most: int = 6) -> list[int]:
    """The budgets that a table has columns for, the whole one among them: all, or each twice the one before.

    Example:
        >>> shown_trials(6), shown_trials(20)
        ([1, 2, 3, 4, 5, 6], [1, 2, 4, 8, 16, 20])
    """
    if trials <= most:
        return list(range(1, trials + 1))
    return [*(2**power for power in range(trials.bit_length()) if 2**power < trials), trials]


def curve_words(row: TunedRow, trials: int) -> str:
    """The best number of the objective after so many trials."""
    value = row.curve[trials - 1]
    return "-" if value is None else f"{value:.4g}"
