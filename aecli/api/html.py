"""Pieces of HTML for a notebook; every text in them is escaped, and control characters are shown."""

import html
from collections.abc import Sequence

from aecli.text import printable


def escaped(text: object) -> str:
    """Text that stays text between tags and in attributes.

    Example:
        >>> escaped('<b>&"')
        '&lt;b&gt;&amp;&quot;'
    """
    return html.escape(printable(text))


def table_html(heads: Sequence[str], rows: Sequence[Sequence[object]], *, title: str = "") -> str:
    """A table under its title.

    Example:
        >>> table_html(["name"], [["a<b"]])
        '<table><thead><tr><th>name</th></tr></thead><tbody><tr><td>a&lt;b</td></tr></tbody></table>'
    """
    head = "".join(f"<th>{escaped(text)}</th>" for text in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escaped(cell)}</td>' for cell in row)}</tr>" for row in rows)
    above = f"<p>{escaped(title)}</p>" if title else ""
    return f"{above}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def text_html(text: str) -> str:
    """Lines as they stand, in letters of one width."""
    lines = "\n".join(map(escaped, text.split("\n")))
    return f'<pre style="white-space: pre; overflow-x: auto">{lines}</pre>'
