"""The answers of comparisons as Python sees them: what was found, with a way to show it and to write it."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict, Unpack

from aecli.api.answer import Answer
from aecli.api.folders import one_or_more
from aecli.api.html import escaped, table_html
from aecli.comparison.check import checked
from aecli.comparison.dose import dose
from aecli.comparison.recommendation import recommend
from aecli.comparison.telling.row_order import BEST, HIGHEST, LOWEST
from aecli.comparison.telling.table import Table, make_table
from aecli.comparison.verdicts import group
from aecli.errors import UsageError
from aecli.registry import unknown_name
from aecli.text import counted, printable, several

FORMS = ("csv", "md", "latex", "html")


class TableOptions(TypedDict, total=False):
    """What the table of a comparison shows; the usual where nothing is given."""

    columns: str | Sequence[str]
    """Metrics and keys of the config."""
    sort: str | None
    """A metric, best first."""
    lowest: str | None
    """A column, lowest first."""
    highest: str | None
    """A column, highest first."""
    top: int | None
    """At most so many rows."""
    fold: bool
    """One row for each config instead of one for each run."""


@dataclass(frozen=True, repr=False)
class Comparison(Answer, group.Comparison):
    """Runs that were compared: a group for each data set, with candidates, verdicts and findings."""

    def brief(self) -> str:
        """`mnist: 12 runs, 4 configs; best by test.mse: bce`."""
        told = [
            f"{one.data}: {counted(len(one.runs), 'run')}, {counted(len(one.candidates), 'config')}; "
            f"best by {one.metrics[0].name}: {one.candidates[0].label}"
            for one in self.groups
        ]
        return several(told)

    def tables(self, **options: Unpack[TableOptions]) -> list[Table]:
        """The table of each data set.

        Args:
            options: see `TableOptions`.

        Raises:
            UsageError: there is no such column, or two orders were given.
        """
        ways = [(options.get("sort"), BEST), (options.get("lowest"), LOWEST), (options.get("highest"), HIGHEST)]
        orders = [(name, way) for name, way in ways if name is not None]
        if len(orders) > 1:
            raise UsageError("sort, lowest and highest: give one of them")
        columns, top, fold = options.get("columns", ()), options.get("top"), options.get("fold", True)
        order = orders[0] if orders else None
        return [make_table(one, columns=one_or_more(columns), sort=order, top=top, fold=fold) for one in self.groups]

    def show(self) -> None:
        """Print what `aecli compare` prints."""
        from aecli.console.comparison import show_comparison

        show_comparison(self, self.tables(), matrix=False)

    def plain(self, *, matrix: bool = False) -> dict[str, Any]:
        """As data for JSON: `aecli compare --json`."""
        from aecli.comparison.telling.formats.json_data import as_json

        return as_json(self, self.tables(), matrix=matrix)

    def written(self, form: str, *, matrix: bool = False, **options: Unpack[TableOptions]) -> str:
        """As a text in one of the formats.

        Args:
            form: csv, md, latex or html.
            matrix: every row by every neutral metric too; csv has no place for it.
            options: see `TableOptions`.

        Raises:
            UsageError: there is no such format, or see `tables`.
        """
        from aecli.comparison.telling.formats.csv_lines import write_csv
        from aecli.comparison.telling.formats.html_table import write_html
        from aecli.comparison.telling.formats.latex import write_latex
        from aecli.comparison.telling.formats.markdown import write_markdown

        if form not in FORMS:
            raise UsageError(f"unknown format {unknown_name(form, FORMS)}")
        made = self.tables(**options)
        if form == "csv":
            return write_csv(self, made)
        write = {"md": write_markdown, "latex": write_latex, "html": write_html}[form]
        return write(self, made, matrix=matrix)

    def plots(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write its pictures into a folder, and return their files.

        Raises:
            UsageError: it is no folder.
            RunFolderError: they cannot be written.
        """
        from aecli.comparison.telling.figures.plots import check_directory, save_plots

        check_directory(Path(folder))
        return list(save_plots(self, Path(folder), lambda text: None))

    def _repr_html_(self) -> str:
        return self.written("html")


@dataclass(frozen=True, repr=False)
class Recommendation(Answer, recommend.Recommendation):
    """Which config to choose for some goals, what that rests on, and what it costs."""

    def brief(self) -> str:
        """`recommended: bce, for reconstruction`."""
        who = self.leader if len(self.between) < 2 else several(self.between)
        return f"{self.kind}: {who}, for {', '.join(self.goals)}"

    def show(self) -> None:
        """Print what `aecli recommend` prints."""
        from aecli.console.recommendation import show_recommendation

        show_recommendation(self)

    def plain(self) -> dict[str, Any]:
        """As data for JSON: `aecli recommend --json`."""
        from aecli.comparison.recommendation.recommend_json import recommendation_json

        return recommendation_json(self)

    def write(self, file: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Write the leader's config as a file that can be trained, and return its path.

        Raises:
            UsageError: it is there already, or cannot be written.
        """
        from aecli.comparison.recommendation.winners_config import write_winner

        write_winner(self.config_file, Path(file), force=force)
        return Path(file)


@dataclass(frozen=True, repr=False)
class DoseResponse(Answer, dose.DoseResponse):
    """How each goal moves with a strength."""

    def brief(self) -> str:
        """`regularization.l1.weight: 5 doses`."""
        return f"{self.key}: {several(counted(len(one.group.doses), 'dose') for one in self.groups)}"

    def show(self) -> None:
        """Print what `aecli dose` prints."""
        from aecli.console.dose_response import show_dose_response

        show_dose_response(self)

    def plain(self) -> dict[str, Any]:
        """As data for JSON: `aecli dose --json`."""
        from aecli.comparison.dose.dose_json import dose_json

        return dose_json(self)

    def plot(self, file: str | os.PathLike[str]) -> list[Path]:
        """Write its picture, a PNG for each group, and return the files.

        Raises:
            UsageError: it is no name of a PNG, or cannot be written.
        """
        from aecli.comparison.dose.plot import check_file, save_plot

        check_file(Path(file))
        return save_plot(self, Path(file))


@dataclass(frozen=True, repr=False)
class Check(Answer, checked.Check):
    """Conditions on a run, and which of them hold."""

    @property
    def holds(self) -> bool:
        """Whether every condition holds."""
        return not self.failed

    def brief(self) -> str:
        """`2 of 3 hold; FAIL test.mse <= 0.009: 0.01234`."""
        failed = "".join(f"; FAIL {one}" for one in self.failed[:1])
        return f"{len(self.conditions) - len(self.failed)} of {len(self.conditions)} hold{printable(failed)}"

    def show(self) -> None:
        """Print what `aecli check` prints."""
        from aecli.comparison.check.check_words import check_lines
        from aecli.console.printing import say

        say("\n".join(check_lines(self)))

    def plain(self) -> dict[str, Any]:
        """As data for JSON: `aecli check --json`."""
        from aecli.comparison.check.check_words import check_json

        return check_json(self)

    def junit(self, file: str | os.PathLike[str]) -> Path:
        """Write it as JUnit XML, and return the file.

        Raises:
            UsageError: it cannot be written.
        """
        from aecli.comparison.check.ci import write_junit

        write_junit(Path(file), self)
        return Path(file)

    def _repr_html_(self) -> str:
        rows = [("holds" if one.holds else "fails", one.condition, one.measured) for one in self.conditions]
        rows += [("note", note, "") for note in self.notes]
        return table_html(["", "condition", "measured"], rows)


@dataclass(frozen=True, repr=False)
class Report:
    """A comparison that was written as one HTML file; it stands for its file wherever a path is taken."""

    path: Path
    comparison: Comparison

    def __fspath__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"Report({str(self.path)!r})"

    def _repr_html_(self) -> str:
        return f'<p><a href="{escaped(self.path)}" target="_blank">{escaped(self.path)}</a></p>'
