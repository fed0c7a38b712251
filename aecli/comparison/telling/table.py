"""A comparison as a table, the same for every format: name, seeds, metrics, then what differs; predictors that need no
training stand below."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.lookup import find_measure, refuse_objective
from aecli.comparison.evidence.measures import Measure, measure
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.evidence.settings import flatten, value_of
from aecli.comparison.opinions import DEFAULT_COLUMNS
from aecli.comparison.statistics.intervals import Estimate
from aecli.comparison.telling.digits import show_estimate, show_predictor
from aecli.comparison.telling.row_order import BEST, make_order
from aecli.comparison.telling.untrained_words import ahead_words, predictor_words, row_words
from aecli.comparison.verdicts.group import Group
from aecli.comparison.verdicts.ranking import estimate_of, find_best
from aecli.comparison.verdicts.untrained import UntrainedRow
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
    predictor: str = ""
    """Of a baseline, what it is called without its training set."""


@dataclass(frozen=True)
class Column:
    """What stands in a column."""

    key: str
    """For machines: `label`, `n`, `seed`, `run`, `ahead_of`, the name of a metric, or a key of the config."""
    head: str
    kind: str
    """label | count | metric | standing | setting"""

    @property
    def is_text(self) -> bool:
        """Whether it holds words and no numbers."""
        return self.kind in ("label", "standing", "setting")


@dataclass(frozen=True, kw_only=True)
class Table:
    """Columns and rows, whose cells stand in the order of the columns."""

    columns: tuple[Column, ...]
    measures: tuple[Measure, ...]
    """Of the columns that are metrics."""
    rows: tuple[Row, ...]
    cut: int = 0
    """Rows that were left out for length."""

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads of the columns."""
        return tuple(column.head for column in self.columns)

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the columns for machines."""
        return tuple(column.key for column in self.columns)


LABEL = Column("label", "config", "label")
SEEDS = Column("n", "seeds", "count")
OF_RUNS = (Column("seed", "seed", "count"), Column("run", "run", "count"))
AHEAD_OF = Column("ahead_of", "ahead of", "standing")


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
    standing = [] if columns else [AHEAD_OF]
    made_columns = (
        LABEL,
        *((SEEDS,) if fold else OF_RUNS),
        *(Column(one.name, one.title, "metric") for one in measures[:1]),
        *standing,
        *(Column(one.name, one.title, "metric") for one in measures[1:]),
        *(Column(key, key, "setting") for key in keys),
    )
    rows = candidate_rows(group, made_columns, measures) if fold else run_rows(group, made_columns, measures)
    order = make_order(group, *(sort or (group.metrics[0].name, BEST)))
    made = [row for row, _ in sorted(rows, key=lambda row: order(row[1]))[:top]]
    if fold:
        made += [untrained_row(row, made_columns) for row in group.untrained(measures)]
    found = Table(columns=made_columns, measures=tuple(measures), rows=tuple(made))
    return without_idle(found, asked=columns)


def without_idle(table: Table, *, asked: Collection[str]) -> Table:
    """The table without columns that say nothing: settings that the labels tell, and standings that nobody knows."""
    idle = set()
    for at, column in enumerate(table.columns):
        texts = [(row.cells[at].text, row.label) for row in table.rows]
        says_nothing = {
            "setting": column.key not in asked and all(text in ("", label) for text, label in texts),
            "standing": not any(text for text, _ in texts),
        }
        if says_nothing.get(column.kind):
            idle.add(at)
    kept = [at for at in range(len(table.columns)) if at not in idle]
    rows = [replace(row, cells=tuple(row.cells[at] for at in kept)) for row in table.rows]
    return replace(table, columns=tuple(table.columns[at] for at in kept), rows=tuple(rows))


def choose_columns(group: Group, columns: Sequence[str]) -> tuple[list[str], list[Measure]]:
    """Config keys and metrics."""
    if not columns:
        names = dict.fromkeys([*(one.name for one in group.metrics), *DEFAULT_COLUMNS])
        usual = [measure(name) for name in names]
        tuned = [key for candidate in group.candidates for key in candidate.tuned]
        return list(dict.fromkeys([*group.factors, *tuned])), [
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


def candidate_rows(group: Group, columns: Sequence[Column], measures: Sequence[Measure]) -> list[tuple[Row, Candidate]]:
    """One row for each candidate, its best cells marked."""
    best = {one.name: find_best(group.candidates, one) for one in measures}
    rows = []
    for candidate in group.candidates:
        cells = [
            replace(cell, is_best=any(candidate is other for other in best.get(column.key, ())))
            for column, cell in zip(columns, make_cells(candidate, columns, measures, group.metrics[0]), strict=True)
        ]
        rows.append((Row("candidate", candidate.label, tuple(cells), candidate is group.baseline), candidate))
    return rows


def make_cells(
    candidate: Candidate, columns: Sequence[Column], measures: Sequence[Measure], judge: Measure
) -> list[Cell]:
    """The cells of a candidate."""
    by_name = {one.name: one for one in measures}
    cells = []
    for column in columns:
        if column.kind == "metric":
            estimate = estimate_of(candidate, by_name[column.key])
            cells.append(Cell(show_estimate(estimate, len(candidate.runs)), estimate))
        else:
            cells.append(Cell(text_of(candidate, column, judge)))
    return cells


def text_of(candidate: Candidate, column: Column, judge: Measure) -> str:
    """What stands in a column that is no metric."""
    if column.kind == "setting":
        return setting(candidate, column.key)
    if column == AHEAD_OF:
        return ahead_words(candidate, judge)
    run = candidate.runs[0]
    of_column = {"label": candidate.label, "n": str(len(candidate.runs)), "seed": str(run.seed)}
    return of_column[column.key] if column.key in of_column else printable(run.path)


def setting(candidate: Candidate, key: str) -> str:
    """What the configs of a candidate's runs say about a key: `0, 1, 2`, and of more than four values their number."""
    if key in candidate.settings and key not in candidate.tuned:
        return candidate.settings[key]
    values = list(dict.fromkeys(printable(value_of(run.config, key)) for run in candidate.runs))
    more = len(values) - VALUES_SHOWN
    return ", ".join(values[:VALUES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def run_rows(group: Group, columns: Sequence[Column], measures: Sequence[Measure]) -> list[tuple[Row, RunRecord]]:
    """One row for each run."""
    rows = []
    for candidate in group.candidates:
        for run in candidate.runs:
            alone = Candidate(candidate.label, candidate.settings, (run,))
            cells = make_cells(alone, columns, measures, group.metrics[0])
            rows.append((Row("run", candidate.label, tuple(cells), candidate is group.baseline), run))
    return rows


def untrained_row(row: UntrainedRow, columns: Sequence[Column]) -> Row:
    """A predictor that needs no training."""
    name, cells = row_words(row), []
    for column in columns:
        estimate = row.numbers.get(column.key)
        if column.kind == "metric":
            cells.append(Cell(show_predictor(estimate), estimate))
        else:
            cells.append(Cell(name if column == LABEL else ""))
    return Row("baseline", name, tuple(cells), predictor=predictor_words(row.label))
