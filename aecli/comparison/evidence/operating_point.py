"""The number that is to be equal where frontiers are read, and its value: `test.fvu=0.05`."""

import math
from collections.abc import Sequence

from aecli.comparison.evidence.lookup import find_measure
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.run_record import RunRecord
from aecli.errors import UsageError
from aecli.text import printable


def parse_at(text: str, runs: Sequence[RunRecord], judges: Sequence[Measure]) -> tuple[Measure, float]:
    """The number and its value.

    Args:
        text: `NAME=VALUE`.
        runs: of which one at least has such a number.
        judges: the metrics that are read there.

    Raises:
        UsageError: it is no NAME=VALUE, no run has such a number, or it is one of the judges.
    """
    name, _, written = text.partition("=")
    try:
        value = float(written)
    except ValueError:
        value = math.nan
    if not name.strip() or not math.isfinite(value):
        raise UsageError(f'--at "{printable(text)}": write it as NAME=VALUE, for example --at test.fvu=0.05')
    made = find_measure(name.strip(), runs)
    if made.name in (one.name for one in judges):
        raise UsageError(f"--at {made.name}: is equal there, so it cannot judge; name another one with --metric")
    return made, value
