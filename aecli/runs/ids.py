"""From what somebody types to a run: a path, `last`, `last-1`, a name or its beginning, a config's name, `tag:NAME`.

Looked for in ./runs, or in FOLDER where FOLDER/last or the like is typed; a path that exists always wins.
"""

import difflib
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from pathlib import Path

from aecli.errors import NoSuchRun, UsageError
from aecli.files.reading import MIB, read_bytes
from aecli.runs.notes import read_notes
from aecli.runs.places import NAME, ROOT, config_name, newest_first, runs_in
from aecli.text import counted, printable, several

LAST = re.compile(r"last(?:-(\d+))?")
TAGGED = "tag:"
SEED_OR_DIGEST = re.compile(r"^(seed: .*|# sha256 .*)$", re.M)


def find_run(text: str | Path) -> Path:
    """The folder of one run, or the path as it is where it exists.

    Of several runs of one config's name it is the newest, if they differ in nothing but the seed.

    Raises:
        UsageError: nothing is like it, or several runs are; names them.
    """
    if exists(Path(text)):
        return Path(text)
    found, what = look_up(str(text))
    if len(found) > 1 and what == "name" and len(set(map(content, found))) == 1:
        return newest_first(found)[0]
    return the_only(found, str(text), what)


def find_runs(text: str | Path, *, strict: bool = False) -> list[Path]:
    """The same for one or more runs: a config's name stands for all runs of it, and `tag:NAME` for all that have it.

    Args:
        text: what was typed.
        strict: a name that several runs have is refused.

    Raises:
        UsageError: nothing is like it, or it is the beginning of several names.
    """
    if exists(Path(text)):
        return [Path(text)]
    found, what = look_up(str(text))
    return sorted(found) if what == "tag" or (what == "name" and not strict) else [the_only(found, str(text), what)]


def exists(path: Path) -> bool:
    """Whether there is such a path, also one that may not be looked into; what cannot be one is not there."""
    try:
        return path.exists()
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False


def look_up(text: str) -> tuple[list[Path], str]:
    """The runs that a text may mean, and as what: folder, last, tag, name or beginning.

    Raises:
        NoSuchRun: none.
    """
    root, word = place_of(text)
    if (match := LAST.fullmatch(word)) and (runs := newest_first(runs_in(root))):
        back = int(match[1] or 0)
        if back >= len(runs):
            raise UsageError(f"{text}: {where(root)} has only {counted(len(runs), 'run')}; `aecli runs` lists them")
        return [runs[back]], "last"
    if word and "\0" not in word and exists(root / word):
        return [root / word], "folder"
    runs = runs_in(root)
    if word.startswith(TAGGED):
        found = [run for run in runs if word.removeprefix(TAGGED) in read_notes(run).tags]
        return found or refuse(text, root, runs), "tag"
    for what, is_meant in (
        ("folder", lambda run: run.name == word),
        ("name", lambda run: config_name(run) == word),
        ("beginning", lambda run: any(tail.startswith(word) for tail in tails(run.name))),
    ):
        if word and (found := list(filter(is_meant, runs))):
            return found, what
    return refuse(text, root, runs), ""


def place_of(text: str) -> tuple[Path, str]:
    """The folder to look in, and the word to look for."""
    path = Path(text)
    return (path.parent, path.name) if path.name != text else (ROOT, text)


def where(root: Path) -> str:
    """A folder of runs in a message."""
    return printable(root if root.is_absolute() else f"./{root.as_posix()}")


def tails(name: str) -> list[str]:
    """A name, and what of it begins after a `_`: people copy the end as often as the beginning."""
    parts = name.split("_")
    return ["_".join(parts[at:]) for at in range(len(parts))]


def content(run: Path) -> str:
    """What a run's config.yaml says but for the seed; the path where it cannot be read."""
    try:
        text = read_bytes(run / "config.yaml", MIB, below=run).decode(errors="replace")
    except OSError:
        return str(run)
    return SEED_OR_DIGEST.sub("", text)


def the_only(found: Sequence[Path], text: str, what: str) -> Path:
    """The only run found.

    Raises:
        UsageError: there are several.
    """
    if len(found) == 1:
        return found[0]
    kinds = {"name": "the config of", "beginning": "the beginning of", "folder": "the name of", "tag": "the tag of"}
    runs = several(run.as_posix() for run in newest_first(found))
    raise UsageError(f"{printable(text)}: {kinds[what]} {len(found)} runs, newest first; name one: {runs}")


def refuse(text: str, root: Path, runs: Sequence[Path]) -> list[Path]:
    """Say where was looked, and what to type.

    Raises:
        NoSuchRun: always.
    """
    shown = printable(text)
    if not runs:
        there = "has no runs" if root.is_dir() else "is not here"
        hint = "give a run's folder, or go to the folder where it was trained"
        raise NoSuchRun(f"{shown}: no such path, and {where(root)} {there}; {hint}")
    names = {"last", *map(config_name, runs), *(run.name for run in runs)} - {""}
    close = difflib.get_close_matches(Path(text).name, sorted(names), 1)
    guess = f"; did you mean {printable(close[0])}?" if close else ""
    looked = f"no run in {where(root)} has such a name, beginning of a name, config or tag"
    raise NoSuchRun(f"{shown}: no such path, and {looked}{guess}; `aecli runs` lists the runs there are")


def short_ids(runs: Sequence[Path]) -> list[str]:
    """For each run the shortest end of its name that means it alone, `9f3a`; the whole path where none does."""
    ends = sorted({(tail, run.name) for run in runs for tail in tails(run.name)})
    names = {config_name(run) for run in runs}
    counts: dict[str, int] = {}
    for run in runs:
        counts[run.name] = counts.get(run.name, 0) + 1

    def is_unique(tail: str, name: str) -> bool:
        at = bisect_left(ends, (tail, ""))
        follows = at + 1 < len(ends) and ends[at + 1][0].startswith(tail)
        return ends[at][1] == name and not follows and tail not in names and not LAST.fullmatch(tail)

    def short(run: Path) -> str:
        options = tails(run.name)[::-1] if NAME.fullmatch(run.name) else [run.name]
        usable = (tail for tail in options if counts[run.name] == 1 and (tail == run.name or is_unique(tail, run.name)))
        return next(usable, run.as_posix())

    return list(map(short, runs))


def known_ids(incomplete: str, root: Path = ROOT) -> list[str]:
    """What Tab offers: folders, `last`, names of configs, tags, and ends of names, that begin with what was typed."""
    runs = newest_first(runs_in(root))
    ids: Iterable[str] = [run.as_posix() for run in sorted(runs)]
    if incomplete:
        lasts = ["last", *(f"last-{back}" for back in range(1, min(len(runs), 10)))] if runs else []
        tags = sorted({f"{TAGGED}{tag}" for run in runs for tag in read_notes(run).tags})
        ends = [*(run.name for run in runs), *short_ids(runs)]
        ids = [*ids, *lasts, *dict.fromkeys(map(config_name, runs)), *tags, *ends]
    return [one for one in dict.fromkeys(ids) if one.startswith(incomplete) and one]
