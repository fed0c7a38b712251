"""A sweep on the screen: what a search found, and how far a sweep is."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aecli.comparison.telling.search_words import luck_words
from aecli.console.printing import message, say, show
from aecli.console.tables import table
from aecli.sweep.planning.trial import short
from aecli.sweep.record.sweep_status import SweepState
from aecli.sweep.search.search_result import SearchResult
from aecli.text import shell_word

if TYPE_CHECKING:
    from aecli.sweep.run_sweep import Swept

SHOWN = 20
"""Trials that are running or went wrong."""
COLOUR_OF = {
    "completed": "green",
    "diverged": "red",
    "failed": "red",
    "interrupted": "yellow",
    "outdated": "red",
    "running": "cyan",
    "waiting": "dim",
}


def tell_trouble(swept: "Swept") -> None:
    """The trials that failed, and that some were not tried, on stderr."""
    for trial, outcome in swept.failed:
        where = f" ({outcome.run})" if outcome.run else ""
        message(f"{trial.label}: {outcome.kind}: {outcome.reason}{where}")
    if swept.untried:
        untried = f"{swept.untried:,} trial{' was' if swept.untried == 1 else 's were'} not tried"
        message(f"stopped there; {untried}, and the same command goes on", severity="note")


def show_search_result(found: SearchResult) -> None:
    """What a search found, why its number is too good, and how to get an honest one."""
    counts = ", ".join(f"{number:,} {kind}" for kind, number in found.counts.items())
    if not found.best:
        say(f"{counts}; no setting has come to its end, so there is no best one")
        return
    say(f"{counts}; {'the Pareto front' if found.is_front else 'the best'} by {', '.join(found.objectives)}:")
    for one in found.best:
        values = ", ".join(f"{value:.5g}" for value in one.values)
        changes = ", ".join(f"{key}={short(value)}" for key, value in one.changes.items())
        say(f"  {values}  setting {one.number}: {changes}")
    show_fresh_seeds(found)


def show_fresh_seeds(found: SearchResult) -> None:
    """Why the best is not as good as it looks, and the commands that tell how good it is."""
    offers = [one.fresh for one in found.best if one.fresh]
    if offers:
        what = "each was chosen as one of the best" if found.is_front else "the winner was chosen as the best"
        luck = f": {luck_words(vars(found.optimism))}." if found.optimism else "."
        say(f"{what} of {found.counts['tried']:,} on the validation split, so its validation number is optimistic,")
        say(f"and its test number as far as its seeds were lucky{luck}")
        say("fresh seeds for it:")
    for path in offers:
        say(f"  aecli sweep --config {shell_word(path)}")


def show_tuned(tuned: Sequence[Mapping[str, Any]]) -> None:
    """What each candidate of a sweep was tuned to."""
    for one in tuned:
        changes, values = ([f"{key}={short(value)}" for key, value in (part or {}).items()] for part in one.values())
        say(f"tuned: {', '.join(changes) or 'the base'}: {', '.join(values) or 'not yet, or no point came to an end'}")


def show_sweep_state(state: SweepState) -> None:
    """How far a sweep is: counts, then what is running or went wrong."""
    from rich.text import Text

    counts = ", ".join(f"{number:,} {kind}" for kind, number in sorted(state.counts.items(), key=lambda item: -item[1]))
    there, expected = f"{len(state.trials):,}", state.expected
    known = f"{there} trials" if len(state.trials) == expected else f"{there} of {expected:,} trials come to"
    say(f"{state.folder.path}: {state.status}; {known}" + (f": {counts}" if counts else ""))
    rows: list[list[str | Text]] = [
        [
            trial.label,
            Text(trial.kind, COLOUR_OF.get(trial.kind, "")),
            f"{trial.epoch if trial.epoch is not None else '-'}/{trial.epochs}",
            trial.reason,
        ]
        for trial in state.trials
        if trial.kind not in ("completed", "pruned", "waiting")
    ]
    if rows:
        show(table("", ["trial", "status", "epoch", "reason"], rows[:SHOWN], text_columns=4, leaves=(2, 3)))
    if len(rows) > SHOWN:
        say(f"and {len(rows) - SHOWN} more; --json has them all")
    if state.strangers:
        message(
            f"{state.strangers} run folders belong to no trial of the plan, perhaps to an earlier one", severity="note"
        )
