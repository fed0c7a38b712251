"""How many seeds would decide what is open, as a range; and that more seeds are another look."""

import math
from collections.abc import Sequence

from aecli.comparison.telling.lists import names
from aecli.comparison.verdicts.group import Group
from aecli.comparison.verdicts.verdict import LOST_SEEDS, UNDECIDED, Verdict

NEVER = "no number of seeds up to 10,000"


def needed_words(verdict: Verdict) -> str:
    """`33 to 920 seeds would decide`."""
    if verdict.reason == LOST_SEEDS and verdict.needed is None:
        return "train the lost ones in a way that does not diverge"
    return f"{number_words([verdict])} would decide"


def number_words(verdicts: Sequence[Verdict]) -> str:
    """`33 to 920 seeds`: as many as all of several open verdicts need; `at least` where nothing tells how many more."""
    if any(one.needed_range[0] is None and one.reason != LOST_SEEDS for one in verdicts):
        return NEVER
    by_ranks = [one.needed for one in verdicts if one.needed_range[0] is None and one.needed is not None]
    lows = [one.needed_range[0] for one in verdicts if one.needed_range[0] is not None]
    highs = [one.needed_range[1] for one in verdicts if one.needed_range[0] is not None]
    if not lows:
        return f"about {max(by_ranks):,} seeds" if by_ranks else NEVER
    known = [high for high in highs if high is not None]
    return span_words(max([*lows, *by_ranks]), None if by_ranks or len(known) < len(highs) else max(known))


def span_words(low: int | None, high: int | None) -> str:
    """`33 to 920 seeds`; without an upper end `at least 33 seeds`.

    Example:
        >>> span_words(33, 913), span_words(74, 74), span_words(33, None), span_words(None, None)
        ('33 to 920 seeds', '74 seeds', 'at least 33 seeds', 'no number of seeds up to 10,000')
    """
    if low is None:
        return NEVER
    if high is None:
        return f"at least {low:,} seeds"
    high = round_up(high)
    return f"{low:,} seeds" if low == high else f"{low:,} to {high:,} seeds"


def round_up(number: int) -> int:
    """A number that is not known so well, up to its second digit.

    Example:
        >>> round_up(74), round_up(913)
        (74, 920)
    """
    unit = int(f"1{'0' * (len(str(number)) - 2)}")
    return math.ceil(number / unit) * unit


def few_needed_words(verdict: Verdict) -> str:
    """How many seeds would decide, in a cell; empty for a verdict that is not open."""
    if verdict.kind != UNDECIDED:
        return ""
    if verdict.reason == LOST_SEEDS and verdict.needed is None:
        return "lost seeds"
    return {NEVER: ">10,000 seeds"}.get(number_words([verdict]), number_words([verdict]))


def seeds_words(group: Group, undecided: Sequence[Verdict]) -> list[str]:
    """How many seeds would decide what is undecided, and that they are another look."""
    hopeless = [one for one in undecided if number_words([one]) == NEVER]
    open_ones = [one for one in undecided if one not in hopeless and one.needed is not None]
    told = []
    if open_ones:
        number = number_words(open_ones)
        others = " about the others" if hopeless else ""
        told.append(f"{number[0].upper()}{number[1:]} each would decide{others} with a chance of 80 %.")
    if hopeless:
        told.append(f"No number of seeds up to 10,000 would decide about {names(hopeless)}.")
    return told + [looks_words(group)] * bool(open_ones)


def looks_words(group: Group) -> str:
    """That more seeds are another look at the same question, and what that costs."""
    look = group.look
    if look.is_planned and look.look < look.looks:
        return f"The next planned look is judged at {look.after:.3g}."
    if not look.seeds:
        return "More seeds are another look: plan it with looks: in a sweep."
    return f"More seeds are another look, judged at {look.after:.3g} unless looks: in the sweep had planned it."
