"""What a data set has to say of itself besides its rows: never an error, and never to be left unsaid."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from aecli.text import printable, several

SEVERITIES = {
    "data-unused": "warning",
    "data-skipped": "warning",
    "index-column": "warning",
    "all-equal": "warning",
    "row-names": "note",
    "classes": "note",
}
"""Code -> severity; the page of messages explains each."""
SHOWN = 10
"""Classes that are listed with their sizes."""


class Remark(NamedTuple):
    """One thing worth saying about the data."""

    code: str
    message: str
    remedy: str


class About(NamedTuple):
    """What a run's data has to say before anything is trained."""

    scaling: str = "none"
    """Its kind."""
    outside: str = ""
    """Which rows lie outside the range of the training rows, in words; empty where none do."""
    remarks: tuple[Remark, ...] = ()


def unused(origin: object, names: Sequence[str], remedy: str) -> tuple[Remark, ...]:
    """What lies beside the data and is not used, if anything does."""
    if not names:
        return ()
    verb = "is" if len(names) == 1 else "are"
    return (Remark("data-unused", f"{origin}: {several(names)} {verb} not used", remedy),)


def classes_found(origin: object, sizes: Mapping[str, int]) -> Remark:
    """Which classes there are, with their rows.

    Example:
        >>> classes_found("pets", {"cat": 3, "dog": 1}).message
        'pets: 2 classes: cat (3), dog (1)'
    """
    shown = ", ".join(f"{printable(name)} ({count:,})" for name, count in list(sizes.items())[:SHOWN])
    rest = f" and {len(sizes) - SHOWN:,} more" if len(sizes) > SHOWN else ""
    noun = "class" if len(sizes) == 1 else "classes"
    remedy = "suites tell them apart, the training does not look at them"
    return Remark("classes", f"{origin}: {len(sizes):,} {noun}: {shown}{rest}", remedy)
