"""Two configs as a diff."""

from aecli.comparison.evidence.config_diff import ConfigDiff
from aecli.console.printing import say, stdout
from aecli.text import printable

GAP = 2


def show_config_diff(found: ConfigDiff) -> None:
    """Both sides named, then one line for each setting that differs."""
    for sign, name in zip("-+", found.names, strict=True):
        say(f"{sign} {printable(name)}")
    rows = [tuple(map(printable, row)) for row in found.rows()]
    if not rows:
        say("no setting differs")
        return
    keys, left = (max(len(row[at]) for row in rows) for at in (0, 1))
    fits = all(keys + left + len(row[2]) + 2 * GAP + 3 <= stdout().width for row in rows)
    for key, one, other in rows:
        if fits:
            say(f"{key:{keys}}{'':{GAP}}{one:{left}}{'':{GAP}}-> {other}")
        else:
            say(f"{key}\n  - {one}\n  + {other}")
