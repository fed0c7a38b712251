"""A comparison as a table: what differs first, then n, metrics, and baselines below; the same for every format."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.lookup import find_measure, refuse_objective
from aecli.comparison.evidence.measures import Measure, measure
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.evidence.settings import flatten, value_of
from aecli.comparison.opinions import DEFAULT_COLUMNS
from aecli.comparison.statistics.intervals import Estimate
from aecli.comparison.telling.digits import show_estimate
from aecli.comparison.telling.row_order import BEST, make_order
from aecli.comparison.verdicts.group import Group
from aecli.comparison.verdicts.ranking import estimate_of, find_best
from aecli.errors import UsageError
from aecli.text import printable

VALUES_SHOWN = 4
"""Of a setting that differs within one row, such as the seed."""


@dataclass(frozen=True)
class Cell:
    """A text, and the number it shows if it shows one."""

    text: str
    estimate: Estimate | None = None
    is_best: bool = False
    """Best mean of its column among the candidates."""


@dataclass(frozen=True)
class Row:
    """A candidate, a single run, or a baseline."""

    kind: str
    """candidate | run | baseline"""
    label: str
    cells: tuple[Cell, ...]
    is_baseline: bool = False
    """The one that the verdicts compare with."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """Heads and rows; the first columns are text."""

    heads: tuple[str, ...]
    keys: tuple[str, ...]
    """For machines: the factor, `n`, or the metric of each column."""
    text_columns: int
    counters: tuple[str, ...]
    """Columns between the settings and the metrics: `n`, or `seed` and `run`."""
    measures: tuple[Measure, ...]
    """Of the last columns."""
    rows: tuple[Row, ...]
    cut: int = 0
    """Rows that were left out for length."""

    @property
    def needs_labels(self) -> bool:
        """Whether the settings that are shown are none, or do not tell the candidates apart."""
        settings = [
            tuple(cell.text for cell in row.cells[: self.text_columns]) for row in self.rows if row.kind == "candidate"
        ]
        return self.text_columns == 0 or len(set(settings)) < len(settings)


def make_table(
    group: Group,
    *,
    columns: Sequence[str] = (),
    sort: tuple[str, str] | None = None,
    top: int | None = None,
    fold: bool = True,
) -> Table:
    """The table of one data set.

    Args:
        group: what is shown.
        columns: names of metrics or config keys; the metrics the group is judged by and the usual ones if not given.
        sort: (metric or key of the config, what comes first: BEST, LOWEST or HIGHEST); the first metric, best first, if
            not given.
        top: at most so many candidates.
        fold: one row for each candidate; otherwise one for each run.

    Raises:
        UsageError: a column does not exist, or cannot be sorted by.
    """
    keys, measures = choose_columns(group, columns)
    rows = candidate_rows(group, keys, measures) if fold else run_rows(group, keys, measures)
    order = make_order(group, *(sort or (group.metrics[0].name, BEST)))
    made = [row for row, _ in sorted(rows, key=lambda row: order(row[1]))[:top]]
    if fold:
        made += baseline_table_rows(group, keys, measures)
    counters = ("n",) if fold else ("seed", "run")
    heads = (*keys, *counters, *(one.title for one in measures))
    names = (*keys, *counters, *(one.name for one in measures))
    return Table(
        heads=heads,
        keys=names,
        text_columns=len(keys),
        counters=counters,
        measures=tuple(measures),
        rows=tuple(made),
    )


def with_labels(table: Table) -> Table:
    """The table with each row's label in front, where its settings do not name it."""
    if not table.needs_labels:
        return table
    rows = []
    for row in table.rows:
        texts = row.cells[: table.text_columns]
        if row.kind == "baseline":
            texts = tuple(Cell("") for _ in texts)  # its name stood there
        rows.append(replace(row, cells=(Cell(row.label), *texts, *row.cells[table.text_columns :])))
    heads, keys = ("config", *table.heads), ("label", *table.keys)
    return replace(table, heads=heads, keys=keys, text_columns=table.text_columns + 1, rows=tuple(rows))


def choose_columns(group: Group, columns: Sequence[str]) -> tuple[list[str], list[Measure]]:
    """Config keys and metrics."""
    if not columns:
        names = dict.fromkeys([*(one.name for one in group.metrics), *DEFAULT_COLUMNS])
        usual = [measure(name) for name in names]
        return list(group.factors), [
            one for one in usual if any(candidate.values(one) for candidate in group.candidates)
        ]
    known = dict.fromkeys(key for run in group.runs for key in flatten(run.config))
    keys = [name for name in columns if name in known or name in group.factors]
    return keys or list(group.factors), [
        without_rank(find_measure(name, group.runs), group) for name in columns if name not in keys
    ]


def without_rank(made: Measure, group: Group) -> Measure:
    """The measure; the objective of different losses without a better end, since it ranks nothing."""
    try:
        refuse_objective(made, group.runs)
    except UsageError:
        return replace(made, better=None)
    return made


def candidate_rows(group: Group, keys: Sequence[str], measures: Sequence[Measure]) -> list[tuple[Row, Candidate]]:
    """One row for each candidate, its best cells marked."""
    best = {one.name: find_best(group.candidates, one) for one in measures}
    rows = []
    for candidate in group.candidates:
        cells = [Cell(setting(candidate, key)) for key in keys] + [Cell(str(len(candidate.runs)))]
        for one in measures:
            estimate = estimate_of(candidate, one)
            is_best = any(candidate is other for other in best[one.name])
            cells.append(Cell(show_estimate(estimate, len(candidate.runs)), estimate, is_best))
        rows.append((Row("candidate", candidate.label, tuple(cells), candidate is group.baseline), candidate))
    return rows


def setting(candidate: Candidate, key: str) -> str:
    """What the configs of a candidate's runs say about a key: `0, 1, 2`, and of more than four values their number."""
    if key in candidate.settings:
        return candidate.settings[key]
    values = list(dict.fromkeys(printable(value_of(run.config, key)) for run in candidate.runs))
    more = len(values) - VALUES_SHOWN
    return ", ".join(values[:VALUES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def run_rows(group: Group, keys: Sequence[str], measures: Sequence[Measure]) -> list[tuple[Row, RunRecord]]:
    """One row for each run."""
    rows = []
    for candidate in group.candidates:
        for run in candidate.runs:
            cells = [Cell(setting(replace(candidate, runs=(run,)), key)) for key in keys]
            cells += [Cell(str(run.seed)), Cell(printable(run.path))]
            for one in measures:
                value = one.value(run)
                estimate = None if value is None else Estimate(value, 1)
                cells.append(Cell(show_estimate(estimate, 1), estimate))
            rows.append((Row("run", candidate.label, tuple(cells), candidate is group.baseline), run))
    return rows


def baseline_table_rows(group: Group, keys: Sequence[str], measures: Sequence[Measure]) -> list[Row]:
    """The predictors that need no training."""
    rows = []
    for label, numbers in group.baseline_rows(measures).items():
        name = printable(label.replace("_", " "))
        texts = [name, *[""] * (len(keys) - 1)] if keys else []
        cells = [*(Cell(text) for text in texts), Cell("")]
        for one in measures:
            estimate = Estimate(numbers[one.name], 1) if one.name in numbers else None
            cells.append(Cell(show_estimate(estimate, 1), estimate))
        rows.append(Row("baseline", name, tuple(cells)))
    return rows
