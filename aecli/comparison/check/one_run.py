"""The one run that a check is about, and one number of it, or why there is none."""

from pathlib import Path

from aecli.comparison.evidence.collect import runs_within
from aecli.comparison.evidence.lookup import find_measure, locate
from aecli.comparison.evidence.measures import OBJECTIVE, Measure
from aecli.comparison.evidence.read_run import read_run
from aecli.comparison.evidence.run_record import LeftOut, RunRecord
from aecli.errors import UsageError
from aecli.runs.ids import find_run
from aecli.text import printable


def read_one(path: str | Path) -> RunRecord:
    """The complete run in a folder.

    Raises:
        UsageError: there is none, it is not complete or damaged, or there are several.
    """
    left_out: list[LeftOut] = []
    folders = runs_within(find_run(path), left_out)
    if len(folders) > 1:
        raise UsageError(
            f"{printable(path)}: has {len(folders)} runs; a check is about one, such as {printable(folders[-1])}"
        )
    read = read_run(folders[0]) if folders else left_out[0]
    if isinstance(read, LeftOut):
        raise UsageError(f"{printable(read.path)}: {printable(read.reason)}")
    return read


def read_number(name: str, run: RunRecord) -> tuple[Measure, float | None]:
    """A metric of a run with its value; None where the summary has null or no finite number for it.

    Raises:
        UsageError: it was not measured, or is no number.
    """
    made = locate(name, [run])
    if made.name == OBJECTIVE:
        return made, made.value(run)
    holder, key = run.part(made.path[:-1]), made.path[-1]
    if key not in holder:
        find_measure(name, [run])  # says which there are
    refuse_no_number(name, holder.get(key))
    return made, made.value(run)


def refuse_no_number(name: str, found: object) -> None:
    """Refuse what stands in a summary and is no number.

    Raises:
        UsageError: it has parts, or is a text, a truth value or a list.
    """
    if isinstance(found, dict):
        parts = ", ".join(printable(part) for part in found)
        raise UsageError(f'metric "{name}" is not one number but several: {parts}')
    if isinstance(found, (str, bool, list)):
        raise UsageError(f'metric "{name}" is no number: {printable(found)[:80]}')
