"""Only runs of one data set are ranked together: the refusal of several, with a condition that chooses one."""

import re
from collections.abc import Sequence

from aecli.comparison.evidence.conditions import is_number
from aecli.comparison.evidence.datasets import name_data, split_by_data
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.evidence.settings import exact, flatten
from aecli.errors import UsageError
from aecli.text import counted

PLAIN = re.compile(r"[A-Za-z][\w./-]*")
"""A text that neither the shell nor YAML takes for anything else."""


def refuse_several_data(runs: Sequence[RunRecord]) -> None:
    """Numbers of different data are never ranked together.

    Raises:
        UsageError: the runs are of more than one data set.
    """
    split = split_by_data(runs)
    if len(split) > 1:
        named = name_data(split)
        names = [f"{named[key]} ({counted(len(members), 'run')})" for key, members in split.items()]
        condition = separating_condition(list(split.values()))
        how = (
            f"name the runs of one, or choose them with --where, for example --where {condition}"
            if condition
            else "name the run folders of one"
        )
        raise UsageError(
            f"these runs are of {len(split)} data sets, whose numbers cannot be ranked together: "
            f"{'; '.join(names)}; {how}"
        )


def separating_condition(split: Sequence[Sequence[RunRecord]]) -> str:
    """A condition that all runs of the first data set meet and none of the others; empty if there is none."""
    flats = [[flatten(run.config) for run in members] for members in split]
    for key in (key for key in flats[0][0] if key.startswith("data.")):
        value = flats[0][0][key]
        if not (is_number(value) or (isinstance(value, str) and PLAIN.fullmatch(value))):
            continue
        own, others = (
            {exact(flat.get(key)) for flat in each}
            for each in (flats[0], [flat for members in flats[1:] for flat in members])
        )
        if own == {exact(value)} and exact(value) not in others:
            return f"{key}={value}"
    return ""
