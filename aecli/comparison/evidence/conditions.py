"""Conditions on the config, `loss.name=mae`: which runs are compared, and which row is the baseline."""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.collect import real_path
from aecli.comparison.evidence.labels import quoted
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.evidence.settings import exact, flatten, look_up
from aecli.errors import ConfigError, UsageError
from aecli.registry import unknown_name
from aecli.runs.ids import find_run
from aecli.text import each, printable, several

ORDERS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
WHERE = re.compile(r"^([A-Za-z_][\w.#]*)\s*(!=|<=|>=|=|<|>)(?!=)\s*(.*)$")


def select_runs(runs: Sequence[RunRecord], where: str | Sequence[str]) -> list[RunRecord]:
    """The runs whose config meets every condition.

    Raises:
        UsageError: a condition cannot be read, or no run meets them.
    """
    where = each(where)
    conditions = [read_condition(text, runs) for text in where]
    selected = [run for run in runs if all(meets(run, condition) for condition in conditions)]
    if not selected:
        raise UsageError(f"no run is left after --where {printable(' '.join(where))}; {len(runs)} were there before")
    return selected


@dataclass(frozen=True)
class Condition:
    """`loss.name=mae`, read."""

    key: str
    sign: str
    value: object


def read_condition(text: str, runs: Sequence[RunRecord], flag: str = "--where") -> Condition:
    """Read one condition.

    Raises:
        UsageError: it is no condition, or no run has such a key.
    """
    from aecli.config.typed_value import read_value

    match = WHERE.match(text.strip())
    if not match:
        how = f"write it as KEY=VALUE, for example {flag} loss.name=mae; signs: = != < <= > >="
        raise UsageError(f'{flag} "{printable(text)}": {how}')
    typed, sign, value_text = match.groups()
    keys = known_keys(runs)
    key = whole_key(typed, keys)
    if key is None:
        meant = [other for other in keys if other.endswith(f".{typed}")]
        here = f'"{typed}"; here it is {" or ".join(meant)}' if meant else unknown_name(typed, keys, "keys")
        raise UsageError(f"{flag} {here}")
    try:
        value = read_value(value_text, flag)
    except ConfigError:
        raise UsageError(f'{flag} "{printable(text)}": the value is no YAML') from None
    if sign not in ("=", "!=") and not is_number(value):
        raise UsageError(f'{flag} "{printable(text)}": {sign} needs a number')
    return Condition(key, sign, value)


def whole_key(typed: str, keys: Mapping[str, None]) -> str | None:
    """The key of a config that was typed: `loss` is `loss.name`, as it is with --set; None if there is no such key."""
    return next((key for key in (typed, f"{typed}.name") if key in keys), None)


def known_keys(runs: Sequence[RunRecord]) -> dict[str, None]:
    """The keys of the configs, in their order."""
    return dict.fromkeys(key for run in runs for key in flatten(run.config))


def meets(run: RunRecord, condition: Condition) -> bool:
    """Whether a run's config meets a condition; a key that it lacks counts as null, one that has parts never does."""
    flat = flatten(run.config)
    value = flat[condition.key] if condition.key in flat else look_up(run.config, condition.key)
    if condition.sign in ("=", "!="):
        return (exact(value) == exact(condition.value) or is_same_number(value, condition.value)) == (
            condition.sign == "="
        )
    if not is_number(value) or not is_number(condition.value):
        return False
    return {
        "<": value < condition.value,
        "<=": value <= condition.value,
        ">": value > condition.value,
        ">=": value >= condition.value,
    }[condition.sign]


def is_number(value: object) -> TypeGuard[float]:
    """Whether it is a number, which true and false are not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_same_number(one: object, other: object) -> bool:
    """Whether both are the same number, 1 and 1.0 alike."""
    return is_number(one) and is_number(other) and one == other


def require_baseline(text: str, rows: Sequence[Sequence[Candidate]], runs: Sequence[RunRecord]) -> None:
    """See that a --baseline means one of the candidates of some data set.

    Raises:
        UsageError: it means none of them, or more than one of a data set.
    """
    if any(find_baseline(text, candidates) for candidates in rows):
        return
    if WHERE.match(text):
        read_condition(text, runs, "--baseline")
    labels = dict.fromkeys(candidate.label for candidates in rows for candidate in candidates)
    raise UsageError(f"--baseline {unknown_name(printable(text), labels, 'rows')}")


def meant_run(text: str) -> Path:
    """The run that a text means, such as `last`; the text as a path where it means none or several."""
    try:
        return find_run(text)
    except UsageError:
        return Path(text)


def find_baseline(text: str, candidates: Sequence[Candidate]) -> Candidate | None:
    """The candidate that a --baseline means; None if there is none.

    Raises:
        UsageError: a condition that several of them meet.
    """
    for candidate in candidates:
        if text == candidate.label:
            return candidate
    paths = {real_path(text), real_path(meant_run(text))}
    for candidate in candidates:
        if any(real_path(run.path) in paths for run in (*candidate.runs, *candidate.duplicates)):
            return candidate
    runs = [run for candidate in candidates for run in candidate.runs]
    match = WHERE.match(text)
    if not match or whole_key(match[1], known_keys(runs)) is None:
        return None
    condition = read_condition(text, runs, "--baseline")
    found = [candidate for candidate in candidates if meets(candidate.runs[0], condition)]
    if len(found) > 1:
        rows = several(quoted(candidate.label) for candidate in found)
        raise UsageError(f"--baseline {printable(text)} is met by {len(found)} rows ({rows}); name one of them")
    return found[0] if found else None
