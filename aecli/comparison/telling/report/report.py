"""A comparison as one HTML file that needs nothing else: no network, no JavaScript, no other file.

The text comes from the other modules of this folder, the page from `report.html.j2`; here both are put together. Every
text of a run folder is escaped by Jinja2, control characters among it by `printable`.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from aecli.comparison.evidence.rope import Rope
from aecli.comparison.evidence.searches import find_searches
from aecli.comparison.telling.answer_words import answer_words, question_words
from aecli.comparison.telling.baseline_words import sense_words
from aecli.comparison.telling.basis_words import basis_words
from aecli.comparison.telling.digits import p_words
from aecli.comparison.telling.figures.figure_parts import Drawing
from aecli.comparison.telling.figures.frontiers import draw_frontiers
from aecli.comparison.telling.figures.images import draw_differences
from aecli.comparison.telling.figures.plots import draw_all
from aecli.comparison.telling.finding_words import tell
from aecli.comparison.telling.needed_words import needed_words
from aecli.comparison.telling.point_words import group_lines
from aecli.comparison.telling.report.grids import class_grids, matrix_grids, result_grids, setting_grids
from aecli.comparison.telling.report.provenance import describe_environment, describe_setting, list_sources
from aecli.comparison.telling.search_words import search_words
from aecli.comparison.telling.table import make_table
from aecli.comparison.telling.tuning_words import tuning_lines
from aecli.comparison.telling.verdict_words import (
    ABOUT_NETS,
    difference_words,
    nets_words,
    open_words,
    reason_words,
    rope_words,
)
from aecli.comparison.verdicts.at_point import PointComparison
from aecli.comparison.verdicts.class_errors import make_classes
from aecli.comparison.verdicts.group import Comparison, Group
from aecli.comparison.verdicts.matrix import make_matrix
from aecli.comparison.verdicts.ranking import rank
from aecli.comparison.verdicts.verdict import UNDECIDED, Verdict
from aecli.drawing import draw_png, draw_svg
from aecli.errors import UsageError
from aecli.files.reading import read_bytes
from aecli.files.writing import find_output, write_output
from aecli.text import printable

TEMPLATE = "report.html.j2"
GENERATOR = "aecli report"
"""Marks a file as one of ours, so that it may be replaced by a newer one."""
SVG_BYTES = 300_000
"""A drawing that would be larger is embedded as PNG."""
HEADINGS = {
    "curves": "Learning curves",
    "intervals": "Means with intervals",
    "tuning": "What more trials of the tuning gave",
    "pareto": "Two metrics against each other",
    "reconstructions": "The same test images",
}


@dataclass(frozen=True)
class Figure:
    """A figure as it stands in the page."""

    title: str
    caption: str
    source: str
    """data: URI; empty where it could not be drawn, and then the caption says why."""


def write_report(
    comparison: Comparison,
    path: str | Path,
    *,
    title: str | None = None,
    written: str,
    points: PointComparison | None = None,
) -> None:
    """Write the report.

    Args:
        comparison: what it tells.
        path: the HTML file; see `check_target`.
        title: its heading; made from what was compared if not given.
        written: when, in words; the only thing in the file that does not follow from the runs.
        points: what frontiers have where a number is equal, where that was asked for.

    Raises:
        UsageError, RunFolderError: the file cannot be written.
    """
    write_output(
        Path(path), make_report(comparison, title=title, written=written, points=points).encode(), printable(path)
    )


def check_target(path: str | Path, *, force: bool) -> Path:
    """The path of the report, checked before anything is computed.

    A report of aecli may be replaced: comparing again once more runs are there is what it is for. Any other file may
    not, except by force.

    Raises:
        UsageError: it is a directory, its directory does not exist, or there is another file, or something that is no
            file.
    """
    path = Path(path)
    if path.is_dir():
        raise UsageError(
            f"{printable(path)}: is a directory; name the file in it, for example {printable(path / 'report.html')}"
        )
    if not path.parent.is_dir():
        raise UsageError(f"{printable(path)}: there is no directory {printable(path.parent)}; make it first")
    find_output(path, printable(path))
    if path.exists() and not force and not is_ours(path):
        raise UsageError(
            f"{printable(path)}: exists and is no report of aecli; name another file, or replace it with --force"
        )
    return path


def is_ours(path: Path) -> bool:
    """Whether a file is a report that aecli wrote, or empty."""
    try:
        head = read_bytes(path, 1000, head=1000)
    except OSError:
        return False
    return not head or f'name="generator" content="{GENERATOR}'.encode() in head


def make_report(
    comparison: Comparison, *, title: str | None, written: str, points: PointComparison | None = None
) -> str:
    """The whole page as text."""
    from jinja2 import Environment, StrictUndefined

    import aecli

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=visible
    )
    template = environment.from_string(files(__package__).joinpath(TEMPLATE).read_text(encoding="utf-8"))
    return template.render(
        generator=f"{GENERATOR} {aecli.__version__}",
        title=title or make_title(comparison),
        written=written,
        sections=[make_section(group, comparison.rope) | frontiers_of(group, points) for group in comparison.groups],
        left_out=comparison.left_out,
        about_nets=ABOUT_NETS,
    )


def visible(value: object) -> object:
    """Control characters of a text as escapes; what is HTML already stays."""
    return printable(value) if type(value) is str else value


def make_title(comparison: Comparison) -> str:
    """`mnist: 5 configs compared`."""
    if len(comparison.groups) > 1:
        return f"Runs on {len(comparison.groups)} data sets"
    (group,) = comparison.groups
    data, number = group.data.partition(",")[0], len(group.candidates)
    return f"{data}: {group.baseline.label}" if number == 1 else f"{data}: {number} configs compared"


def make_section(group: Group, rope: Rope) -> dict[str, Any]:
    """What the template needs of one data set."""
    table, classes = make_table(group), make_classes(group)
    matrix = make_matrix(group) if len(group.candidates) > 1 else None
    return {
        "group": group,
        "tuning": tuning_lines(group.tuned),
        "rope": rope_words(rope, group.metrics),
        "best": sense_words(group),
        "question": question_words(group),
        "answers": [answer_words(group, metric) for metric in group.metrics],
        "setting": describe_setting(group),
        "results": result_grids(table),
        "differences_in_settings": setting_grids(table),
        "verdicts": [verdict_row(verdict) for verdict in group.verdicts],
        "rests_on": basis_words(group),
        "reasons": list(dict.fromkeys(reason_words(verdict) for verdict in group.verdicts if verdict.reason)),
        "images": [nets_words(verdict.candidate, verdict.images) for verdict in group.verdicts if verdict.images],
        "findings": [(finding.code, *tell(finding)) for finding in group.findings],
        "searches": [(search, *search_words(search)) for search in find_searches(group.runs)],
        "referees": matrix_grids(matrix) if matrix and len(matrix.metrics) > 1 else [],
        "figures": [embed(HEADINGS[name], drawing) for name, drawing in draw_all(group).items()],
        "differences": [embed("Where they differ most", drawing) for drawing in draw_extremes(group)],
        "classes": classes,
        "errors_by_class": class_grids(classes) if classes else [],
        "environment": describe_environment(group.runs),
        "sources": list_sources(group),
    }


def frontiers_of(group: Group, points: PointComparison | None) -> dict[str, Any]:
    """What the template needs of the frontiers of a data set; empty where none were asked for."""
    for one in points.groups if points else ():
        if points and one.data_sha256 == group.data_sha256 and one.data == group.data:
            head, *lines = group_lines(points, one)
            figure = embed(f"Frontiers over {points.at.name}", draw_frontiers(points, one))
            return {
                "frontiers": {"head": head.rstrip(":"), "lines": [line.strip() for line in lines], "figure": figure}
            }
    return {"frontiers": None}


def verdict_row(verdict: Verdict) -> dict[str, Any]:
    """One line of the table of verdicts."""
    return {
        "verdict": verdict,
        "difference": difference_words(verdict) if verdict.difference else "",
        "open": open_words(verdict),
        "needed": needed_words(verdict) if verdict.kind == UNDECIDED and verdict.difference else "",
        "p": p_words(verdict.p_corrected).removeprefix("p ").removeprefix("= ")
        if verdict.p_corrected is not None
        else "",
    }


def draw_extremes(group: Group) -> Sequence[Drawing]:
    """The images where the best candidate differs most from what it is compared with, or from the second."""
    ranked = rank(group.candidates, group.metrics[0])
    if len(ranked) < 2:
        return []
    other = ranked[1] if ranked[0] is group.baseline or group.baseline not in ranked else group.baseline
    return draw_differences(ranked[0], other)


def embed(title: str, drawing: Drawing) -> Figure:
    """A drawing as a data: URI."""
    if drawing.figure is None:
        return Figure(title, drawing.caption, "")
    svg = b"" if drawing.is_photo else draw_svg(drawing.figure)
    kind, content = ("svg+xml", svg) if 0 < len(svg) <= SVG_BYTES else ("png", draw_png(drawing.figure))
    source = f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
    return Figure(title, drawing.caption, source)
