"""A comparison as LaTeX."""

from collections.abc import Sequence

from aecli.comparison.telling.formats.render import Markup, render
from aecli.comparison.telling.table import Table
from aecli.comparison.verdicts.group import Comparison

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


def write_latex(comparison: Comparison, tables: Sequence[Table], *, matrix: bool = False) -> str:
    """A booktabs tabular for each data set; verdicts as comments are left to the text around it."""
    return render(comparison, tables, MARKUP, matrix=matrix)


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
    columns = "".join("l" if column.is_text else "r" for column in table.columns)
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


MARKUP = Markup(
    escape=latex_text,
    table=latex_table,
    title=lambda title: rf"\paragraph{{{title}}}",
    item=lambda line: rf"\par\noindent {line}",
)
