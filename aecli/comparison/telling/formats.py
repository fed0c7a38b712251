"""A comparison as CSV, Markdown, LaTeX, HTML or JSON; the terminal's own form is in the console."""

import csv
import html
import io
import re
from collections.abc import Callable, Sequence
from typing import Any

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.statistics.statistics import Estimate, mean_interval
from aecli.comparison.telling.table import DASH, Row, Table, with_labels
from aecli.comparison.telling.words import finding_words, verdict_words
from aecli.comparison.verdicts.compare import Comparison, Group
from aecli.comparison.verdicts.matrix import MATRIX_TITLE, Matrix, make_matrix, matrix_table
from aecli.comparison.verdicts.verdict import Verdict

SCHEMA = 1
"""Version of the JSON."""
LATEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "±": r"$\pm$",
    "↓": r"$\downarrow$",
    "↑": r"$\uparrow$",
    "<": r"$<$",
    ">": r"$>$",
}


def write_csv(comparison: Comparison, tables: Sequence[Table]) -> str:
    """One line for each row: what it is, its settings, n, and for each metric the mean and its 95 % interval in full."""
    keys = list(dict.fromkeys(key for table in tables for key in table.keys))
    numbers = [
        key for key in keys if any(key in table.keys[table.text_columns + len(table.counters) :] for table in tables)
    ]
    texts = [key for key in keys if key not in numbers]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        [
            "data",
            "kind",
            "label",
            *map(csv_text, texts),
            *(name for key in numbers for name in (key, f"{key}.low", f"{key}.high")),
        ]
    )
    for group, table in zip(comparison.groups, tables, strict=True):
        for row in table.rows:
            cells = dict(zip(table.keys, row.cells, strict=True))
            line = [
                csv_text(text)
                for text in (
                    group.data,
                    row.kind,
                    row.label,
                    *(cells[key].text if key in cells else "" for key in texts),
                )
            ]
            for key in numbers:
                estimate = cells[key].estimate if key in cells else None
                line += ["", "", ""] if estimate is None else [estimate.mean, estimate.low, estimate.high]
            writer.writerow(line)
    return text.getvalue()


def csv_text(text: str) -> str:
    """Text that a spreadsheet does not take for a formula: an apostrophe before what begins like one and is no number.

    Example:
        >>> csv_text("=1+1"), csv_text("-0.5"), csv_text("mse")
        ("'=1+1", '-0.5', 'mse')
    """
    if text == DASH or not text.startswith(("=", "+", "-", "@", "\t", "\r")):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text


def write_markdown(comparison: Comparison, tables: Sequence[Table], *, matrix: bool = False) -> str:
    """A table for each data set with the verdicts under it; the best of each column in bold."""
    return render(
        comparison,
        tables,
        matrix,
        markdown_text,
        markdown_table,
        lambda title: f"**{title}**",
        lambda line: f"- {line}",
    )


def markdown_text(text: str) -> str:
    """Text that Markdown shows as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", text)


def markdown_table(table: Table) -> list[str]:
    """A GitHub-flavoured table."""
    rule = ["---" if index < table.text_columns else "---:" for index in range(len(table.heads))]
    lines = [pipes([markdown_text(head) for head in table.heads]), pipes(rule)]
    for row in table.rows:
        cells = [markdown_text(cell.text) for cell in row.cells]
        lines.append(
            pipes([f"**{text}**" if cell.is_best else text for text, cell in zip(cells, row.cells, strict=True)])
        )
    return lines


def pipes(cells: Sequence[str]) -> str:
    """One line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def write_latex(comparison: Comparison, tables: Sequence[Table], *, matrix: bool = False) -> str:
    """A booktabs tabular for each data set; verdicts as comments are left to the text around it."""
    return render(
        comparison,
        tables,
        matrix,
        latex_text,
        latex_table,
        lambda title: rf"\paragraph{{{title}}}",
        lambda line: rf"\par\noindent {line}",
    )


def latex_text(text: str) -> str:
    """Text with everything escaped that LaTeX would obey."""
    return "".join(LATEX.get(letter, letter) for letter in text)


def latex_cell(text: str) -> str:
    r"""The same for a cell; behind `\\`, a `[` would begin a length and a `*` would forbid a page break.

    Example:
        >>> latex_cell("[784, 32]")
        '{}[784, 32]'
    """
    return f"{'{}' if text.startswith(('[', '*')) else ''}{latex_text(text)}"


def latex_table(table: Table) -> list[str]:
    """A tabular, for the package booktabs."""
    columns = "l" * table.text_columns + "r" * (len(table.heads) - table.text_columns)
    lines = [
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        " & ".join(latex_cell(head) for head in table.heads) + r" \\",
        r"\midrule",
    ]
    previous = "candidate"
    for row in table.rows:
        if row.kind == "baseline" and previous != "baseline":
            lines.append(r"\midrule")
        previous = row.kind
        cells = [latex_cell(cell.text) for cell in row.cells]
        cells = [rf"\textbf{{{text}}}" if cell.is_best else text for text, cell in zip(cells, row.cells, strict=True)]
        lines.append(" & ".join(cells) + r" \\")
    return [*lines, r"\bottomrule", r"\end{tabular}"]


def write_html(comparison: Comparison, tables: Sequence[Table], *, matrix: bool = False) -> str:
    """A fragment: a table for each data set; `aecli report` writes the whole page."""
    return render(
        comparison,
        tables,
        matrix,
        html.escape,
        html_table,
        lambda title: f"<h2>{title}</h2>",
        lambda line: f"<p>{line}</p>",
    )


def html_table(table: Table) -> list[str]:
    """A table element."""
    lines = [
        "<table>",
        "<thead><tr>" + "".join(f"<th>{html.escape(head)}</th>" for head in table.heads) + "</tr></thead>",
        "<tbody>",
    ]
    for row in table.rows:
        cells = [html.escape(cell.text) for cell in row.cells]
        marked = [
            f"<strong>{text}</strong>" if cell.is_best else text for text, cell in zip(cells, row.cells, strict=True)
        ]
        lines.append(f'<tr class="{row.kind}">' + "".join(f"<td>{text}</td>" for text in marked) + "</tr>")
    return [*lines, "</tbody>", "</table>"]


def render(
    comparison: Comparison,
    tables: Sequence[Table],
    matrix: bool,
    escape: Callable[[str], str],
    draw: Callable[[Table], list[str]],
    title: Callable[[str], str],
    item: Callable[[str], str],
) -> str:
    """Title, table, the matrix if asked for, verdicts and lint of each data set, in the words of one format."""
    blocks: list[str] = []
    for group, table in zip(comparison.groups, tables, strict=True):
        lines = [verdict_words(verdict) for verdict in group.verdicts] + [
            finding_words(finding) for finding in group.findings
        ]
        blocks += [title(escape(group.data)), "\n".join(draw(with_labels(table)))]
        if matrix:
            blocks += [title(escape(MATRIX_TITLE)), "\n".join(draw(matrix_table(make_matrix(group))))]
        blocks.append("\n".join(item(escape(line)) for line in lines))
    return "\n\n".join(block for block in blocks if block)


def as_json(comparison: Comparison, tables: Sequence[Table], *, matrix: bool = False) -> dict[str, Any]:
    """The comparison as plain data, versioned; `aecli docs comparing` documents it."""
    groups = []
    for group, table in zip(comparison.groups, tables, strict=True):
        groups.append(group_json(group, table) | ({"matrix": matrix_json(make_matrix(group))} if matrix else {}))
    return {
        "schema": SCHEMA,
        "rope": str(comparison.rope),
        "groups": groups,
        "left_out": [{"path": str(one.path), "kind": one.kind, "reason": one.reason} for one in comparison.left_out],
    }


def group_json(group: Group, table: Table) -> dict[str, Any]:
    """One data set."""
    shown = table.measures
    return {
        "data": {"name": group.data, "sha256": group.data_sha256},
        "factors": list(group.factors),
        "metrics": {one.name: one.better for one in dict.fromkeys([*group.metrics, *shown])},
        "judged_by": [one.name for one in group.metrics],
        "baseline": group.baseline.label,
        "baseline_was_chosen": group.was_chosen,
        "rows": [row_json(row, table) for row in table.rows],
        "candidates": [candidate_json(candidate, [*group.metrics, *shown]) for candidate in group.candidates],
        "baselines": group.baseline_rows(shown),
        "verdicts": [verdict_json(verdict) for verdict in group.verdicts],
        "findings": [{"code": one.code, "what": one.what, "forbids": one.forbids} for one in group.findings],
    }


def matrix_json(matrix: Matrix) -> dict[str, Any]:
    """Label -> metric -> mean, regret, and whether the loss judges itself."""
    return {
        label: {
            metric.name: {"mean": cell.estimate and cell.estimate.mean, "regret": cell.regret, "is_own": cell.is_own}
            for metric, cell in zip(matrix.metrics, cells, strict=True)
        }
        for label, cells in matrix.rows
    }


def row_json(row: Row, table: Table) -> dict[str, Any]:
    """A row as it is shown, in the order in which it is."""
    cells = {}
    for key, cell in zip(table.keys, row.cells, strict=True):
        cells[key] = estimate_json(cell.estimate) if cell.estimate else cell.text
    return {"kind": row.kind, "label": row.label, "cells": cells}


def candidate_json(candidate: Candidate, measures: Sequence[Measure]) -> dict[str, Any]:
    """A candidate with its runs and every value by seed."""
    numbers = {}
    for one in measures:
        values = candidate.values(one)
        if values:
            by_seed = {str(seed): value for seed, value in values.items()}
            numbers[one.name] = estimate_json(mean_interval(list(values.values()))) | {"by_seed": by_seed}
    return {
        "label": candidate.label,
        "settings": dict(candidate.settings),
        "seeds": list(candidate.seeds),
        "runs": [str(run.path) for run in candidate.runs],
        "duplicates": [str(run.path) for run in candidate.duplicates],
        "metrics": numbers,
    }


def estimate_json(estimate: Estimate | None) -> dict[str, Any] | None:
    """Mean and 95 % interval."""
    return (
        None
        if estimate is None
        else {"mean": estimate.mean, "low": estimate.low, "high": estimate.high, "n": estimate.n}
    )


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """One verdict with everything it rests on."""
    difference, images = verdict.difference, verdict.images
    return {
        "metric": verdict.metric.name,
        "candidate": verdict.candidate,
        "baseline": verdict.baseline,
        "verdict": verdict.kind,
        "difference": estimate_json(difference.estimate) if difference else None,
        "relative": estimate_json(verdict.relative),
        "scale": verdict.metric.scale,
        "paired": difference.paired if difference else None,
        "p": difference.p if difference else None,
        "p_holm": verdict.p_holm,
        "comparisons": verdict.comparisons,
        "p_better": verdict.p_better,
        "band": verdict.band,
        "seeds": list(verdict.seeds),
        "needed_seeds": verdict.needed,
        "reason": verdict.reason,
        "images": images
        and {
            "verdict": images.kind,
            "quantity": images.quantity,
            "difference": estimate_json(images.difference),
            "wins": images.wins,
        },
        "words": verdict_words(verdict),
    }
