"""A comparison on the screen: table, verdicts, matrix, lint, and what was left out."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from aecli.comparison.evidence.rope import Rope
from aecli.comparison.telling.baseline_words import baseline_words
from aecli.comparison.telling.digits import amount, interval_words, show_mean
from aecli.comparison.telling.finding_words import finding_words
from aecli.comparison.telling.matrix_table import MATRIX_TITLE, matrix_table
from aecli.comparison.telling.table import Table, with_labels
from aecli.comparison.telling.verdict_words import (
    ABOUT_NETS,
    nets_words,
    open_words,
    rope_words,
    shown_difference,
    verdict_words,
)
from aecli.comparison.verdicts.group import Comparison, Group
from aecli.comparison.verdicts.matrix import make_matrix
from aecli.comparison.verdicts.verdict import Verdict
from aecli.console.printing import COLOURS, say, show, stdout, table
from aecli.text import printable

if TYPE_CHECKING:
    from rich.table import Table as DrawnTable
    from rich.text import Text

VERDICT_COLOURS = {
    "better": "green",
    "worse": "red",
    "equivalent": "cyan",
    "undecided": "yellow",
    "not measured": "dim",
}
LEFT_OUT_SHOWN = 5
ROWS_SHOWN = 60
"""Rows on the screen where nobody asked for a number of them; every other format has them all."""


def show_comparison(comparison: Comparison, tables: Sequence[Table], *, matrix: bool, top: int | None = None) -> None:
    """Everything, one data set after the other; `top` rows of each."""
    for group, table_of_all in zip(comparison.groups, map(with_labels, tables), strict=True):
        made = table_of_all if top else cut(table_of_all)
        show_table(group, made)
        if matrix:
            show_matrix(group, top or ROWS_SHOWN)
        show_verdicts(group, comparison.rope, {row.label for row in made.rows})
        for finding in group.findings:
            mark(finding_words(finding), len(finding.code), COLOURS["warning"])
    if comparison.left_out:
        show_left_out(comparison)


def cut(made: Table) -> Table:
    """The first rows of a long table, and its baselines."""
    ours = [row for row in made.rows if row.kind != "baseline"]
    if len(ours) <= ROWS_SHOWN:
        return made
    return replace(
        made,
        rows=(*ours[:ROWS_SHOWN], *(row for row in made.rows if row.kind == "baseline")),
        cut=len(ours) - ROWS_SHOWN,
    )


def show_table(group: Group, made: Table) -> None:
    """The rows; the best of each column in bold with a star, baselines dim.

    Where the screen is too narrow, intervals stay with the metrics that judge; then the last columns go, and it says
    so; in the end a row's label stands for its settings.
    """
    runs, configs = len(group.runs), len(group.candidates)
    say_bold(f"{group.data}: {runs} run{'s' * (runs != 1)}, {configs} config{'s' * (configs != 1)}")
    judging = {metric.name for metric in group.metrics}
    first = made.text_columns + len(made.counters)
    spare = [index for index in range(first, len(made.keys)) if made.keys[index] not in judging]
    hidden: list[int] = []
    drawn = draw_table(made, hidden, bare=[])
    if not fits(drawn):
        drawn = draw_table(made, hidden, bare=spare)
    while not fits(drawn) and spare:
        hidden.append(spare.pop())
        drawn = draw_table(made, hidden, bare=spare)
    if not fits(drawn):
        drawn = draw_table(made, [*hidden, *range(made.text_columns)], bare=spare)
    show(drawn)
    if made.cut:
        say(f"and {made.cut} more rows: --top {ROWS_SHOWN + made.cut} shows them, --format csv has them all")
    if hidden:
        names = ", ".join(made.keys[index].removeprefix("test.") for index in sorted(hidden))
        widen = "widen the terminal" if stdout().is_terminal else "set COLUMNS=160"
        say(f"too narrow for {names}: choose with --columns, or {widen}")


def fits(drawn: "DrawnTable") -> bool:
    """Whether a table can be shown without breaking its cells."""
    from rich.measure import Measurement

    console = stdout()
    return Measurement.get(console, console.options.update(width=10_000), drawn).maximum <= console.width


def draw_table(made: Table, hidden: Sequence[int], *, bare: Sequence[int]) -> "DrawnTable":
    """The table without the hidden columns, and without intervals in the bare ones."""
    from rich.text import Text

    kept = [index for index in range(len(made.keys)) if index not in hidden]
    has_settings = bool(made.text_columns) and 0 in kept
    rows = []
    for row in made.rows:
        style = "dim" if row.kind == "baseline" else ""
        texts = [show_mean(cell.estimate) if index in bare else cell.text for index, cell in enumerate(row.cells)]
        line = [
            Text(f"{texts[index]} *", "bold") if row.cells[index].is_best else Text(texts[index], style)
            for index in kept
        ]
        rows.append(line if has_settings else [Text(row.label, style), *line])
    heads = [made.heads[index] for index in kept]
    return table(
        "", heads if has_settings else ["", *heads], rows, text_columns=made.text_columns if has_settings else 1
    )


def show_matrix(group: Group, top: int) -> None:
    """Every candidate by every neutral metric; what was trained on a metric is set in parentheses there."""
    made = matrix_table(make_matrix(group))
    say_bold(MATRIX_TITLE)
    show(table("", ["", *made.heads[1:]], [[cell.text for cell in row.cells] for row in made.rows[:top]]))


def show_verdicts(group: Group, rope: Rope, shown: Collection[str]) -> None:
    """A table of verdicts for each metric on the rows that are shown, and under it why some are open."""
    if not group.verdicts:
        say("one config: nothing to compare; train another, for example: aecli train --config huber.yaml")
        return
    say(f"{baseline_words(group)[:-1]}, equivalent within {rope_words(rope, group.metrics)}:")
    for metric in group.metrics:
        verdicts = [verdict for verdict in group.verdicts if verdict.metric == metric and verdict.candidate in shown]
        if not verdicts:
            continue
        held = f", of {verdicts[0].comparisons}" if verdicts[0].comparisons > 1 else ""
        heads = [f"by {metric.name}", "verdict", "difference", "95 % interval", "P(better)", f"p (Holm{held})", "seeds"]
        drawn = table("", heads, [verdict_row(verdict) for verdict in verdicts], text_columns=2)
        if fits(drawn):
            show(drawn)
            show_open(verdicts)
        else:
            for verdict in verdicts:
                mark(verdict_words(verdict), len(verdict.candidate), VERDICT_COLOURS[verdict.kind])


def show_open(verdicts: Sequence[Verdict]) -> None:
    """Why some are open; the same words for several are said once."""
    alike: dict[str, list[str]] = {}
    for verdict in verdicts:
        if text := open_words(verdict):
            alike.setdefault(text, []).append(verdict.candidate)
    for text, labels in alike.items():
        mark(f"  {'; '.join(labels)}: {text}", 0, "")
    nets = [(verdict.candidate, verdict.images) for verdict in verdicts if verdict.images]
    if nets:
        mark(f"  image by image, {ABOUT_NETS}:", 0, "")
        for candidate, images in nets:
            mark(f"    {nets_words(candidate, images)}", 0, "")


def verdict_row(verdict: Verdict) -> "list[str | Text]":
    """The cells of one verdict."""
    from rich.text import Text

    difference, p = verdict.difference, verdict.p_holm
    cells: list[str | Text] = [verdict.candidate, Text(verdict.kind, VERDICT_COLOURS[verdict.kind])]
    if difference is None:
        return [*cells, "-", "-", "-", "-", "-"]
    shown, unit = shown_difference(verdict)
    interval = "-" if shown.low is None else interval_words(shown, unit)
    seeds = f"{difference.estimate.n}" if difference.paired else f"{difference.estimate.n}, unpaired"
    return [
        *cells,
        amount(shown.mean, unit, signed=True),
        interval,
        f"{verdict.p_better:.2f}",
        "-" if p is None else f"{p:.2g}",
        seeds,
    ]


def say_bold(text: str) -> None:
    """A line that heads a table."""
    mark(text, len(text), "bold")


def mark(text: str, length: int, style: str) -> None:
    """A line whose beginning is coloured."""
    from rich.text import Text

    line = Text(text)
    line.stylize(style, 0, length)
    show(line, soft_wrap=not stdout().is_terminal)


def show_left_out(comparison: Comparison) -> None:
    """What could not be compared, and why."""
    kinds: dict[str, int] = {}
    for one in comparison.left_out:
        kinds[one.kind] = kinds.get(one.kind, 0) + 1
    say(f"left out: {', '.join(f'{number} {kind}' for kind, number in kinds.items())}")
    for one in comparison.left_out[:LEFT_OUT_SHOWN]:
        say(f"  {printable(one.path)}: {one.reason}")
    if len(comparison.left_out) > LEFT_OUT_SHOWN:
        say(f"  and {len(comparison.left_out) - LEFT_OUT_SHOWN} more; --json names them all")
