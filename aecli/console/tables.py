"""Every table on the screen: at most as wide as the screen, and never at the cost of a number or a word.

Where it is too wide, heads and then texts are broken at blanks; then columns are left out, in the order that the table
was made with, and a line under it names them and says how to see them. The first column names the rows and stays.
"""

import itertools
import textwrap
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.measure import Measurement
    from rich.table import Table as Grid
    from rich.text import Text

GAP, NARROW_GAP = 3, 2
"""Letters between two columns: where there is room, and before one of them is left out."""
ENDS = 2
"""Letters before the first column and behind the last one."""
HEAD_LINES = 3
"""Lines that a head is broken into at most before a column is left out."""
TEXT_WIDTH = 24
"""Letters that a text may be broken down to, or to its longest word, before a column is left out."""


class Fit(NamedTuple):
    """The columns that are shown, and the letters that each of them takes."""

    kept: tuple[int, ...]
    widths: tuple[int, ...]
    gap: int


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table that fits itself to the screen whenever it is printed."""

    title: str
    columns: tuple[str, ...]
    """The heads."""
    rows: "tuple[tuple[str | Text, ...], ...]"
    text_columns: int
    """So many of the first columns hold text, which may be broken at blanks; the others numbers, which may not."""
    texts: frozenset[int]
    """Further columns of text."""
    leaves: tuple[int, ...]
    """Columns in the order in which they are left out; all but one of the others follow, the last one first."""
    more: str
    """Where everything can be seen, such as `--json`."""

    @cached_property
    def cells(self) -> list[int]:
        """The letters of the longest cell of each column."""
        return [max((letters(row[at]) for row in self.rows), default=0) for at in range(len(self.columns))]

    @cached_property
    def words(self) -> list[int]:
        """The letters of the longest word of each column."""
        return [max((longest_word(str(row[at])) for row in self.rows), default=0) for at in range(len(self.columns))]

    @cached_property
    def natural(self) -> int:
        """The letters of a line with every cell and every head in one line."""
        return line_width(list(map(max, self.cells, map(letters, self.columns))))

    def fit(self, width: int) -> Fit:
        """What is shown on a screen of so many letters."""
        kept = list(range(len(self.columns)))
        rest = [at for at in reversed(kept[1:]) if at not in self.leaves]
        for left in [None, *[*self.leaves, *rest][: max(len(kept) - 2, 0)]]:
            kept = [at for at in kept if at != left]
            for gap, is_broken in itertools.product((GAP, NARROW_GAP), (False, True)):
                for lines in range(1, HEAD_LINES + 1):
                    least = [self.least(at, lines, is_broken=is_broken) for at in kept]
                    if (room := width - line_width(least, gap)) >= 0:
                        return Fit(tuple(kept), self.widen(kept, least, room), gap)
        room = width - line_width(least, NARROW_GAP)
        least[0] = max(1, narrowest(self.columns[0], HEAD_LINES), least[0] + room)
        return Fit(tuple(kept), tuple(least), NARROW_GAP)

    def least(self, at: int, lines: int, *, is_broken: bool) -> int:
        """The letters that a column takes with its head in so many lines, and with its texts broken or whole."""
        widest = self.cells[at]
        if is_broken and self.is_text(at):
            widest = min(widest, max(self.words[at], TEXT_WIDTH))
        return max(narrowest(self.columns[at], lines), widest)

    def is_text(self, at: int) -> bool:
        """Whether a column holds text."""
        return at < self.text_columns or at in self.texts

    def widen(self, kept: Sequence[int], least: Sequence[int], room: int) -> tuple[int, ...]:
        """The room that is left on the screen goes to texts that are broken, the first one first."""
        widths = list(least)
        for place, at in enumerate(kept):
            more = min(room, max(self.cells[at] - widths[place], 0))
            widths[place] += more
            room -= more
        return tuple(widths)

    def __rich_measure__(self, console: "Console", options: "ConsoleOptions") -> "Measurement":
        """As wide as with everything in one line, or as the screen."""
        from rich.measure import Measurement

        return Measurement(1, min(self.natural, options.max_width))

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        """The title, the rows, and what was left out."""
        found = self.fit(options.max_width)
        if self.title:
            yield from whole_words(self.title, options.max_width, "bold")
        needed = line_width(found.widths, found.gap)
        yield from console.render(self.draw(found), options.update(width=max(options.max_width, needed)))
        hidden = [head for at, head in enumerate(self.columns) if at not in found.kept]
        if hidden:
            widen = "widen the terminal to" if console.is_terminal else "set COLUMNS to"
            note = f"too narrow for {', '.join(hidden)}: {widen} {self.natural}, or see {self.more}"
            yield from whole_words(note, options.max_width)

    def draw(self, found: Fit) -> "Grid":
        """The columns that are shown, their heads and texts broken as far as they must be."""
        from rich.box import SIMPLE_HEAD
        from rich.table import Table as Grid

        grid = Grid(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, found.gap - NARROW_GAP))
        shown = list(zip(found.kept, found.widths, strict=True))
        heads = [broken(self.columns[at], width) for at, width in shown]
        deepest = max(head.count("\n") for head in heads)
        for (at, width), head in zip(shown, heads, strict=True):
            justify = "left" if self.is_text(at) else "right"
            head = "\n" * (deepest - head.count("\n")) + head
            grid.add_column(head, justify=justify, no_wrap=True, width=width)  # type: ignore[arg-type]
        for row in self.rows:
            grid.add_row(*(fitted(row[at], width) for at, width in shown))
        return grid


def table(
    title: str,
    columns: Sequence[str],
    rows: "Sequence[Sequence[str | Text]]",
    *,
    text_columns: int = 1,
    texts: Collection[int] = (),
    leaves: Sequence[int] = (),
    more: str = "--json",
) -> Table:
    """A table whose first columns are text and whose others are numbers.

    Args:
        title: a line above it, or nothing.
        columns: the heads; the first column names the rows.
        rows: a row that is shorter is filled up.
        text_columns: how many of the first columns are text.
        texts: further columns of text.
        leaves: which columns are left out first where the screen is too narrow; then the last one goes first.
        more: where everything can be seen, such as `--json`.

    Example:
        >>> made = table("", ["run", "mse", "skill"], [["mse, seed 0", "0.0675", "0.5"]])
        >>> [made.fit(width).kept for width in (40, 26, 4)]
        [(0, 1, 2), (0, 1), (0, 1)]
    """
    whole = tuple((*row, *[""] * (len(columns) - len(row))) for row in rows)
    return Table(
        title=title,
        columns=tuple(columns),
        rows=whole,
        text_columns=text_columns,
        texts=frozenset(texts),
        leaves=tuple(leaves),
        more=more,
    )


def line_width(widths: Sequence[int], gap: int = GAP) -> int:
    """The letters of a line of a table."""
    return sum(widths) + gap * (len(widths) - 1) + ENDS


def letters(cell: "str | Text") -> int:
    """The letters of the screen that a text takes in one line."""
    from rich.cells import cell_len

    return cell_len(str(cell))


def longest_word(text: str) -> int:
    """The letters of its longest word."""
    return max(map(letters, text.split()), default=0)


@cache
def narrowest(text: str, lines: int) -> int:
    """The width at which a text takes so many lines at most, without breaking a word.

    Example:
        >>> [narrowest("mean of severities 1-5", lines) for lines in (1, 2, 3)]
        [22, 14, 10]
    """
    words = longest_word(text)
    return next(width for width in range(words, letters(text) + 1) if broken(text, width).count("\n") < lines)


def broken(text: str, width: int) -> str:
    """Text in lines that are broken at blanks."""
    return "\n".join(textwrap.wrap(text, max(width, 1), break_long_words=False, break_on_hyphens=False))


def fitted(cell: "str | Text", width: int) -> "str | Text":
    """A cell in lines; a word that is longer than the line keeps its beginning and its end."""
    if letters(cell) <= width:
        return cell
    text = broken(" ".join(shortened(word, width) for word in str(cell).split()), width)
    return text if isinstance(cell, str) else type(cell)(text, cell.style)


def shortened(word: str, width: int) -> str:
    """A word of so many letters at most, what is left out in its middle as an ellipsis.

    Example:
        >>> shortened("optimization.optimizer.lr=0.001", 15), shortened("lr=0.001", 15)
        ('optimiz…r=0.001', 'lr=0.001')
    """
    if letters(word) <= width:
        return word
    start, end = width // 2, (width - 1) // 2
    return word[:start] + "…" * (width > 0) + word[len(word) - end :]


def whole_words(text: str, width: int, style: str = "") -> "Iterator[Text]":
    """Lines of a text that are broken at blanks."""
    from rich.text import Text

    for line in broken(text, width).splitlines():
        yield Text(line, style, no_wrap=True, overflow="ignore")
