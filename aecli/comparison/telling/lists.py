"""Lists within a sentence."""

from collections.abc import Mapping, Sequence

from aecli.comparison.evidence.labels import quoted
from aecli.comparison.verdicts.verdict import Verdict
from aecli.text import SHOWN, counted, several


def names(verdicts: Sequence[Verdict]) -> str:
    """The first few candidates of some verdicts; in quotes where a comma could be taken for the end of one."""
    return listing_labels([one.candidate for one in verdicts])


def listing_labels(labels: Sequence[str]) -> str:
    """The first few of some candidates' labels; each that holds a comma is in quotes.

    Example:
        >>> listing_labels(["mse", "mse, l2", "mae"])
        'mse, "mse, l2" and mae'
    """
    return listing([quoted(label) for label in labels])


def listing(items: Sequence[str]) -> str:
    """The first few of some things.

    Example:
        >>> listing(["a", "b", "c"]), listing(list("abcdefg"))
        ('a, b and c', 'a, b, c, d and 3 more')
    """
    shown = [*items[:SHOWN], f"{len(items) - SHOWN} more"] if len(items) > SHOWN + 1 else list(items)
    return " and ".join([part for part in (", ".join(shown[:-1]), shown[-1]) if part])


def sentence(parts: Sequence[str]) -> list[str]:
    """`Worse: a, b; equivalent: c.`, or nothing."""
    text = "; ".join(parts)
    return [f"{text[0].upper()}{text[1:]}."] if text else []


def spread_words(values: Mapping[object, int]) -> str:
    """Values with the number of runs that have each, the most common one first.

    Example:
        >>> spread_words({5: 2, 50: 10})
        '50 (10 runs), 5 (2 runs)'
    """
    common = sorted(values.items(), key=lambda item: -item[1])
    return several(f"{value} ({counted(number, 'run')})" for value, number in common)
