"""Where numbers come from: what the candidates share, where they ran, and how each run is made again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.telling.lists import spread_words
from aecli.comparison.verdicts.group import Group
from aecli.config.telling import describe_terms
from aecli.text import counted, shell_word

VALUES = 6
"""Different values of one part of the config that are told."""


@dataclass(frozen=True)
class Source:
    """One run and the command that makes it again."""

    label: str
    seed: int
    path: str
    digest: str
    """Of the config; the first letters."""
    command: str


def describe_setting(group: Group) -> list[tuple[str, str]]:
    """The data, each part of the config, and the seeds, in a line each; a part that differs tells its values."""
    lines = [
        ("judged on", group.data + (f", sha256 {group.data_sha256[:12]}" if isinstance(group.data_sha256, str) else ""))
    ]
    told = [dict(describe_config(candidate)) for candidate in group.candidates]
    for part in dict.fromkeys(part for one in told for part in one):
        values = list(dict.fromkeys(one[part] for one in told if part in one))
        more = f" | and {len(values) - VALUES} more" if len(values) > VALUES else ""
        lines.append((part, values[0] if len(values) == 1 else f"differs: {' | '.join(values[:VALUES])}{more}"))
    lines.append(("seeds", describe_seeds(group.candidates)))
    return lines


def describe_config(candidate: Candidate) -> list[tuple[str, str]]:
    """A config in a few lines; none where it was edited into something else."""
    try:
        return describe_terms(candidate.config)
    except (KeyError, TypeError, ValueError, AttributeError):
        return []


def describe_seeds(candidates: Sequence[Candidate]) -> str:
    """Which seeds the candidates have."""
    sets = {candidate.seeds for candidate in candidates}
    if len(sets) == 1:
        (seeds,) = sets
        shown = ", ".join(map(str, seeds[:12])) + (f" and {len(seeds) - 12} more" if len(seeds) > 12 else "")
        return f"{counted(len(seeds), 'seed')} for each config: {shown}"
    numbers = sorted(len(seeds) for seeds in sets)
    return f"{numbers[0]} to {counted(numbers[-1], 'seed')} for a config, not the same ones for all"


def describe_environment(runs: Sequence[RunRecord]) -> list[tuple[str, str]]:
    """Versions and machines; where the runs differ, each value with the number of runs that have it."""
    packages = dict.fromkeys(name for run in runs for name in versions(run))
    facts: dict[str, Callable[[RunRecord], object]] = {
        "host": lambda run: run.environment.get("host"),
        "processor": lambda run: run.environment.get("cpu"),
        "device": lambda run: run.environment.get("device_name") or run.environment.get("device"),
        "threads": lambda run: run.environment.get("threads"),
        "platform": lambda run: run.environment.get("platform"),
        "git commit": commit,
    }
    facts |= {name: partial(version_of, name=name) for name in packages}
    lines = []
    for fact, read in facts.items():
        found: dict[object, int] = {}
        for run in runs:
            value = read(run)
            if isinstance(value, (str, int, float)):
                found[value] = found.get(value, 0) + 1
        if found:
            whole = len(found) == 1 and next(iter(found.values())) == len(runs)
            lines.append((fact, str(next(iter(found))) if whole else spread_words(found)))
    return lines


def versions(run: RunRecord) -> dict[str, object]:
    """Package -> version."""
    found = run.environment.get("versions")
    return found if isinstance(found, dict) else {}


def version_of(run: RunRecord, name: str) -> object:
    """The version of a package; None if it is not known."""
    return versions(run).get(name)


def commit(run: RunRecord) -> str | None:
    """The first letters of the commit, and whether files were changed after it."""
    git = run.environment.get("git")
    made = git.get("commit") if isinstance(git, dict) else None
    if not isinstance(git, dict) or not isinstance(made, str):
        return None
    return made[:10] + (" with changes" if git.get("dirty") else "")


def list_sources(group: Group) -> list[Source]:
    """Every run that counts, with the command that makes it again."""
    return [
        Source(
            candidate.label, run.seed, str(run.path), str(run.head.get("config_sha256", ""))[:12], train_command(run)
        )
        for candidate in group.candidates
        for run in candidate.runs
    ]


def train_command(run: RunRecord) -> str:
    """The command that trains the same again."""
    return f"aecli train --config {shell_word(run.folder.config)}"
