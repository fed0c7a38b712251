"""A run in a notebook: its scores beside the baselines, in HTML."""

from aecli.api.html import escaped, table_html
from aecli.config.telling import heading, score_rows
from aecli.console.printing import number
from aecli.runs.folder import RunFolder


def run_html(folder: RunFolder, line: str) -> str:
    """The scores of a run, as far as there are any, under a line that says which it is."""
    above = f"<p><code>{escaped(line)}</code></p>"
    try:
        names, rows = score_rows(folder.read_summary())
        cells = [[label, *map(number, values)] for label, *values in rows]
        return above + (table_html(["", *map(heading, names)], cells) if cells else "")
    except (KeyError, TypeError, ValueError, AttributeError):  # somebody edited summary.json
        return above
