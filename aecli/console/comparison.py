"""A comparison on the screen: the ranked table, verdicts where seeds allow them, findings, and what was left out."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from aecli.comparison.evidence.rope import Rope
from aecli.comparison.telling.baseline_words import baseline_words, short_baseline_words
from aecli.comparison.telling.basis_words import basis_words, best_set_words
from aecli.comparison.telling.digits import amount, interval_words, short_p
from aecli.comparison.telling.finding_words import finding_words, tell
from aecli.comparison.telling.lists import listing_labels
from aecli.comparison.telling.matrix_table import MATRIX_TITLE, matrix_table
from aecli.comparison.telling.needed_words import few_needed_words, looks_words
from aecli.comparison.telling.table import Table
from aecli.comparison.telling.untrained_words import behind_words
from aecli.comparison.telling.verdict_words import (
    ABOUT_NETS,
    nets_lines,
    nets_words,
    open_words,
    rope_words,
    shown_difference,
)
from aecli.comparison.verdicts.group import Comparison, Group
from aecli.comparison.verdicts.matrix import make_matrix
from aecli.comparison.verdicts.verdict import UNDECIDED, Verdict
from aecli.console.printing import COLOURS, say, show, stdout
from aecli.console.ranked_table import ROWS_SHOWN, cut, draw_table, with_ranges
from aecli.console.tables import table
from aecli.console.tuned_verdicts import show_tuning
from aecli.text import printable

if TYPE_CHECKING:
    from rich.text import Text

    from aecli.console.tables import Table as DrawnTable

VERDICT_COLOURS = {
    "better": "green",
    "worse": "red",
    "equivalent": "cyan",
    "undecided": "yellow",
    "not measured": "dim",
}
LEFT_OUT_SHOWN = 5


def show_comparison(
    comparison: Comparison,
    tables: Sequence[Table],
    *,
    matrix: bool = False,
    top: int | None = None,
    explain: bool = False,
) -> None:
    """Everything, one data set after the other.

    Args:
        comparison: what was found.
        tables: of each data set.
        matrix: show the referee matrix, too.
        top: how many rows of each table were asked for.
        explain: say why verdicts are open and what findings forbid, and compare single nets image by image.
    """
    for group, table_of_all in zip(comparison.groups, tables, strict=True):
        made = table_of_all if top else cut(table_of_all)
        show_table(group, made)
        for text in behind_words(group, group.metrics[0]):
            mark(text, len(text), COLOURS["warning"])
        if matrix:
            show_matrix(group, top or ROWS_SHOWN)
        show_verdicts(group, comparison.rope, {row.label for row in made.rows}, explain=explain)
        if group.tuned:
            show_tuning(group.tuned, group.verdicts, explain=explain)
        show_findings_of(group, explain=explain)
    if comparison.left_out:
        show_left_out(comparison)
    if not explain and any(group.verdicts or group.findings for group in comparison.groups):
        mark("--explain: what each finding forbids to conclude, and what the verdicts rest on", 0, "")


def show_findings_of(group: Group, *, explain: bool) -> None:
    """What is wrong with a comparison, a line each; what that forbids where explanations are asked for."""
    for finding in group.findings:
        text = finding_words(finding) if explain else f"{finding.code}: {tell(finding)[0]}"
        mark(text, len(finding.code), COLOURS["warning"])


def show_table(group: Group, made: Table) -> None:
    """The rows, best first; the best of each column in bold with a star, predictors that need no training dim."""
    runs, configs = len(group.runs), len(group.candidates)
    say_bold(f"{group.data}: {runs} run{'s' * (runs != 1)}, {configs} config{'s' * (configs != 1)}")
    judging = {metric.name for metric in group.metrics}
    made = with_ranges(made)
    drawn = draw_table(made, judging, is_bare=False)
    show(drawn if drawn.natural <= stdout().width else draw_table(made, judging, is_bare=True))
    if made.cut:
        say(f"and {made.cut} more rows: --top {ROWS_SHOWN + made.cut} shows them, --format csv has them all")


def show_matrix(group: Group, top: int) -> None:
    """Every candidate by every neutral metric; what was trained on a metric is set in parentheses there."""
    made = matrix_table(make_matrix(group))
    say_bold(MATRIX_TITLE)
    show(table("", ["", *made.heads[1:]], [[cell.text for cell in row.cells] for row in made.rows[:top]]))


def show_verdicts(group: Group, rope: Rope, shown: Collection[str], *, explain: bool) -> None:
    """A table of verdicts for each metric, of those rows that are shown and have the seeds; single nets in a line."""
    if not group.verdicts:
        mark("one config: nothing to compare; train another, for example: aecli train --config huber.yaml", 0, "")
        return
    ours = [verdict for verdict in group.verdicts if verdict.candidate in shown]
    tested = [verdict for verdict in ours if verdict.p_corrected is not None]
    if tested:
        within = f"equivalent within {rope_words(rope, group.metrics)}"
        if tested[0].comparisons > 1:
            within += f"; p corrected for {tested[0].comparisons} comparisons"
        mark(f"{baseline_words(group)[:-1] if explain else short_baseline_words(group)}, {within}:", 0, "")
    for metric in group.metrics:
        of_metric = [verdict for verdict in tested if verdict.metric == metric]
        if of_metric:
            show(draw_verdicts(of_metric))
    if any(verdict.kind == UNDECIDED and verdict.needed is not None for verdict in tested):
        mark(looks_words(group), 0, "")
    if best := best_set_words(group, group.metrics[0]):
        mark(best, 0, "")
    for text in nets_lines(group, ours):
        mark(text, 0, "")
    if explain:
        for text in basis_words(group):
            mark(text, 0, "")
        show_open(ours)


def draw_verdicts(verdicts: Sequence[Verdict]) -> "DrawnTable":
    """The verdicts by one metric; what they rest on leaves a narrow screen first."""
    heads = ["verdict", "difference", "95 % interval", "seeds won", "p", "seeds", "would decide"]
    rows = [verdict_row(verdict) for verdict in verdicts]
    kept = [at for at in range(len(heads) + 1) if at < len(heads) or any(row[-1] for row in rows)]
    return table(
        "",
        [f"by {verdicts[0].metric.name}", *heads][: len(kept)],
        [row[: len(kept)] for row in rows],
        text_columns=2,
        leaves=(4, 5, 6, 7, 3),
    )


def show_open(verdicts: Sequence[Verdict]) -> None:
    """Why some are open; the same words for several are said once."""
    alike: dict[str, list[str]] = {}
    for verdict in verdicts:
        if text := open_words(verdict):
            alike.setdefault(text, []).append(verdict.candidate)
    for text, labels in alike.items():
        mark(f"  {listing_labels(labels)}: {text}", 0, "")
    nets = [(verdict.candidate, verdict.images) for verdict in verdicts if verdict.images]
    if nets:
        mark(f"  image by image, {ABOUT_NETS}:", 0, "")
        for candidate, images in nets:
            mark(f"    {nets_words(candidate, images)}", 0, "")


def verdict_row(verdict: Verdict) -> "list[str | Text]":
    """The cells of one verdict that has been tested."""
    from rich.text import Text

    difference, p = verdict.known, verdict.p_corrected
    shown, unit = shown_difference(verdict)
    seeds = f"{difference.estimate.n}" if difference.paired else f"{difference.estimate.n}, unpaired"
    return [
        verdict.candidate,
        Text(verdict.kind, VERDICT_COLOURS[verdict.kind]),
        amount(shown.mean, unit, signed=True),
        "-" if shown.low is None else interval_words(shown, unit),
        "-" if verdict.seeds_won is None else f"{verdict.seeds_won * 100:.0f} %",
        "-" if p is None else short_p(p),
        seeds,
        few_needed_words(verdict),
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
